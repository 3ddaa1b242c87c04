import type { FileHandle } from 'node:fs/promises';
import type { Budget } from '../core/budget.js';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';

/** Files that everything in one run may have open at once; a process has about a thousand for all its runs. */
export const MAX_OPEN_FILES = 256;

/** How many each run has open. A run is known by its budget, which all its contexts share. */
const open = new WeakMap<Budget, number>();

/** Counts an opened file for its run until it is closed. Closes it and raises `limit.files` when there are too many. */
export async function countFile(handle: FileHandle, { budget }: ExecutionContext): Promise<FileHandle> {
  const now = (open.get(budget) ?? 0) + 1;
  if (now > MAX_OPEN_FILES) {
    await handle.close();
    throw fail('limit.files', `More than ${MAX_OPEN_FILES} files are open at once`, {
      hint: 'Do fewer things at the same time.',
    });
  }
  open.set(budget, now);
  (handle as FileHandle & NodeJS.EventEmitter).once('close', () => open.set(budget, open.get(budget)! - 1));
  return handle;
}
