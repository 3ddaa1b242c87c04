import { constants, readlinkSync } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { ioError } from './io-error.js';
import { isInside, realPath, resolvePath, workingDirectory } from './paths.js';

/** What the kernel adds to the path of a file that has no name any more; a file may also be called so. */
const DELETED = ' (deleted)';

/** What a file operation asks for. */
export type FileCapability = 'read' | 'write';

/** Open flags; the ones that Windows lacks are 0 there. */
export const OPEN = {
  read: constants.O_RDONLY | nonBlocking(),
  write: constants.O_WRONLY | nonBlocking(),
  create: constants.O_CREAT | constants.O_EXCL,
  append: constants.O_APPEND,
  noFollow: constants.O_NOFOLLOW ?? 0,
  directory: constants.O_RDONLY | (constants.O_DIRECTORY ?? 0),
} as const;

/** Opening a pipe must not wait for its other end. */
function nonBlocking(): number {
  return constants.O_NONBLOCK ?? 0;
}

/**
 * An open folder. `at(name)` reaches an entry through the handle itself (`/proc/self/fd/N/name`), so that
 * exchanging the folder's path for a symbolic link between check and use changes nothing. Where the system
 * has no such paths, `at` is the path whose identity was compared with the handle's.
 */
export interface Directory {
  readonly handle: FileHandle;
  /** The real path at the time of opening. */
  readonly path: string;
  at(name: string): string;
}

/** A file or folder about to be touched: `real` is granted, `at` is where to reach it. */
export interface Target {
  readonly directory: Directory;
  readonly name: string;
  /** The real path; what messages and results show. */
  readonly real: string;
  /** Reaches the entry without passing through any folder that could have been exchanged. */
  readonly at: string;
}

/** How {@link withTarget} looks a path up. */
export interface TargetOptions {
  /** Follow a symbolic link in the last place; true unless said otherwise. */
  follow?: boolean;
  /**
   * The real path of a folder whose grant is journaled already: decisions below it are journaled only when
   * they are refusals.
   */
  within?: string | undefined;
}

/**
 * Finds the real path of `path`, checks the grant, opens the folder that holds it, checks again on what was
 * really opened, and does the work while that folder stays open.
 */
export async function withTarget<T>(
  capability: FileCapability,
  path: string,
  context: ExecutionContext,
  options: TargetOptions,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const absolute = resolvePath(path, workingDirectory(context));
  const real = await realTarget(absolute, options.follow ?? true);
  await refuseEarly(capability, real, context);
  context.signal.throwIfAborted();
  return withDirectory(dirname(real), async (directory) => {
    const name = basename(real);
    const target = { directory, name, real: join(directory.path, name), at: directory.at(name || '.') };
    await admit(capability, target.real, context, options.within);
    return work(target);
  });
}

/** Opens a folder for the length of the work. Checks no grant: the caller admits what it touches inside. */
export async function withDirectory<T>(path: string, work: (directory: Directory) => Promise<T>): Promise<T> {
  const directory = await openDirectory(path);
  try {
    return await work(directory);
  } catch (error) {
    throw namePath(error, directory);
  } finally {
    await directory.handle.close();
  }
}

/** Opens a folder and finds out which one it really is. The caller closes the handle. */
export async function openDirectory(path: string, flags = 0, shown = path): Promise<Directory> {
  const handle = await openAt(path, OPEN.directory | flags, shown);
  try {
    const real = await handlePath(handle, shown);
    const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : real;
    return { handle, path: real, at: (name) => join(base, name) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** `open` whose failures are `tool.failed` and name the path a person would know. */
export async function openAt(path: string, flags: number, shown: string, mode?: number): Promise<FileHandle> {
  try {
    return await open(path, flags, mode);
  } catch (error) {
    throw ioError(error, shown);
  }
}

/**
 * The real path of what a handle has open. On Linux the kernel says it; elsewhere the path is resolved once
 * more and must still be the very same file, else `permission.read` is raised.
 */
export async function handlePath(handle: FileHandle, opened: string): Promise<string> {
  const link = openedPath(handle.fd);
  if (link !== undefined && !link.endsWith(DELETED)) return link;
  const own = await handle.stat();
  if (link !== undefined) return own.nlink === 0 ? link.slice(0, -DELETED.length) : link;
  const real = await realpath(opened);
  const there = await stat(real);
  if (own.dev === there.dev && own.ino === there.ino) return real;
  throw fail('permission.read', `Permission denied: '${opened}' was exchanged while it was being opened`);
}

/** What the kernel says is open; it answers from memory, faster than a thread could be asked to ask it. */
function openedPath(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/** Asks for the grant and journals the decision, except for grants below `within`. */
export async function admit(
  capability: FileCapability,
  real: string,
  context: ExecutionContext,
  within?: string,
): Promise<void> {
  const covered = within !== undefined && isInside(within, real);
  if (covered && context.permissions.allows(capability, real)) return;
  await context.permissions.require(capability, real, context);
}

/** Raises the refusal before anything is opened; a grant is journaled later, on the opened handle. */
export async function refuseEarly(
  capability: FileCapability,
  real: string,
  context: ExecutionContext,
): Promise<void> {
  if (!context.permissions.allows(capability, real))
    await context.permissions.require(capability, real, context);
}

async function realTarget(absolute: string, follow: boolean): Promise<string> {
  if (follow) return realPath(absolute);
  return join(await realPath(dirname(absolute)), basename(absolute));
}

/** System errors inside a folder speak of `/proc/self/fd/…`; people know the folder's own path. */
function namePath(error: unknown, directory: Directory): unknown {
  const path = (error as NodeJS.ErrnoException | undefined)?.path;
  if (typeof path !== 'string') return error;
  return ioError(error, path.startsWith('/proc/self/fd/') ? join(directory.path, basename(path)) : path);
}
