import { dirname } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { listGuarded, resolvePath, statGuarded, workingDirectory } from '../../../security/files.js';

/** Entries of one folder that are looked at. */
const MAX_ENTRIES = 100_000;

/**
 * Refuses a folder with more levels in it than one operation may descend, before anything is touched. What may not be
 * read cannot be looked at and is not refused.
 * @throws `tool.failed`
 */
export async function checkDepth(path: string, maxDepth: number, context: ExecutionContext): Promise<void> {
  try {
    const { type } = await statGuarded(path, context, { follow: false });
    if (type === 'directory') await descend(path, path, maxDepth, context);
  } catch (error) {
    if (!(error instanceof LlmspellError) || error.details?.limit === 'max_depth') throw error;
  }
}

/** Refuses to make more levels of folders at once than allowed. @throws `tool.failed` */
export async function checkNewDepth(
  path: string,
  maxDepth: number,
  context: ExecutionContext,
): Promise<void> {
  let missing = 0;
  for (let at = resolvePath(path, workingDirectory(context)); missing <= maxDepth; missing++) {
    if (dirname(at) === at || (await isThere(at, context))) return;
    at = dirname(at);
  }
  throw tooDeep(path, maxDepth);
}

async function descend(root: string, path: string, left: number, context: ExecutionContext): Promise<void> {
  const { entries } = await listGuarded(path, context, { maxEntries: MAX_ENTRIES, within: root });
  for (const entry of entries) {
    if (entry.type !== 'directory') continue;
    if (left <= 1) throw tooDeep(root, left);
    await descend(root, entry.path, left - 1, context);
  }
}

/** What may not be looked at counts as there. */
async function isThere(path: string, context: ExecutionContext): Promise<boolean> {
  return statGuarded(path, context).then(
    () => true,
    (error: unknown) => (error as LlmspellError).details?.errno !== 'ENOENT',
  );
}

function tooDeep(path: string, maxDepth: number): Error {
  return fail('tool.failed', `'${path}' has more levels of folders than one operation may descend`, {
    hint: 'Raise max_depth in [tools.file_operations] of the configuration.',
    details: { path, limit: 'max_depth', maxDepth },
  });
}
