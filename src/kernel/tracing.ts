import type { JournalEvent } from '../core/events.js';
import type { RunInfo, RunObserver, RunWatch } from '../core/journal.js';

/**
 * An observer that is still being loaded: what happens meanwhile is kept, and told when it is there.
 * A failure to load is reported by the first run that ends.
 */
export class LazyObserver implements RunObserver {
  private loaded: RunObserver | undefined;
  private loading: Promise<RunObserver> | undefined;

  constructor(private readonly load: () => Promise<RunObserver>) {}

  begin(info: RunInfo): RunWatch | undefined {
    if (this.loaded) return this.loaded.begin(info);
    const early: JournalEvent[] = [];
    let watch: RunWatch | undefined;
    const ready = this.start().then((observer) => {
      watch = observer.begin(info);
      for (const event of early.splice(0)) watch?.event(event);
    });
    ready.catch(() => {});
    return {
      event: (event) => (watch ? watch.event(event) : early.push(event)),
      end: async () => {
        await ready;
        await watch?.end?.();
      },
    };
  }

  private start(): Promise<RunObserver> {
    this.loading ??= this.load().then((observer) => {
      this.loaded = observer;
      return observer;
    });
    return this.loading;
  }
}
