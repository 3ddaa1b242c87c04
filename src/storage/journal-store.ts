import type { ErrorData } from '../core/errors.js';
import type { JournalEvent, Usage } from '../core/events.js';
import type { RunInfo } from '../core/journal.js';

/** Who works on a run, and until when that is to be believed. */
export interface Lease {
  /** The kernel that holds it. */
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
  /** When it was last renewed, in milliseconds since the Unix epoch. */
  readonly renewedAt: number;
}

/** One run at a glance. */
export interface RunRecord {
  readonly run: string;
  readonly kind: 'script' | 'tool' | 'system';
  readonly name: string;
  readonly language?: string;
  /** `stale`: it says that it runs, but nobody has renewed its lease. */
  readonly status: 'running' | 'completed' | 'failed' | 'stale';
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly durationMs?: number;
  readonly usage?: Usage;
  readonly error?: ErrorData;
  /** The kernel session it ran in. */
  readonly kernelSession: string;
  /** The sessions of the `Session` global that were current in it. */
  readonly sessions: readonly string[];
  readonly events: number;
  readonly lease?: Lease;
}

/** Which runs are wanted; newest first. */
export interface RunQuery {
  status?: RunRecord['status'] | undefined;
  session?: string | undefined;
  name?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  since?: number | undefined;
  until?: number | undefined;
  limit?: number | undefined;
}

/** Which events are wanted, over all runs; oldest first. */
export interface EventQuery {
  /** Glob over the name of the event, see `eventName`. */
  pattern?: string | undefined;
  run?: string | undefined;
  session?: string | undefined;
  correlationId?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** The newest so many. */
  limit?: number | undefined;
}

/** Something in the journal that is not as it was written. */
export interface JournalDamage {
  readonly segment: string;
  /** Counted from 1. */
  readonly line: number;
  readonly problem: string;
}

/** Takes the events of one run. */
export interface RunWriter {
  /** Adds an event; it is durable once {@link flushed} resolves. Never blocks. */
  append(event: JournalEvent): void;
  /** Resolves when little enough waits to be written; nothing when that is so. Does not reject. */
  behind(): Promise<unknown> | undefined;
  /** Resolves when everything appended so far is safe. @throws `storage.failed` */
  flushed(): Promise<void>;
  /** The run has ended; gives up its lease. */
  close(): Promise<void>;
}

/**
 * The events of all runs of one tenant.
 *
 * Contract for backends: what `flushed` acknowledged survives the death of the process, what it did not is absent
 * or whole. Several processes may write and read at once. Events of a run come back in the order of their `seq`.
 */
export interface JournalStore {
  /** Opens a run for writing and holds its lease until the writer is closed. */
  open(run: RunInfo): RunWriter;
  runs(query?: RunQuery): Promise<RunRecord[]>;
  /** A run by its id. */
  run(id: string): Promise<RunRecord | undefined>;
  /** The events of a run from sequence number `from` (1 when absent) on. */
  events(run: string, from?: number): AsyncIterable<JournalEvent>;
  search(query: EventQuery): Promise<JournalEvent[]>;
  /** Reads everything and tells what is damaged; the rest stays readable. */
  verify(): AsyncIterable<JournalDamage>;
  /** Forgets ended runs that began before; how many. */
  prune(before: number): Promise<number>;
  close(): Promise<void>;
}
