import type { FileHandle } from 'node:fs/promises';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { existingFile, makeParents, replaceFile } from './file-writes.js';
import { withTarget } from './handles.js';

/** How to write a stream. */
export interface StreamOptions {
  /** Largest size of the file, in bytes; 1 GB unless said otherwise. */
  maxBytes?: number;
}

/**
 * Writes a file from pieces, for what is too large to hold; it appears complete or not at all. Needs `write` for the
 * real path; missing folders are made.
 * @throws `permission.write`, `tool.failed` when it does not fit or the system refuses, and what `chunks` raises
 */
export function writeChunksGuarded(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  context: ExecutionContext,
  options: StreamOptions = {},
): Promise<{ path: string; size: number }> {
  const { maxBytes = 1_000_000_000 } = options;
  return produceGuarded(path, context, async (handle) => {
    let size = 0;
    for await (const chunk of chunks) {
      context.signal.throwIfAborted();
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      await writeWhole(handle, chunk);
    }
    return size;
  });
}

/**
 * As {@link writeChunksGuarded}, for writers that need the file itself.
 * @param produce Contract: writes through `handle`, does not close it, and gives the size.
 */
export async function produceGuarded(
  path: string,
  context: ExecutionContext,
  produce: (handle: FileHandle) => Promise<number>,
): Promise<{ path: string; size: number }> {
  await makeParents(path, context);
  return withTarget('write', path, context, {}, async (target) => {
    const existing = await existingFile(target);
    let size = 0;
    await replaceFile(target, context, existing?.mode, async (handle) => {
      size = await produce(handle);
    });
    return { path: target.real, size };
  });
}

/** `write` may take less than it was given. */
async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}

function tooLarge(path: string, limit: number): Error {
  return fail('tool.failed', `Content exceeds maximum allowed size of ${limit} bytes`, {
    details: { path, limit },
  });
}
