import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalStore } from '../storage/journal-store.js';

const DAY_MS = 86_400_000;

/** What is kept for how long, and where it is noted when that was last seen to. */
export interface Retention {
  readonly directory: string;
  readonly days: number;
  now(): number;
}

/**
 * Forgets the runs that are older than they may be, once a day whoever comes first; how many. A journal that cannot be
 * looked after is left as it is: that must not fail the work that is ending.
 */
export async function pruneDaily(
  journal: JournalStore,
  { directory, days, now }: Retention,
): Promise<number> {
  try {
    const marker = join(directory, 'pruned');
    if (Math.abs(now() - (await lastTime(marker))) < DAY_MS) return 0;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(marker, '', { mode: 0o600 });
    await utimes(marker, new Date(now()), new Date(now()));
    return await journal.prune(now() - days * DAY_MS);
  } catch {
    return 0;
  }
}

async function lastTime(marker: string): Promise<number> {
  try {
    return (await stat(marker)).mtimeMs;
  } catch {
    return 0;
  }
}
