import { type ChildProcess, spawn } from 'node:child_process';
import { fail } from '../core/errors.js';

/** What work in a process of its own may take. */
export interface WorkerLimits {
  /** Milliseconds from the call to the answer, the process's start included. */
  timeoutMs: number;
  /** Ends the process when it aborts. */
  signal: AbortSignal;
  /** Megabytes of JavaScript heap; 128 when absent. */
  memoryMb?: number;
}

type Reply<T> = { value: T } | { error: string };

/**
 * Runs pure work that cannot be trusted to end in a process of its own, which can be ended at any moment.
 *
 * A process and not a thread: on some versions of Node a thread that runs out of memory hangs for ever, or takes
 * the whole program with it.
 *
 * @param source the body of an async CommonJS function with the parameters `data` and `require`; what it
 *   returns is the answer. The process has no environment variables, and what it prints goes nowhere.
 * @param data given to the function by structured clone.
 * @throws `component.timeout`, `limit.memory`, the signal's reason, or `tool.failed` with the message of
 *   whatever the work threw.
 */
export async function runInWorker<T>(source: string, data: unknown, limits: WorkerLimits): Promise<T> {
  limits.signal.throwIfAborted();
  const child = startChild(source, limits.memoryMb ?? 128);
  try {
    return await answer<T>(child, data, limits);
  } finally {
    child.kill('SIGKILL');
  }
}

function startChild(source: string, memoryMb: number): ChildProcess {
  const flags = [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=8'];
  return spawn(process.execPath, [...flags, '-e', harness(source)], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  });
}

/** The channel is taken before the work starts, so the work cannot put another in its place. */
function harness(source: string): string {
  return `'use strict';
const reply = process.send.bind(process);
const leave = process.disconnect.bind(process);
const work = async (data, require) => {
${source}
};
process.once('message', ({ data }) =>
  work(data, require)
    .then(
      (value) => reply({ value }, undefined, {}, leave),
      (error) => reply({ error: String((error && error.message) || error) }, undefined, {}, leave),
    )
    .catch((error) => reply({ error: String(error.message) }, undefined, {}, leave)),
);`;
}

function answer<T>(child: ChildProcess, data: unknown, { signal, timeoutMs }: WorkerLimits): Promise<T> {
  const done = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(fail('component.timeout', `The work took longer than ${timeoutMs} ms`));
    const timer = setTimeout(late, timeoutMs);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
    child.on('message', (reply: Reply<T>) =>
      'error' in reply ? reject(fail('tool.failed', reply.error)) : resolve(reply.value),
    );
    child.on('error', (error) => reject(fail('tool.failed', error.message, { cause: error })));
    child.on('exit', (code, killed) => reject(crashed(code, killed)));
    child.send({ data });
  }).finally(() => done.abort());
}

/** V8 ends a process that is out of memory with `SIGABRT` (134 from a shell, 5 or `SIGTRAP` on some builds). */
function crashed(code: number | null, signal: NodeJS.Signals | null): Error {
  const aborted =
    signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL' || code === 134 || code === 5;
  if (aborted) return fail('limit.memory', 'The work needed more memory than a tool may take');
  return fail('tool.failed', 'The work ended without an answer');
}
