import { open } from 'node:fs/promises';

/** A new file is not found after a power failure unless its directory was synced; Windows needs and allows no such thing. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}
