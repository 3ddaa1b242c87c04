import { promises, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { ioError } from './io-error.js';

/** As many links as Linux follows before it gives up. */
const MAX_LINKS = 40;

/**
 * The absolute form of a path that a script wrote. Nothing is expanded or decoded: `~`, `%2e` and `$HOME` are
 * ordinary characters. Raises `input.invalid` for an empty path, a NUL byte or a Windows device path.
 */
export function resolvePath(path: string, cwd: string): string {
  if (path === '') throw fail('input.invalid', 'The path is empty');
  if (path.includes('\0'))
    throw fail('input.invalid', `The path ${JSON.stringify(path)} contains a NUL byte`);
  if (process.platform === 'win32' && /^[\\/]{2}[?.][\\/]/.test(path))
    throw fail('input.invalid', `Device paths such as ${path} are not allowed`);
  return resolve(cwd, path);
}

/** The folder from which a run's relative paths start: that of its permissions, else the process's own. */
export function workingDirectory(context: ExecutionContext): string {
  const { cwd } = context.permissions as { cwd?: unknown };
  return typeof cwd === 'string' ? cwd : process.cwd();
}

/** Whether `path` is `root` or lies below it, by whole segments: `/tmp` does not contain `/tmpfoo`. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The path with every symbolic link followed, for files that exist and for files that do not yet: what is
 * missing is appended to the real path of what is there. A dangling link leads to where it points.
 */
export async function realPath(path: string, links = 0): Promise<string> {
  try {
    return await promises.realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (!isMissing(error) || links >= MAX_LINKS) throw ioError(error, path);
    if (parent === path) return path;
    const candidate = join(await realPath(parent, links), basename(path));
    const target = await promises.readlink(candidate).catch(() => undefined);
    return target === undefined ? candidate : realPath(resolve(dirname(candidate), target), links + 1);
  }
}

/** {@link realPath} without waiting, for roots that are resolved once. A path that cannot be resolved stays as it is. */
export function realPathSync(path: string, links = 0): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    if (parent === path || links >= MAX_LINKS) return path;
    const candidate = join(realPathSync(parent, links), basename(path));
    const target = readLinkOrNothing(candidate);
    return target === undefined ? candidate : realPathSync(resolve(dirname(candidate), target), links + 1);
  }
}

function readLinkOrNothing(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Whether the failure means "not there, or not visible": the permission check then speaks first. */
function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
}
