import type { JournalEvent } from '../core/events.js';
import type { RunInfo, RunObserver, RunWatch } from '../core/journal.js';
import type { JournalStore, RunWriter } from '../storage/journal-store.js';

/** What is kept of events. */
export interface KeepOptions {
  /** Keep what components were given and gave back, and what scripts printed. */
  content: boolean;
}

/** Characters of one text that are kept; the rest would let one call fill the disk. */
const MAX_TEXT = 256 * 1024;
/** Events that may wait for the journal to be opened before whoever can is asked to wait. */
const MAX_EARLY = 64;

/** Passing moments, whose outcome a later event holds whole. */
const PASSING: ReadonlySet<JournalEvent['type']> = new Set(['model.delta', 'component.progress']);

/**
 * Keeps the events of every run in the journal of its tenant. A run never waits for it but at its end, and a journal
 * that cannot be written costs a warning, not the run.
 * @param open the journal of a tenant; asked for when a run has begun, so that no start waits for it.
 */
export function durableJournal(
  open: (tenant: string) => Promise<JournalStore>,
  options: KeepOptions,
): RunObserver {
  return { begin: (run) => new KeptRun(run, open, options).watch };
}

class KeptRun {
  private readonly early: JournalEvent[] = [];
  private writer: RunWriter | undefined;
  private readonly opening: Promise<void>;

  constructor(
    run: RunInfo,
    open: (tenant: string) => Promise<JournalStore>,
    private readonly options: KeepOptions,
  ) {
    // After what the run begins with: an engine that boots is not to wait for a file.
    this.opening = new Promise((resolve) => setImmediate(resolve)).then(async () => {
      this.writer = (await open(run.tenant)).open(run);
      for (const event of this.early.splice(0)) this.writer.append(event);
    });
    this.opening.catch(() => {});
  }

  readonly watch: RunWatch = {
    event: (event) => {
      if (PASSING.has(event.type)) return;
      const kept = bounded(this.options.content ? event : withoutContent(event));
      if (this.writer) this.writer.append(kept);
      else this.early.push(kept);
    },
    behind: () => {
      if (this.writer) return this.writer.behind();
      return this.early.length > MAX_EARLY ? this.opening.catch(() => {}) : undefined;
    },
    end: async () => {
      await this.opening;
      try {
        await this.writer!.flushed();
      } finally {
        await this.writer!.close();
      }
    },
  };
}

/** The event with what it did, without what it was about. */
function withoutContent(event: JournalEvent): JournalEvent {
  const { type } = event;
  if (type === 'component.started') return { ...event, input: null };
  if (type === 'component.finished') {
    const { output, ...rest } = event;
    return rest;
  }
  if (type === 'hook.executed') {
    const { input, output, ...rest } = event;
    return rest;
  }
  if (type === 'output') return { ...event, text: '' };
  if (type === 'display') return { ...event, data: null };
  return event;
}

/** The event with no text longer than {@link MAX_TEXT}; the same one when there is none. */
function bounded(event: JournalEvent): JournalEvent {
  return shorten(event) as JournalEvent;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length <= MAX_TEXT ? value : `${value.slice(0, MAX_TEXT)}… (${value.length} characters)`;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapped(value, value.map(shorten));
  const entries = Object.entries(value).map(([key, item]) => [key, shorten(item)] as const);
  return entries.every(([key, item]) => item === (value as Record<string, unknown>)[key])
    ? value
    : Object.fromEntries(entries);
}

function mapped(before: unknown[], after: unknown[]): unknown[] {
  return after.every((item, index) => item === before[index]) ? before : after;
}
