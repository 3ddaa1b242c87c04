import { toLlmspellError } from '../core/errors.js';
import type { Journal, RunInfo, RunObserver } from '../core/journal.js';

/** The observers of one run. */
export interface Watched {
  /** See {@link RunWatch.behind}: of all of them together. */
  behind(): Promise<unknown> | undefined;
  /** Waits until each has made safe what it saw, journals the failure of one that could not, and ends the watch. */
  end(): Promise<void>;
}

/** Lets the observers of a kernel see a run from its first event on. */
export function watch(journal: Journal, info: RunInfo, observers: readonly RunObserver[]): Watched {
  const watches = observers.flatMap((observer) => observer.begin(info) ?? []);
  const stops = watches.map((one) => journal.subscribe(one.event));
  return {
    behind: () => {
      const late = watches.flatMap((one) => one.behind?.() ?? []);
      return late.length > 0 ? Promise.all(late) : undefined;
    },
    end: async () => {
      const ends = await Promise.allSettled(watches.map((one) => one.end?.()));
      for (const stop of stops) stop();
      for (const end of ends) if (end.status === 'rejected') warn(journal, end.reason);
    },
  };
}

function warn(journal: Journal, reason: unknown): void {
  const { code, message } = toLlmspellError(reason);
  journal.append('run', { type: 'log', level: 'warn', message, module: 'journal', data: { code } });
}
