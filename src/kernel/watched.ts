import { toLlmspellError } from '../core/errors.js';
import type { Journal, RunInfo, RunObserver } from '../core/journal.js';

/**
 * Lets the observers of a kernel see a run from its first event on. What is returned ends that: it waits until
 * each has made safe what it saw, and journals the failure of one that could not.
 */
export function watch(
  journal: Journal,
  info: RunInfo,
  observers: readonly RunObserver[],
): () => Promise<void> {
  const watches = observers.flatMap((observer) => observer.begin(info) ?? []);
  const stops = watches.map((one) => journal.subscribe(one.event));
  return async () => {
    const ends = await Promise.allSettled(watches.map((one) => one.end?.()));
    for (const stop of stops) stop();
    for (const end of ends) if (end.status === 'rejected') warn(journal, end.reason);
  };
}

function warn(journal: Journal, reason: unknown): void {
  const { code, message } = toLlmspellError(reason);
  journal.append('run', { type: 'log', level: 'warn', message, module: 'journal', data: { code } });
}
