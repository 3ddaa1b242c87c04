import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';

/** Milliseconds that telling a server to stop may take. */
const FAREWELL_MS = 2000;

/**
 * Does work under a time limit besides the context's own.
 * @throws `component.timeout` when it is over
 */
export async function withTimeLimit<T>(
  timeoutMs: number,
  context: ExecutionContext,
  work: (limited: ExecutionContext) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const limited = { ...context, signal: AbortSignal.any([context.signal, timeout]) };
  try {
    return await work(limited);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (timeout.aborted) throw outOfTime(timeoutMs);
    throw error;
  }
}

/** What was asked took longer than it may. */
export function outOfTime(timeoutMs: number): Error {
  return fail('component.timeout', `The database did not finish in ${timeoutMs} ms`, {
    hint: 'Pass a larger timeout_seconds, or ask for less.',
  });
}

/**
 * Waits for work; when the signal aborts first, `stop` ends it on the server, and then the signal's reason is raised.
 * @param stop Contract: rejects rather than hangs. It gets a context that is not aborted.
 */
export async function untilStopped<T>(
  work: Promise<T>,
  context: ExecutionContext,
  stop: (farewell: ExecutionContext) => Promise<void>,
): Promise<T> {
  const { signal } = context;
  const aborted = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const onAbort = () => {
      const farewell = { ...context, signal: AbortSignal.timeout(FAREWELL_MS) };
      void stop(farewell)
        .catch(() => {}) // the connection itself is gone, and with it what ran on it
        .then(() => reject(signal.reason));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: aborted.signal });
  });
  work.catch(() => {});
  try {
    return await Promise.race([signal.aborted ? stopped : work, stopped]);
  } catch (error) {
    if (signal.aborted) await stopped; // raises the reason, after the server was told
    throw error;
  } finally {
    aborted.abort();
  }
}
