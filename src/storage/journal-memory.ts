import { fail } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import type { RunInfo } from '../core/journal.js';
import { DEFAULT_EVENT_LIMIT, eventFilter, inOrder } from './event-query.js';
import type { EventQuery, JournalStore, RunQuery, RunRecord, RunWriter } from './journal-store.js';
import { afterEvent, openedRun, selectRuns } from './run-record.js';

interface Kept {
  record: RunRecord;
  events: JournalEvent[];
}

/**
 * A journal that is forgotten when the process ends.
 * @param now milliseconds since the Unix epoch.
 */
export function memoryJournal(now: () => number): JournalStore {
  return new MemoryJournal(now);
}

class MemoryJournal implements JournalStore {
  private readonly kept = new Map<string, Kept>();
  private closed = false;

  constructor(private readonly now: () => number) {}

  open({ run, session }: RunInfo): RunWriter {
    this.checkOpen();
    const kept: Kept = { record: openedRun(run, session, this.now()), events: [] };
    this.kept.set(run, kept);
    return {
      append: (event) => {
        kept.events.push(event);
        kept.record = afterEvent(kept.record, event);
      },
      behind: () => undefined,
      flushed: async () => this.checkOpen(),
      close: async () => {
        if (kept.record.status === 'running') kept.record = { ...kept.record, status: 'stale' };
      },
    };
  }

  async runs(query?: RunQuery): Promise<RunRecord[]> {
    this.checkOpen();
    return selectRuns(
      [...this.kept.values()].map(({ record }) => record),
      query,
    );
  }

  async run(id: string): Promise<RunRecord | undefined> {
    this.checkOpen();
    return this.kept.get(id)?.record;
  }

  async *events(run: string, from = 1): AsyncGenerator<JournalEvent> {
    this.checkOpen();
    for (const event of this.kept.get(run)?.events ?? []) if (event.seq >= from) yield event;
  }

  async search(query: EventQuery): Promise<JournalEvent[]> {
    this.checkOpen();
    const fits = eventFilter(query);
    const { session, limit = DEFAULT_EVENT_LIMIT } = query;
    const found = selectRuns(
      [...this.kept.values()].map(({ record }) => record),
      { session },
    ).flatMap(({ run }) => this.kept.get(run)!.events.filter(fits));
    return limit <= 0 ? [] : inOrder(found).slice(-limit);
  }

  async *verify(): AsyncGenerator<never> {
    this.checkOpen();
    // Memory holds what it was given.
    yield* [];
  }

  async prune(before: number): Promise<number> {
    this.checkOpen();
    const old = [...this.kept.values()].filter(
      ({ record }) => record.status !== 'running' && record.startedAt < before,
    );
    for (const { record } of old) this.kept.delete(record.run);
    return old.length;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.kept.clear();
  }

  private checkOpen(): void {
    if (this.closed) throw fail('storage.unavailable', 'The journal is closed');
  }
}
