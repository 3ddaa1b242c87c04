import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { copyGuarded, readChunksGuarded, statGuarded, writeChunksGuarded } from '../../../security/files.js';
import type { Progress } from '../../progress.js';

/** A file that is converted. */
export interface Source {
  /** The real path. */
  readonly path: string;
  readonly size: number;
}

/** Where the result went. */
export interface Written {
  path: string;
  size: number;
  /** The copy of what was there before, when the file was converted in its place. */
  backup?: string;
}

/** Looks at a file that is about to be converted. @throws `tool.failed` when there is none or it is too large */
export async function openSource(path: string, maxBytes: number, context: ExecutionContext): Promise<Source> {
  const info = await statGuarded(path, context).catch((error: unknown) => {
    if ((error as { details?: { errno?: string } }).details?.errno !== 'ENOENT') throw error;
    throw fail('tool.failed', `Input file does not exist: ${path}`, { details: { path }, cause: error });
  });
  if (info.type !== 'file') throw fail('tool.failed', `'${info.path}' is not a regular file`);
  if (info.size > maxBytes)
    throw fail('tool.failed', `File too large: ${info.size} bytes, the limit is ${maxBytes}`, {
      details: { path: info.path, size: info.size, limit: maxBytes },
    });
  return { path: info.path, size: info.size };
}

/** The bytes of a source, with the progress of reading them. */
export async function* sourceBytes(
  { path, size }: Source,
  context: ExecutionContext,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of readChunksGuarded(path, context, { maxBytes: size })) {
    read += chunk.length;
    progress(`Converting ${path}`, size > 0 ? read / size : undefined);
    yield chunk;
  }
}

/**
 * Writes what a conversion gives. In place of its source, a copy of the source is kept beside it; it is made only
 * when the conversion has succeeded.
 */
export async function writeConverted(
  source: Source,
  target: string | undefined,
  chunks: AsyncIterable<Uint8Array>,
  context: ExecutionContext,
): Promise<Written> {
  const inPlace = target === undefined || (await isSame(target, source, context));
  if (!inPlace) return writeChunksGuarded(target, chunks, context);
  const backup = `${source.path}.backup`;
  return { ...(await writeChunksGuarded(source.path, thenBackUp(), context)), backup };

  async function* thenBackUp(): AsyncGenerator<Uint8Array> {
    yield* chunks;
    await copyGuarded(source.path, backup, context, { maxBytes: Number.MAX_SAFE_INTEGER });
  }
}

/** A target that cannot be looked at is another file. */
async function isSame(target: string, source: Source, context: ExecutionContext): Promise<boolean> {
  if (!context.permissions.allows('read', target) && !context.permissions.allows('write', target))
    return false;
  return statGuarded(target, context).then(
    ({ path }) => path === source.path,
    () => false,
  );
}
