import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

/**
 * Between finding a program and starting it, only who may write where it lies can exchange it. That is why a grant
 * by name never leads to such a place (see `grantedProgram`); a grant by path is the user's own word for it.
 * Starting the opened file itself (`/proc/self/fd/N`) would add nothing and break every script with `#!`.
 */

/** The folders of a search path that are absolute; an empty or relative one would find what a script left there. */
export function searchFolders(searchPath: string): string[] {
  return [...new Set(searchPath.split(delimiter).filter(isAbsolute).map(realFolder))];
}

/**
 * The absolute path of a program: of a path as it stands, of a bare name the first one in the search path.
 * Folders are real ones, a link in the last place stays (`busybox` is many programs). Undefined when there is none.
 */
export function findProgram(program: string, searchPath: string, cwd: string): string | undefined {
  return findPrograms(program, searchPath, cwd)[0];
}

/** Every program that {@link findProgram} could mean, best first. */
export function findPrograms(program: string, searchPath: string, cwd: string): string[] {
  const candidates = isPath(program)
    ? [programPath(resolve(cwd, program))]
    : searchFolders(searchPath).map((folder) => join(folder, program));
  return candidates.filter(isExecutable);
}

/** A path with the real folder in front of the name. */
export function programPath(path: string): string {
  return join(realFolder(dirname(path)), basename(path));
}

/**
 * Whether a program is granted: by its path, by its name where it lies in the search path, or by `*`. A script that
 * can write elsewhere cannot make a program that a granted name covers.
 */
export function programRule(
  grants: readonly string[],
  searchPath: string,
  cwd: string,
): (target: string) => boolean {
  if (grants.includes('*')) return () => true;
  const paths = new Set(grants.filter(isPath).map((grant) => programPath(resolve(cwd, expandHome(grant)))));
  const names = new Set(grants.filter((grant) => !isPath(grant)));
  const folders = new Set(names.size > 0 ? searchFolders(searchPath) : []);
  return (target) =>
    names.has(target) || paths.has(target) || (names.has(basename(target)) && folders.has(dirname(target)));
}

/**
 * Whether somebody who may write as `mayWrite` says could put another program in the place of this one: in its
 * folder, in its own file, or in the file that it links to.
 */
export function isReplaceable(path: string, mayWrite: (path: string) => boolean): boolean {
  return [dirname(path), path, realFolder(path)].some(mayWrite);
}

function isPath(program: string): boolean {
  return /[/\\]/.test(program);
}

/** Grants are written by the user, so `~/` means their home here; in a script's name of a program it does not. */
function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
