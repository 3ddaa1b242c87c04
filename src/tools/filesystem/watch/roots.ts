import { basename, relative, sep } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { isInside, statGuarded } from '../../../security/files.js';
import { compileGlobs } from '../glob.js';

/** Files and folders that are watched, and which paths below them count. */
export interface Watched {
  /** Real paths, each granted. */
  readonly roots: readonly string[];
  readonly recursive: boolean;
  /** Whether a path is granted, lies below a root, and has a name that is asked for. */
  wanted(path: string): boolean;
}

/**
 * Looks at what is to be watched.
 * @throws `permission.read` for what is not granted, `tool.failed` for what is not there
 */
export async function openRoots(
  paths: readonly string[],
  options: { recursive: boolean; pattern: string | undefined },
  context: ExecutionContext,
): Promise<Watched> {
  const roots: string[] = [];
  for (const path of paths) roots.push((await statGuarded(path, context).catch(named)).path);
  const matches = await matcher(options.pattern, roots);
  const below = (path: string) => roots.some((root) => isInside(root, path));
  return {
    roots: [...new Set(roots)],
    recursive: options.recursive,
    wanted: (path) => below(path) && context.permissions.allows('read', path) && matches(path),
  };
}

function named(error: unknown): never {
  if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') throw error;
  throw fail('tool.failed', `File watching failed: ${error.message}`, {
    details: error.details ?? {},
    cause: error,
  });
}

/** A pattern is about the whole path, the path below the root, or, without a slash, the name. */
async function matcher(
  pattern: string | undefined,
  roots: readonly string[],
): Promise<(path: string) => boolean> {
  if (pattern === undefined) return () => true;
  const matches = await compileGlobs([pattern]);
  const slashes = (path: string) => (sep === '/' ? path : path.split(sep).join('/'));
  return (path) =>
    matches(slashes(path)) ||
    roots.some((root) => isInside(root, path) && matches(slashes(relative(root, path)))) ||
    (!pattern.includes('/') && matches(basename(path)));
}
