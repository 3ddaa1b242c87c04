import type { Budget } from './budget.js';

/** How long the end of a run waits for calls that it has stopped; who listens to the signal needs far less. */
const GRACE_MS = 1000;

/** Calls at work in each run, also those that nobody waits for any more. A run is known by its budget. */
const working = new WeakMap<Budget, Set<Promise<unknown>>>();

/** Notes a call that is at work until it has really ended, whatever becomes of its caller. */
export function noteWork(budget: Budget, work: Promise<unknown>): void {
  const calls = working.get(budget) ?? new Set();
  working.set(budget, calls);
  calls.add(work);
  const done = () => void calls.delete(work);
  work.then(done, done);
}

/**
 * Waits until the stopped calls of a run have put things in order (half-written files removed, programs ended),
 * but no longer than {@link GRACE_MS}: one that does not listen holds nobody up.
 */
export async function workEnded(budget: Budget): Promise<void> {
  const calls = working.get(budget);
  if (!calls?.size) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS);
  });
  await Promise.race([Promise.allSettled([...calls]), patience]);
  clearTimeout(timer);
}
