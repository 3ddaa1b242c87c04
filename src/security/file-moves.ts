import { type FileHandle, lstat, opendir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { type FileType, readChunksGuarded, statGuarded } from './file-reads.js';
import { existingFile, makeParents, replaceFile } from './file-writes.js';
import { admit, type Directory, OPEN, openDirectory, type Target, withTarget } from './handles.js';
import { ioError } from './io-error.js';

/** Where something came from and where it went, as real paths. */
export interface Moved {
  source: string;
  target: string;
}

/**
 * Copies a file; the target appears complete or not at all. Needs `read` for the source and `write` for the
 * target. Raises `tool.failed` for a folder or when the file is larger than `maxBytes`.
 */
export async function copyGuarded(
  source: string,
  target: string,
  context: ExecutionContext,
  options: { maxBytes?: number } = {},
): Promise<Moved & { size: number }> {
  const from = await statGuarded(source, context);
  await makeParents(target, context);
  return withTarget('write', target, context, {}, async (to) => {
    const existing = await existingFile(to);
    let size = 0;
    const produce = async (handle: FileHandle) => {
      for await (const chunk of readChunksGuarded(from.path, context, options)) {
        await handle.appendFile(chunk);
        size += chunk.length;
      }
    };
    await replaceFile(to, context, existing?.mode, produce);
    return { source: from.path, target: to.real, size };
  });
}

/**
 * Moves a file, a link or a whole folder. Needs `read` and `write` for the source, since what it holds
 * becomes readable at its new place, and `write` for the target. Between devices only files can be moved.
 */
export async function moveGuarded(source: string, target: string, context: ExecutionContext): Promise<Moved> {
  return withTarget('write', source, context, { follow: false }, async (from) => {
    await admit('read', from.real, context);
    const stats = await lstat(from.at);
    await makeParents(target, context);
    const crossed = await withTarget('write', target, context, { follow: false }, async (to) => ({
      target: to.real,
      moved: await renameOnDevice(from, to),
    }));
    if (!crossed.moved) {
      if (!stats.isFile()) throw ioError({ code: 'EXDEV', message: 'it lies on another device' }, from.real);
      await copyGuarded(from.real, target, context, { maxBytes: stats.size });
      await unlink(from.at);
    }
    return { source: from.real, target: crossed.target };
  });
}

/**
 * Removes a file or a link (never what the link points to); a folder only with `recursive`. Links inside a
 * removed folder are removed, not followed.
 */
export function removeGuarded(
  path: string,
  context: ExecutionContext,
  options: { recursive?: boolean } = {},
): Promise<{ path: string; type: FileType }> {
  return withTarget('write', path, context, { follow: false }, async (target) => {
    const stats = await lstat(target.at);
    if (!stats.isDirectory()) {
      await unlink(target.at);
      return { path: target.real, type: stats.isSymbolicLink() ? 'symlink' : 'file' };
    }
    if (!options.recursive)
      throw fail('input.invalid', `'${target.real}' is a directory`, {
        hint: 'Pass recursive = true to delete it with everything in it.',
      });
    await removeTree(target.directory, target.name, context.signal);
    return { path: target.real, type: 'directory' };
  });
}

/** False when the two lie on different devices. */
async function renameOnDevice(from: Target, to: Target): Promise<boolean> {
  try {
    await rename(from.at, to.at);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false;
    throw ioError(error, to.real);
  }
}

/** Each level is emptied through its own handle: a folder exchanged for a link cannot lead elsewhere. */
async function removeTree(parent: Directory, name: string, signal: AbortSignal): Promise<void> {
  const directory = await openDirectory(parent.at(name), OPEN.noFollow, join(parent.path, name));
  try {
    for await (const entry of await opendir(directory.at('.'))) {
      signal.throwIfAborted();
      if (entry.isDirectory()) await removeTree(directory, entry.name, signal);
      else await unlink(directory.at(entry.name));
    }
  } catch (error) {
    throw ioError(error, directory.path);
  } finally {
    await directory.handle.close();
  }
  await rmdir(parent.at(name));
}
