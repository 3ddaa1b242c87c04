import { extname, join } from 'node:path';
import type { ExecutionContext } from '../../core/context.js';
import { LlmspellError } from '../../core/errors.js';
import { type DirectoryEntry, listGuarded } from '../../security/files.js';

/** Entries that one folder of a search may have. */
const MAX_ENTRIES = 100_000;

/** Which files of a tree to search. Extensions and names are in lower case, extensions without the dot. */
export interface WalkOptions {
  recursive: boolean;
  maxDepth: number;
  /** Only these; every extension when empty. */
  includeExtensions: ReadonlySet<string>;
  excludeExtensions: ReadonlySet<string>;
  excludeDirs: ReadonlySet<string>;
  /** A pattern of `*` and `?` that the file's name must match. */
  filePattern: string | undefined;
}

/** A file to search, or a folder that could not be listed and why. */
export type WalkStep = { path: string; size: number } | { path: string; unreadable: string };

/**
 * The files below a folder, depth first and by name. Symbolic links are not followed.
 * @param root as the caller wrote it: the paths of the files start with it.
 */
export async function* walk(
  root: string,
  real: string,
  options: WalkOptions,
  context: ExecutionContext,
  depth = 0,
): AsyncGenerator<WalkStep, void, undefined> {
  const folders: DirectoryEntry[] = [];
  try {
    const listing = await listGuarded(real, context, { maxEntries: MAX_ENTRIES, within: real });
    for (const entry of listing.entries) {
      if (entry.type === 'file' && wanted(entry.name, options))
        yield { path: join(root, entry.name), size: entry.size };
      if (entry.type === 'directory' && !options.excludeDirs.has(entry.name.toLowerCase()))
        folders.push(entry);
    }
  } catch (error) {
    if (context.signal.aborted || depth === 0 || !(error instanceof LlmspellError)) throw error;
    yield { path: root, unreadable: error.message };
  }
  if (!options.recursive || depth >= options.maxDepth) return;
  for (const folder of folders)
    yield* walk(join(root, folder.name), folder.path, options, context, depth + 1);
}

function wanted(name: string, options: WalkOptions): boolean {
  if (options.filePattern !== undefined && !matchesWildcard(name, options.filePattern)) return false;
  const extension = extname(name).slice(1).toLowerCase();
  if (options.excludeExtensions.has(extension)) return false;
  return options.includeExtensions.size === 0 || options.includeExtensions.has(extension);
}

/** Whether a name matches a pattern of `*` and `?`. Only the last star is ever retried, so the time is bounded. */
export function matchesWildcard(name: string, pattern: string): boolean {
  let [at, star, retry, i] = [0, -1, 0, 0];
  while (i < name.length) {
    if (pattern[at] === '*') [star, retry] = [at++, i];
    else if (pattern[at] === '?' || pattern[at] === name[i]) [at, i] = [at + 1, i + 1];
    else if (star >= 0) [at, i] = [star + 1, ++retry];
    else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
