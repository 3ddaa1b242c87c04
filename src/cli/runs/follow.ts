import type { JournalEvent } from '../../core/events.js';
import type { JournalStore } from '../../storage/journal-store.js';

/** Milliseconds between two looks at a run that another process writes. */
const LOOK_MS = 150;

/**
 * The events of a run from its beginning, then those that come, until it has ended or nobody works on it any more.
 * @param signal ends the wait.
 */
export async function* followRun(
  journal: JournalStore,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<JournalEvent> {
  let seen = 0;
  for (;;) {
    const ended = (await journal.run(run))?.status !== 'running';
    for await (const event of journal.events(run, seen + 1)) {
      seen = event.seq;
      yield event;
      if (event.type === 'run.finished') return;
    }
    if (ended || signal.aborted) return;
    await pause(signal);
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
