import { newId } from './ids.js';

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
  /** A name for a run or a session: unique, and sorted by time. Not a secret. */
  id(): string;
  /** Waits; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Loaded when it is first needed: most spells never ask for it, and it is a sizeable part of a cold start. */
function crypto(): typeof import('node:crypto') {
  loaded ??= process.getBuiltinModule('node:crypto');
  return loaded;
}
let loaded: typeof import('node:crypto') | undefined;

/** The platform's own clock and randomness. */
export function systemEffects(): Effects {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    bytes: (length) => crypto().randomBytes(length),
    uuid: () => crypto().randomUUID(),
    id: () => newId(Date.now(), Math.random),
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
