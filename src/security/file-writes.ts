import { type FileHandle, lstat, mkdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import {
  admit,
  type Directory,
  handlePath,
  OPEN,
  openAt,
  openDirectory,
  refuseEarly,
  type Target,
  withTarget,
} from './handles.js';
import { ioError, isNotFound } from './io-error.js';
import { countFile } from './open-files.js';
import { realPath, resolvePath, workingDirectory } from './paths.js';

/** Bytes written between two looks at the signal. */
const CHUNK_BYTES = 1024 * 1024;

/** How to write. */
export interface WriteOptions {
  /** Add to the end; creates the file when it is missing. */
  append?: boolean;
  /** Write beside the file and rename into place, so that nobody ever sees half of it; true unless said otherwise. */
  atomic?: boolean;
  /** Largest size of the file afterwards, in bytes; 50 MB unless said otherwise. */
  maxBytes?: number;
  /** Create missing folders on the way; true unless said otherwise. */
  createParents?: boolean;
}

/**
 * Writes a file whose real path is granted. A symbolic link is followed and its target checked; nothing but
 * a regular file is ever written to. Raises `permission.write`, or `tool.failed` when it does not fit or the system refuses.
 */
export async function writeFileGuarded(
  path: string,
  content: Uint8Array | string,
  context: ExecutionContext,
  options: WriteOptions = {},
): Promise<{ path: string; size: number }> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { append = false, atomic = true, createParents = true, maxBytes = 50_000_000 } = options;
  checkSize(path, bytes.length, maxBytes);
  if (createParents) await makeParents(path, context);
  return withTarget('write', path, context, {}, async (target) => {
    const existing = await existingFile(target);
    const before = append ? (existing?.size ?? 0) : 0;
    checkSize(target.real, before + bytes.length, maxBytes);
    const produce = (handle: FileHandle) => writeAll(handle, bytes, context.signal);
    if (atomic && !append) await replaceFile(target, context, existing?.mode, produce);
    else await writeInPlace(target, context, append, existing !== undefined, produce);
    return { path: target.real, size: before + bytes.length };
  });
}

/**
 * Creates a folder; one that exists is fine. Without `recursive` the folder above must exist.
 * `created` tells whether there was anything to do.
 */
export async function makeDirGuarded(
  path: string,
  context: ExecutionContext,
  options: { recursive?: boolean } = {},
): Promise<{ path: string; created: boolean }> {
  const real = await grantedPath(path, context);
  if (await isDirectory(real)) {
    await admit('write', real, context);
    return { path: real, created: false };
  }
  if (!options.recursive && !(await isDirectory(dirname(real))))
    throw fail('tool.failed', `Parent directory does not exist: ${dirname(real)}`, {
      hint: 'Pass recursive = true to create it too.',
    });
  await makeDirectories(real, context);
  return { path: real, created: true };
}

/** Creates the folders above a file that is about to be written. */
export async function makeParents(path: string, context: ExecutionContext): Promise<void> {
  const parent = dirname(await grantedPath(path, context));
  if (!(await isDirectory(parent))) await makeDirectories(parent, context);
}

/**
 * Fills a new file beside the target and renames it into place. `produce` writes the content; when it fails
 * the new file is removed and the target is as it was.
 */
export async function replaceFile(
  target: Target,
  context: ExecutionContext,
  mode: number | undefined,
  produce: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const name = `.${target.name.slice(0, 40)}.tmp.${context.effects.uuid()}`;
  const at = target.directory.at(name);
  const handle = await countFile(
    await openAt(at, OPEN.write | OPEN.create | OPEN.noFollow, target.real),
    context,
  );
  try {
    try {
      await produce(handle);
      if (mode !== undefined) await handle.chmod(mode & 0o777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    context.signal.throwIfAborted();
    await rename(at, target.at);
  } catch (error) {
    await unlink(at).catch(() => {});
    throw error;
  }
}

/** The file at the target, or nothing; raises `tool.failed` for a folder, pipe or device. */
export async function existingFile(target: Target): Promise<{ size: number; mode: number } | undefined> {
  try {
    const stats = await lstat(target.at);
    if (stats.isFile()) return { size: stats.size, mode: stats.mode };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw ioError(error, target.real);
  }
  throw fail('tool.failed', `Failed to access '${target.real}': it is not a regular file`, {
    details: { path: target.real },
  });
}

/** The file is opened without truncating it, so that a refusal on the handle leaves it untouched. */
async function writeInPlace(
  target: Target,
  context: ExecutionContext,
  append: boolean,
  exists: boolean,
  produce: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const flags = OPEN.write | OPEN.noFollow | (exists ? 0 : OPEN.create) | (append ? OPEN.append : 0);
  const handle = await countFile(await openAt(target.at, flags, target.real), context);
  try {
    await refuseEarly('write', await handlePath(handle, target.real), context);
    if (!append) await handle.truncate(0);
    await produce(handle);
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    signal.throwIfAborted();
    const { bytesWritten } = await handle.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
    at += bytesWritten;
  }
}

async function grantedPath(path: string, context: ExecutionContext): Promise<string> {
  const real = await realPath(resolvePath(path, workingDirectory(context)));
  await refuseEarly('write', real, context);
  return real;
}

/** Walks down from the deepest folder that exists; each step is taken from the handle of the one above. */
async function makeDirectories(path: string, context: ExecutionContext): Promise<void> {
  const missing: string[] = [];
  let base = path;
  while (!(await isDirectory(base))) {
    missing.unshift(basename(base));
    base = dirname(base);
  }
  let directory = await openDirectory(base);
  try {
    for (const name of missing) {
      const next = await stepInto(directory, name, context);
      await directory.handle.close();
      directory = next;
    }
  } finally {
    await directory.handle.close();
  }
}

async function stepInto(directory: Directory, name: string, context: ExecutionContext): Promise<Directory> {
  const path = join(directory.path, name);
  await admit('write', path, context);
  await mkdir(directory.at(name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw ioError(error, path);
  });
  return openDirectory(directory.at(name), OPEN.noFollow, path);
}

async function isDirectory(path: string): Promise<boolean> {
  if (dirname(path) === path) return true;
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function checkSize(path: string, size: number, limit: number): void {
  if (size <= limit) return;
  throw fail('tool.failed', `Content of ${size} bytes exceeds maximum allowed size of ${limit} bytes`, {
    details: { path, size, limit },
  });
}
