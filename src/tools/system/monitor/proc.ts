import { readFile } from 'node:fs/promises';

/**
 * A table of the kernel as text, undefined where there is none. Only for tables that tell of the machine as a whole;
 * what tells of a process's arguments, memory or files needs the read grant and goes through the guard.
 */
export async function kernelTable(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
