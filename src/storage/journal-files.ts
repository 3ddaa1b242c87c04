import { readFileSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import type { RunInfo } from '../core/journal.js';
import { DEFAULT_EVENT_LIMIT, eventFilter, inOrder } from './event-query.js';
import { damageOf } from './journal-damage.js';
import { keepIndex, readIndex, type SegmentIndex, segmentLines, segmentTexts } from './journal-index.js';
import { isEvent } from './journal-line.js';
import { SegmentWriter } from './journal-segment.js';
import type {
  EventQuery,
  JournalDamage,
  JournalStore,
  RunQuery,
  RunRecord,
  RunWriter,
} from './journal-store.js';
import { selectRuns } from './run-record.js';

/** How a journal in files is kept. */
export interface JournalFilesOptions {
  /** Where the segments lie; made when it is first written to. */
  directory: string;
  /** Who writes: the id of the kernel. */
  owner: string;
  /** Name of this machine: whether a process lives can only be asked on its own. */
  host: string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A name that sorts by time. */
  newId(): string;
  /** Milliseconds after which a run whose writer gives no sign of life counts as stale. */
  leaseMs: number;
  /** Bytes after which a new segment is begun. */
  segmentBytes?: number;
}

/** Bytes after which a new segment is begun unless said otherwise. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

interface OpenSegment {
  readonly writer: SegmentWriter;
  readonly runs: Set<string>;
}

/**
 * A journal in append-only files. Each process writes segments of its own, so any number of them share a directory
 * without knowing of one another; the runs of one process share a segment, and with it each sync of the disk.
 */
export function fileJournal(options: JournalFilesOptions): JournalStore {
  return new FileJournal(options);
}

class FileJournal implements JournalStore {
  private current: OpenSegment | undefined;
  private readonly opened = new Set<OpenSegment>();
  private readonly indexes = new Map<string, SegmentIndex>();
  private heartbeat: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: JournalFilesOptions) {}

  open({ run, session }: RunInfo): RunWriter {
    this.checkOpen();
    const segment = this.segment();
    segment.runs.add(run);
    this.beat();
    segment.writer.add({ open: run, session, time: this.options.now() });
    let finished = false;
    return {
      append: (event) => {
        finished ||= event.type === 'run.finished';
        segment.writer.add(event);
      },
      behind: () => segment.writer.behind(),
      flushed: () => segment.writer.flushed(),
      close: async () => {
        if (!finished && segment.runs.has(run)) segment.writer.add({ close: run });
        segment.runs.delete(run);
        await this.closeUnused();
      },
    };
  }

  async runs(query: RunQuery = {}): Promise<RunRecord[]> {
    this.checkOpen();
    const names = await this.segmentNames();
    const found: RunRecord[] = [];
    for (const name of names) found.push(...(await this.recordsOf(name)));
    return selectRuns(found, query);
  }

  async run(id: string): Promise<RunRecord | undefined> {
    return (await this.find(id))?.record;
  }

  async *events(run: string, from = 1): AsyncGenerator<JournalEvent> {
    const found = await this.find(run);
    if (!found) return;
    for await (const line of segmentLines(this.options.directory, found.segment, run))
      if (isEvent(line) && line.run === run && line.seq >= from) yield line;
  }

  async search(query: EventQuery): Promise<JournalEvent[]> {
    const { limit = DEFAULT_EVENT_LIMIT, session } = query;
    if (limit <= 0) return [];
    const runs =
      session === undefined ? undefined : new Set((await this.runs({ session })).map(({ run }) => run));
    const fits = eventFilter(query);
    const found: JournalEvent[] = [];
    for (const name of await this.segmentNames()) {
      for await (const line of segmentLines(this.options.directory, name, query.run)) {
        if (isEvent(line) && (!runs || runs.has(line.run)) && fits(line)) found.push(line);
      }
    }
    return inOrder(found).slice(-limit);
  }

  async *verify(): AsyncGenerator<JournalDamage> {
    this.checkOpen();
    const { directory } = this.options;
    for (const name of await this.segmentNames()) yield* damageOf(name, segmentTexts(directory, name));
  }

  async prune(before: number): Promise<number> {
    this.checkOpen();
    let forgotten = 0;
    for (const name of await this.segmentNames()) {
      const records = await this.recordsOf(name);
      if (records.some(({ status, startedAt }) => status === 'running' || startedAt >= before)) continue;
      const index = await this.index(name);
      if (!index || this.isLive(index) || index.touchedAt >= before) continue;
      await this.remove(name);
      forgotten += records.length;
    }
    return forgotten;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.heartbeat);
    await Promise.all([...this.opened].map(({ writer }) => writer.close()));
    this.opened.clear();
  }

  /** The segment that new runs go to. One that failed or is full gets no more. */
  private segment(): OpenSegment {
    const { directory, newId, owner, host, segmentBytes = SEGMENT_BYTES } = this.options;
    const { current } = this;
    if (current && !current.writer.failed && current.writer.size < segmentBytes) return current;
    const header = { journal: 1, owner, pid: process.pid, host } as const;
    const made = {
      writer: new SegmentWriter(directory, `${newId()}-${process.pid}`, header),
      runs: new Set<string>(),
    };
    this.current = made;
    this.opened.add(made);
    return made;
  }

  private async closeUnused(): Promise<void> {
    const unused = [...this.opened].filter((segment) => segment !== this.current && segment.runs.size === 0);
    for (const segment of unused) this.opened.delete(segment);
    if (this.runsOpen === 0) {
      clearInterval(this.heartbeat);
      this.heartbeat = undefined;
    }
    await Promise.all(unused.map(({ writer }) => writer.close()));
  }

  private get runsOpen(): number {
    return [...this.opened].reduce((sum, { runs }) => sum + runs.size, 0);
  }

  /** The time of a segment's last change is its lease. */
  private beat(): void {
    this.heartbeat ??= setInterval(() => {
      for (const { writer } of this.opened) void writer.touch(new Date(this.options.now()));
    }, this.options.leaseMs / 3).unref();
  }

  private async find(run: string): Promise<{ segment: string; record: RunRecord } | undefined> {
    this.checkOpen();
    for (const segment of await this.segmentNames()) {
      const record = (await this.recordsOf(segment)).find((one) => one.run === run);
      if (record) return { segment, record };
    }
    return undefined;
  }

  /** Newest first: what is asked for is most often young. */
  private async segmentNames(): Promise<string[]> {
    // What this process has just said is to be found, too.
    await Promise.all([...this.opened].map(({ writer }) => writer.readable()));
    const files = await readdir(this.options.directory).catch(() => []);
    const names = files.flatMap((file) => (file.endsWith('.jsonl') ? file.slice(0, -'.jsonl'.length) : []));
    return names.sort().reverse();
  }

  private async recordsOf(name: string): Promise<RunRecord[]> {
    const index = await this.index(name);
    if (!index) return [];
    const live = this.isLive(index);
    const { header, touchedAt } = index;
    return [...index.runs.values()].map((record) => {
      if (record.status !== 'running') return record;
      const lease = header && {
        owner: header.owner,
        pid: header.pid,
        host: header.host,
        renewedAt: touchedAt,
      };
      return { ...record, status: live ? 'running' : 'stale', ...(lease && { lease }) };
    });
  }

  private async index(name: string): Promise<SegmentIndex | undefined> {
    // What was added a moment ago by this process is to be seen.
    for (const { writer } of this.opened) if (writer.name === name) await writer.flushed().catch(() => {});
    const known = this.indexes.get(name);
    const index = await readIndex(this.options.directory, name, known);
    if (!index || known?.size === index.size) return index;
    this.indexes.set(name, index);
    if (!this.isLive(index)) await keepIndex(this.options.directory, name, index);
    return index;
  }

  /** Whether somebody may still write: a process of this machine must live, and any must have given a sign in time. */
  private isLive({ header, touchedAt }: SegmentIndex): boolean {
    if (!header || this.options.now() - touchedAt > this.options.leaseMs) return false;
    return header.host !== this.options.host || isAlive(header.pid);
  }

  private async remove(name: string): Promise<void> {
    this.indexes.delete(name);
    for (const ending of ['.runs', '.jsonl'])
      await unlink(join(this.options.directory, `${name}${ending}`)).catch(() => {});
  }

  private checkOpen(): void {
    if (this.closed) throw fail('storage.unavailable', 'The journal is closed');
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process that has ended, but whose parent has not looked: it answers signals and does nothing any more. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
