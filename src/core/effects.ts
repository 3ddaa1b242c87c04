import { randomBytes, randomUUID } from 'node:crypto';

/**
 * The sources of everything that is not deterministic. Code takes them from its context and never asks the
 * platform itself, so a recorded run can be replayed and a test can fix them.
 */
export interface Effects {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Random bytes, fit for secrets. */
  bytes(length: number): Uint8Array;
  /** A random UUID (version 4). */
  uuid(): string;
  /** Waits; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The platform's own clock and randomness. */
export function systemEffects(): Effects {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    bytes: (length) => randomBytes(length),
    uuid: () => randomUUID(),
    sleep,
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
