import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type GuardedFile, openGuarded } from '../../../security/files.js';
import { ByteReader } from './byte-reader.js';
import { type Bytes, decompress } from './codecs.js';
import type { ArchiveEntry, EntrySource } from './entry.js';
import { fileBytes, untilAborted } from './file-bytes.js';
import {
  type ArchiveFormat,
  type Compression,
  compressionOf,
  formatOfFile,
  isZeroBlock,
  looksLikeTar,
  looksLikeZip,
  nameWithoutEnding,
} from './format.js';
import { type ArchiveLimits, Meter } from './limits.js';
import { isDamage } from './refusal.js';
import { openTar } from './tar-reader.js';
import { openZip } from './zip-reader.js';

/** An archive that is being read. */
export interface OpenArchive extends EntrySource {
  readonly format: ArchiveFormat;
  /** The real path of the archive. */
  readonly path: string;
  /** Bytes of the archive itself. */
  readonly size: number;
}

/**
 * Opens an archive; what it is, its content says and not its name. Where it is compressed as a whole, what comes
 * out of it is counted against the limits. The caller closes it.
 */
export async function openArchive(
  path: string,
  context: ExecutionContext,
  limits: ArchiveLimits,
): Promise<OpenArchive> {
  const file = await openGuarded(path, context);
  try {
    const source = await sourceOf(file, path, context, limits);
    const close = async () => {
      await source.close().finally(() => file.handle.close());
    };
    return { ...source, path: file.path, size: file.stats.size, close };
  } catch (error) {
    await file.handle.close();
    throw error;
  }
}

async function sourceOf(
  file: GuardedFile,
  path: string,
  context: ExecutionContext,
  limits: ArchiveLimits,
): Promise<EntrySource & { format: ArchiveFormat }> {
  const { handle, stats } = file;
  const head = await firstBytes(fileBytes(handle, 0, stats.size, context), 512);
  if (looksLikeZip(head)) {
    const source = openZip(handle, stats.size, context);
    return { ...source, format: { container: 'zip', compression: 'none' } };
  }
  const compression = compressionOf(head);
  const bytes = () => untilAborted(unpacked(file, compression, context, limits), context.signal);
  const container = await containerOf(head, compression, bytes, path);
  const format = { container, compression } as const;
  if (container === 'tar') return { ...openTar(bytes), format };
  return { ...singleEntry(path, stats, bytes), format };
}

function unpacked(
  { handle, stats }: GuardedFile,
  compression: Compression,
  context: ExecutionContext,
  limits: ArchiveLimits,
): Bytes {
  const packed = fileBytes(handle, 0, stats.size, context);
  if (compression === 'none') return packed;
  return new Meter(limits, stats.size).count(decompress(packed, compression));
}

async function containerOf(
  head: Uint8Array,
  compression: Compression,
  bytes: () => Bytes,
  path: string,
): Promise<'tar' | 'single'> {
  const named = formatOfFile(path)?.container;
  const block = compression === 'none' ? head : await firstBlock(bytes);
  if (looksLikeTar(block) || (isZeroBlock(block) && named === 'tar')) return 'tar';
  if (block.length === 0 && named === 'tar') return 'tar';
  if (compression !== 'none') return 'single';
  throw fail(
    'tool.failed',
    `Unsupported archive format: '${path}' is neither ZIP nor TAR nor compressed data`,
    {
      details: { path },
    },
  );
}

/** What comes out first; nothing where the data is damaged, which shows again when it is read. */
function firstBlock(bytes: () => Bytes): Promise<Uint8Array> {
  return firstBytes(bytes(), 512).catch((error: unknown) => {
    if (isDamage(error)) return new Uint8Array(0);
    throw error;
  });
}

/** A compressed file as an archive of one entry. */
function singleEntry(path: string, stats: GuardedFile['stats'], bytes: () => Bytes): EntrySource {
  const entry: ArchiveEntry = {
    name: nameWithoutEnding(path),
    kind: 'file',
    packedSize: stats.size,
    modifiedMs: stats.mtimeMs,
    content: bytes,
  };
  return {
    randomAccess: true,
    entries: async function* () {
      yield entry;
    },
    close: async () => {},
  };
}

async function firstBytes(bytes: Bytes, count: number): Promise<Uint8Array> {
  const reader = new ByteReader(bytes);
  try {
    return Uint8Array.from(await reader.peek(count));
  } finally {
    await reader.close();
  }
}
