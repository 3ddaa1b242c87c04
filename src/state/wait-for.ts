import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import type { ChangeHandler } from './watch.js';

/** Milliseconds between looks for what another process wrote. */
const LOOK_MS = 250;
/** The longest wait in milliseconds that a timer can hold: some 24 days. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** What is waited on. */
export interface WaitTarget {
  load(scope: string, key: string, context: ExecutionContext): Promise<ScriptValue | undefined>;
  watch(
    scope: string,
    pattern: string,
    handler: ChangeHandler,
    context: ExecutionContext,
  ): { unsubscribe(): boolean };
}

/**
 * The value of an entry as soon as there is one; undefined when there is none after so many milliseconds. Changes in
 * this process are noticed at once, those of others a little later.
 * @throws the reason of the context's signal when that aborts first.
 */
export async function waitFor(
  state: WaitTarget,
  scope: string,
  key: string,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<ScriptValue | undefined> {
  if (!(timeoutMs >= 0 && timeoutMs <= MAX_WAIT_MS))
    throw fail('state.invalid', `A wait of ${timeoutMs} milliseconds is impossible`);
  const deadline = performance.now() + timeoutMs;
  const changes = new Changes(state, scope, context);
  try {
    for (;;) {
      const value = await state.load(scope, key, context);
      const left = deadline - performance.now();
      if (value !== undefined || left <= 0) return value;
      await changes.next(Math.min(left, LOOK_MS), context.signal);
    }
  } finally {
    changes.close();
  }
}

/** Wakes whoever waits at a change in a scope. */
class Changes {
  private wake: () => void = () => {};
  private readonly watch: { unsubscribe(): boolean };

  constructor(state: WaitTarget, scope: string, context: ExecutionContext) {
    this.watch = state.watch(scope, '*', async () => this.wake(), context);
  }

  /** Resolves at the next change, and no later than after `ms`. */
  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      this.wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const timer = setTimeout(this.wake, ms);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  close(): void {
    this.watch.unsubscribe();
  }
}
