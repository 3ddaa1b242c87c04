import { lstat, mkdir, rmdir } from 'node:fs/promises';
import type { ExecutionContext } from '../../../../core/context.js';
import type { Target } from '../../../../security/handles.js';
import { statementFailed } from '../errors.js';

/** Milliseconds after which a lock is a leftover of a program that was ended: no call lasts so long. */
const STALE_MS = 15 * 60_000;
const RETRY_MS = 25;

/** What is done while the lock is held. */
export interface LockedWork<T> {
  work(): Promise<T>;
  /** Puts the file in order when the work was cut short. */
  recover(): Promise<void>;
}

/**
 * Works while no other writer of llmspell is in the database. The lock is a folder beside it, and it is ours and not
 * the child's: a child can be ended at any moment.
 */
export async function withWriteLock<T>(
  target: Target,
  waitMs: number,
  context: ExecutionContext,
  { work, recover }: LockedWork<T>,
): Promise<T> {
  const lock = target.directory.at(`${target.name}.lock`);
  await takeLock(lock, waitMs, context);
  try {
    return await work();
  } catch (error) {
    if (await exists(target.directory.at(`${target.name}-journal`))) await recover().catch(() => {});
    throw error;
  } finally {
    await rmdir(lock).catch(() => {});
  }
}

async function takeLock(lock: string, waitMs: number, context: ExecutionContext): Promise<void> {
  const end = context.effects.now() + waitMs;
  for (;;) {
    if (await madeFolder(lock)) return;
    const { mtimeMs } = await lstat(lock).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (context.effects.now() - mtimeMs > STALE_MS) await rmdir(lock).catch(() => {});
    if (context.effects.now() > end)
      throw statementFailed({
        server: 'SQLite',
        message: 'database is locked',
        hint: 'Another call changes the database; try again later.',
      });
    await context.effects.sleep(RETRY_MS, context.signal);
  }
}

async function madeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
