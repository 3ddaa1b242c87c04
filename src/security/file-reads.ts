import type { Stats } from 'node:fs';
import { type FileHandle, lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail, type LlmspellError } from '../core/errors.js';
import {
  handlePath,
  OPEN,
  openAt,
  openDirectory,
  refuseEarly,
  type Target,
  type TargetOptions,
  withTarget,
} from './handles.js';
import { ioError, isNotFound } from './io-error.js';
import { countFile } from './open-files.js';

/** Bytes of a file that one operation reads or writes unless told otherwise. */
export const MAX_FILE_BYTES = 50_000_000;
/** Entries of a folder that one listing gives unless told otherwise. */
export const MAX_ENTRIES = 1000;
/** Bytes read between two looks at the signal. */
const CHUNK_BYTES = 256 * 1024;

/** What a directory entry is. */
export type FileType = 'file' | 'directory' | 'symlink' | 'unknown';

/** A regular file, open for reading, whose real path is granted. The caller closes it. */
export interface GuardedFile {
  readonly handle: FileHandle;
  /** The real path. */
  readonly path: string;
  readonly stats: Stats;
}

/** How much to read, and under which folder the decision needs no second journal entry. */
export interface ReadOptions {
  maxBytes?: number;
  /** See {@link TargetOptions.within}. */
  within?: string | undefined;
}

/** What {@link statGuarded} tells. Times in milliseconds since the epoch. */
export interface FileInfo {
  /** The real path. */
  path: string;
  type: FileType;
  size: number;
  readonly: boolean;
  createdMs: number;
  modifiedMs: number;
  accessedMs: number;
}

/** One entry of {@link listGuarded}. */
export interface DirectoryEntry {
  name: string;
  path: string;
  type: FileType;
  size: number;
  modifiedMs: number;
}

/** The entries of a folder, sorted by name; `truncated` when there were more than asked for. */
export interface DirectoryListing {
  path: string;
  entries: DirectoryEntry[];
  truncated: boolean;
}

/**
 * Opens a regular file for reading and checks the grant on what was really opened. Raises `permission.read`,
 * or `tool.failed` when it is missing, a folder, a pipe or a device.
 */
export function openGuarded(
  path: string,
  context: ExecutionContext,
  options: ReadOptions = {},
): Promise<GuardedFile> {
  return withTarget('read', path, context, { within: options.within }, (target) =>
    openTarget(target, context),
  );
}

/** The whole content of a file. Raises `tool.failed` when it is larger than `maxBytes` ({@link MAX_FILE_BYTES}). */
export async function readFileGuarded(
  path: string,
  context: ExecutionContext,
  options: ReadOptions = {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunksGuarded(path, context, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The content of a file piece by piece, for what is too large to hold; stops at the context's signal. */
export async function* readChunksGuarded(
  path: string,
  context: ExecutionContext,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openGuarded(path, context, options);
  try {
    yield* handleChunks(file, context, options.maxBytes ?? MAX_FILE_BYTES);
  } finally {
    await file.handle.close();
  }
}

/** What a path is. With `follow: false` a symbolic link describes itself. Needs the read grant. */
export function statGuarded(
  path: string,
  context: ExecutionContext,
  options: Pick<TargetOptions, 'follow'> = {},
): Promise<FileInfo> {
  return withTarget('read', path, context, options, async (target) => {
    const stats = await lstat(target.at);
    return {
      path: target.real,
      type: typeOf(stats),
      size: stats.size,
      readonly: (stats.mode & 0o222) === 0,
      createdMs: stats.birthtimeMs,
      modifiedMs: stats.mtimeMs,
      accessedMs: stats.atimeMs,
    };
  });
}

/** Whether something is at `path`. Raises `permission.read` outside the grant instead of telling. */
export async function existsGuarded(path: string, context: ExecutionContext): Promise<boolean> {
  try {
    await statGuarded(path, context);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** The entries of a folder. Needs the read grant for the folder; links are named, not followed. */
export function listGuarded(
  path: string,
  context: ExecutionContext,
  options: { maxEntries?: number; within?: string | undefined } = {},
): Promise<DirectoryListing> {
  return withTarget('read', path, context, { within: options.within }, async (target) => {
    const directory = await openDirectory(target.at, OPEN.noFollow, target.real);
    try {
      await refuseEarly('read', directory.path, context);
      const { names, truncated } = await entryNames(directory.at('.'), context, options.maxEntries);
      const entries: DirectoryEntry[] = [];
      for (const name of names) {
        const entry = await entryOf(directory.at(name), name, join(directory.path, name));
        if (entry) entries.push(entry);
        context.signal.throwIfAborted();
      }
      return { path: directory.path, entries, truncated };
    } finally {
      await directory.handle.close();
    }
  });
}

async function openTarget(target: Target, context: ExecutionContext): Promise<GuardedFile> {
  const handle = await countFile(await openAt(target.at, OPEN.read | OPEN.noFollow, target.real), context);
  try {
    const path = await handlePath(handle, target.real);
    await refuseEarly('read', path, context);
    const stats = await handle.stat();
    if (!stats.isFile()) throw notRegular(path, stats);
    return { handle, path, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The pieces of an open file. Counts what is really read: files in `/proc` call their size 0. */
async function* handleChunks(
  file: GuardedFile,
  context: ExecutionContext,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (file.stats.size > maxBytes) throw tooLarge(file.path, file.stats.size, maxBytes);
  let total = 0;
  for (;;) {
    context.signal.throwIfAborted();
    const { bytesRead, buffer } = await file.handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return;
    total += bytesRead;
    if (total > maxBytes) throw tooLarge(file.path, total, maxBytes);
    yield buffer.subarray(0, bytesRead);
  }
}

async function entryNames(
  at: string,
  context: ExecutionContext,
  maxEntries = MAX_ENTRIES,
): Promise<{ names: string[]; truncated: boolean }> {
  const names: string[] = [];
  for await (const entry of await opendir(at)) {
    context.signal.throwIfAborted();
    names.push(entry.name);
  }
  names.sort();
  return { names: names.slice(0, maxEntries), truncated: names.length > maxEntries };
}

async function entryOf(at: string, name: string, path: string): Promise<DirectoryEntry | undefined> {
  try {
    const stats = await lstat(at);
    return { name, path, type: typeOf(stats), size: stats.size, modifiedMs: stats.mtimeMs };
  } catch (error) {
    if (isNotFound(error)) return undefined; // removed between the listing and the look
    throw ioError(error, path);
  }
}

function typeOf(stats: Stats): FileType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'unknown';
}

function notRegular(path: string, stats: Stats): LlmspellError {
  const what = stats.isDirectory() ? 'a directory' : 'not a regular file';
  return fail('tool.failed', `Failed to access '${path}': it is ${what}`, { details: { path } });
}

function tooLarge(path: string, size: number, limit: number): LlmspellError {
  return fail(
    'tool.failed',
    `File size ${size} of '${path}' exceeds maximum allowed size of ${limit} bytes`,
    {
      details: { path, size, limit },
    },
  );
}
