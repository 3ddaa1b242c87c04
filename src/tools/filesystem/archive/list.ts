import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { ArchiveEntry } from './entry.js';
import { formatTitle } from './format.js';
import { Gate } from './gate.js';
import { type ArchiveLimits, tooMuch } from './limits.js';
import { openArchive } from './open.js';

/** The entries of an archive. */
export interface Listing {
  format: string;
  files: JsonObject[];
  fileCount: number;
  /** Entries that `extract` would refuse. */
  unsafeCount: number;
  truncated: boolean;
}

/** The entries of an archive, of which at most `limit` are described. Nothing is unpacked to a file. */
export async function listArchive(
  path: string,
  limit: number,
  limits: ArchiveLimits,
  context: ExecutionContext,
): Promise<Listing> {
  const archive = await openArchive(path, context, limits);
  try {
    const gate = new Gate(limits);
    const files: JsonObject[] = [];
    let [count, unsafeCount] = [0, 0];
    for await (const entry of archive.entries()) {
      context.signal.throwIfAborted();
      if (++count > limits.maxEntries) throw tooMuch('entries', limits.maxEntries);
      const problem = gate.problem(entry);
      if (problem !== undefined) unsafeCount++;
      if (files.length < limit) files.push(describeEntry(entry, problem));
    }
    const truncated = count > files.length;
    return { format: formatTitle(archive.format), files, fileCount: count, unsafeCount, truncated };
  } finally {
    await archive.close();
  }
}

function describeEntry(entry: ArchiveEntry, problem: string | undefined): JsonObject {
  return {
    name: entry.name,
    size: entry.size ?? null,
    ...(entry.packedSize !== undefined && { compressed_size: entry.packedSize }),
    is_dir: entry.kind === 'directory',
    kind: entry.kind,
    ...(isTime(entry.modifiedMs) && { modified: new Date(entry.modifiedMs).toISOString() }),
    ...(entry.encrypted && { encrypted: true }),
    ...(problem !== undefined && { unsafe: problem }),
  };
}

function isTime(ms: number | undefined): ms is number {
  return ms !== undefined && Math.abs(ms) <= 8.64e15;
}
