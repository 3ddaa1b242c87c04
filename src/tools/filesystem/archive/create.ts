import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { openGuarded, writeChunksGuarded } from '../../../security/files.js';
import type { Progress } from '../../progress.js';
import { type Bytes, canCompress, compress } from './codecs.js';
import { fileBytes } from './file-bytes.js';
import { type ArchiveFormat, formatTitle } from './format.js';
import { type Gathered, gather, type Ingredient } from './gather.js';
import type { ArchiveLimits } from './limits.js';
import { ReadAhead } from './read-ahead.js';
import { tarBytes } from './tar-writer.js';
import { type OpenContent, zipBytes } from './zip-writer.js';

/** What to pack and how. */
export interface CreateOptions {
  path: string;
  format: ArchiveFormat;
  inputs: readonly string[];
  base?: string | undefined;
  /** From 0 to 9. */
  level: number;
}

/** What was packed. */
export interface Created {
  /** The real path of the archive. */
  path: string;
  archiveSize: number;
  gathered: Gathered;
  totalSize: number;
}

/** Packs files and folders. The archive appears complete or not at all. */
export async function createArchive(
  options: CreateOptions,
  limits: ArchiveLimits,
  context: ExecutionContext,
  progress: Progress,
): Promise<Created> {
  const { format, path } = options;
  if (!canCompress(format.compression))
    throw fail(
      'input.invalid',
      `Unsupported archive format: ${formatTitle(format)} can be read but not written here`,
      {
        hint: 'Write zip, tar, tar.gz or gz instead.',
      },
    );
  const gathered = await gather(options.inputs, { base: options.base, archive: path }, limits, context);
  checkSingle(format, gathered);
  const totalSize = gathered.files.reduce((sum, { size }) => sum + size, 0);
  if (totalSize > limits.maxTotalSize)
    throw fail(
      'tool.failed',
      `Content of ${totalSize} bytes exceeds maximum allowed size of ${limits.maxTotalSize} bytes`,
    );
  const open = opener(gathered, context, progress);
  const bytes = archiveBytes(format, gathered, options.level, open);
  const written = await writeChunksGuarded(path, bytes, context, { maxBytes: limits.maxTotalSize * 2 });
  return { path: written.path, archiveSize: written.size, gathered, totalSize };
}

function archiveBytes(format: ArchiveFormat, gathered: Gathered, level: number, open: OpenContent): Bytes {
  if (format.container === 'zip') return zipBytes(gathered, level, open);
  const plain = format.container === 'tar' ? tarBytes(gathered, open) : open(gathered.files[0]!);
  return compress(plain, format.compression, level);
}

function checkSingle(format: ArchiveFormat, { files, emptyFolders, skipped }: Gathered): void {
  if (format.container !== 'single') return;
  if (files.length === 1 && emptyFolders.length === 0 && skipped.length === 0) return;
  throw fail('input.invalid', `${formatTitle(format)} holds exactly one file`, {
    hint: `Use tar.${formatTitle(format).toLowerCase()} or zip for several.`,
  });
}

function opener(gathered: Gathered, context: ExecutionContext, progress: Progress): OpenContent {
  let count = 0;
  const ahead = new ReadAhead(gathered.files, (file) => collect(contentOf(file, context)));
  return async function* (file: Ingredient) {
    progress(`Packing ${file.name}`, count++ / gathered.files.length);
    yield* (await ahead.take(file)) ?? contentOf(file, context);
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

async function* contentOf({ path, size, within }: Ingredient, context: ExecutionContext) {
  const { handle } = await openGuarded(path, context, { within });
  try {
    // What is appended to a file meanwhile is left out: some formats state the size first.
    yield* fileBytes(handle, 0, size, context);
  } finally {
    await handle.close();
  }
}
