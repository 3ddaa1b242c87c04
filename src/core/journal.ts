import type { EventBody, JournalEvent } from './events.js';
import type { Secrets } from './secrets.js';

/**
 * Receives every event of a run in order.
 * Contract: must not throw and must not block; an event is shared, so never change it.
 */
export type JournalListener = (event: JournalEvent) => void;

/** What a run says of itself when it begins. */
export interface RunInfo {
  readonly run: string;
  /** The kernel session it runs in. */
  readonly session: string;
  readonly tenant: string;
}

/** Watches every run of a kernel: the durable journal, the event bus, metrics, traces. */
export interface RunObserver {
  /** A run begins, before its first event; gives what receives its events, or nothing to leave it alone. */
  begin(run: RunInfo): RunWatch | undefined;
}

/** What an observer does with one run. */
export interface RunWatch {
  /** Contract: as {@link JournalListener}. */
  readonly event: JournalListener;
  /**
   * Resolves when so much of what was seen is dealt with that a flood of more would not fill the memory; nothing when
   * that is so now. Whatever can wait (what scripts print and log) waits for it.
   * Contract: does not reject.
   */
  behind?(): Promise<unknown> | undefined;
  /**
   * The run has ended. Whoever ran it waits for this, so that what was seen is safe before anybody is told.
   * Contract: settles soon; a rejection is reported as a warning and changes nothing about the run.
   */
  end?(): Promise<void>;
}

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
