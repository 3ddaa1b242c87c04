import { fail } from '../core/errors.js';

/** What Ctrl-C stops. */
export interface Interruptible {
  /** Contract: asks for the end and returns at once; must not throw. */
  interrupt(): void;
}

/** What ends a process from outside: a key, whoever manages it, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Signals this close together are one: npm and timeout pass on what the terminal has sent to everybody already. */
const ONE_PRESS_MS = 50;

/**
 * Ctrl-C: the first one interrupts the script, which keeps its globals; a second one while it is still
 * stopping ends the process. The returned function gives Ctrl-C back.
 */
export function onInterrupt(target: Interruptible): () => void {
  let asked: number | undefined;
  const handler = () => {
    const now = performance.now();
    if (asked === undefined) {
      asked = now;
      target.interrupt();
    } else if (now - asked > ONE_PRESS_MS) process.exit(130);
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}

/** Does work that Ctrl-C aborts, with `execution.interrupted` as the reason. */
export async function untilInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const release = onInterrupt({
    interrupt: () => controller.abort(fail('execution.interrupted', 'The command was interrupted')),
  });
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
