import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../core/values.js';
import {
  isClose,
  isEvent,
  isHeader,
  isOpen,
  type JournalLine,
  parseLine,
  type SegmentHeader,
} from './journal-line.js';
import type { RunRecord } from './journal-store.js';
import { afterEvent, openedRun } from './run-record.js';

/** What is in a segment. */
export interface SegmentIndex {
  readonly header: SegmentHeader | undefined;
  readonly runs: ReadonlyMap<string, RunRecord>;
  /** Bytes of the segment that were read. */
  readonly size: number;
  /** When it was last written, or its lease renewed; milliseconds since the Unix epoch. */
  readonly touchedAt: number;
}

/**
 * What is in the segment `name`. The answer for a segment is kept beside it and believed as long as the size is the
 * same; a damaged or missing answer is found anew.
 * @param known an earlier answer.
 * @returns undefined when there is no such segment.
 */
export async function readIndex(
  directory: string,
  name: string,
  known?: SegmentIndex,
): Promise<SegmentIndex | undefined> {
  const found = await stat(join(directory, `${name}.jsonl`)).catch(() => undefined);
  if (!found) return undefined;
  if (known?.size === found.size) return { ...known, touchedAt: found.mtimeMs };
  const kept = await readKept(join(directory, `${name}.runs`), found.size);
  const index = kept ?? (await scan(directory, name));
  return { ...index, size: found.size, touchedAt: found.mtimeMs };
}

/** Keeps the answer for a segment that will not change any more. Only ever a help: failing is no failure. */
export async function keepIndex(directory: string, name: string, index: SegmentIndex): Promise<void> {
  const path = join(directory, `${name}.runs`);
  const text = JSON.stringify({
    size: index.size,
    header: index.header ?? null,
    runs: [...index.runs.values()],
  });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 })
    .then(() => rename(draft, path))
    .catch(() => {});
}

/** The whole lines of a segment that can be read, in order; what a killed writer left half-written is not among them. */
export async function* segmentLines(
  directory: string,
  name: string,
  mention?: string,
): AsyncGenerator<JournalLine> {
  for await (const text of segmentTexts(directory, name)) {
    if (mention !== undefined && !text.includes(mention)) continue;
    const line = parseLine(text);
    if (line) yield line;
  }
}

/** The complete lines of a segment, read or not. */
export async function* segmentTexts(directory: string, name: string): AsyncGenerator<string> {
  let rest = '';
  const stream = createReadStream(join(directory, `${name}.jsonl`), {
    encoding: 'utf8',
    highWaterMark: 1 << 18,
  });
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

type Found = Pick<SegmentIndex, 'header' | 'runs'>;

async function readKept(path: string, size: number): Promise<Found | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isRecord(kept) || kept.size !== size || !Array.isArray(kept.runs)) return undefined;
    const records = kept.runs as RunRecord[];
    return {
      header: (kept.header as SegmentHeader | null) ?? undefined,
      runs: new Map(records.map((record) => [record.run, record])),
    };
  } catch {
    return undefined;
  }
}

async function scan(directory: string, name: string): Promise<Found> {
  let header: SegmentHeader | undefined;
  const runs = new Map<string, RunRecord>();
  for await (const line of segmentLines(directory, name)) {
    if (isHeader(line)) header = line;
    else if (isOpen(line)) runs.set(line.open, openedRun(line.open, line.session, line.time));
    else if (isClose(line)) giveUp(runs, line.close);
    else if (isEvent(line)) {
      const record = runs.get(line.run);
      if (record) runs.set(line.run, afterEvent(record, line));
    }
  }
  return { header, runs };
}

/** A run whose writer was closed before it had finished will not go on. */
function giveUp(runs: Map<string, RunRecord>, run: string): void {
  const record = runs.get(run);
  if (record?.status === 'running') runs.set(run, { ...record, status: 'stale' });
}
