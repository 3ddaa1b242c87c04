import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

/** The folders of a search path that are absolute; an empty or relative one would find what a script left there. */
export function searchFolders(searchPath: string): string[] {
  return [...new Set(searchPath.split(delimiter).filter(isAbsolute).map(realFolder))];
}

/**
 * The absolute path of a program: of a path as it stands, of a bare name the first one in the search path.
 * Folders are real ones, a link in the last place stays (`busybox` is many programs). Undefined when there is none.
 */
export function findProgram(program: string, searchPath: string, cwd: string): string | undefined {
  const candidates = /[/\\]/.test(program)
    ? [programPath(resolve(cwd, program))]
    : searchFolders(searchPath).map((folder) => join(folder, program));
  return candidates.find(isExecutable);
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
  const paths = new Set(
    grants.filter((grant) => /[/\\]/.test(grant)).map((grant) => programPath(resolve(cwd, grant))),
  );
  const names = new Set(grants.filter((grant) => !/[/\\]/.test(grant)));
  const folders = new Set(names.size > 0 ? searchFolders(searchPath) : []);
  return (target) =>
    names.has(target) || paths.has(target) || (names.has(basename(target)) && folders.has(dirname(target)));
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
