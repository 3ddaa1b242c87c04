import type { EventBody, JournalEvent } from './events.js';
import type { Secrets } from './secrets.js';

/**
 * Receives every event of a run in order.
 * Contract: must not throw and must not block; an event is shared, so never change it.
 */
export type JournalListener = (event: JournalEvent) => void;

/**
 * The append-only record of one run. Sequence numbers start at 1 and have no gaps; an appended event never
 * changes. Known secrets are masked before anybody sees them. Listeners are called in the order of the events, before `append` returns.
 */
export class Journal {
  private seq = 0;
  private readonly listeners = new Set<JournalListener>();

  constructor(
    readonly run: string,
    private readonly now: () => number,
    private readonly secrets?: Secrets,
  ) {}

  /** Appends an event that happened at `path` and hands it to every listener. */
  append(path: string, body: EventBody): JournalEvent {
    const event: JournalEvent = {
      run: this.run,
      seq: ++this.seq,
      path,
      time: this.now(),
      ...(this.secrets?.maskData(body) ?? body),
    };
    for (const listener of this.listeners) listener(event);
    return event;
  }

  /** Calls `listener` for every later event; the returned function ends that. */
  subscribe(listener: JournalListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
