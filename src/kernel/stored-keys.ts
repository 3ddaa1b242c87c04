import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../core/secrets.js';
import type { KeyFile } from '../state/encryption/key-file.js';
import type { StateParts } from './open-state.js';

/** Where the file of the keys lies. */
export function keyFilePath(directory: string): string {
  return join(directory, 'keys.json');
}

/** The file of the keys in a data directory. */
export async function openKeyFile(
  directory: string,
  parts: Pick<StateParts, 'config' | 'cwd' | 'environment'>,
): Promise<KeyFile> {
  const [{ KeyFile: File }, { keySources }] = await Promise.all([
    import('../state/encryption/key-file.js'),
    import('./open-state.js'),
  ]);
  return new File(keyFilePath(directory), keySources(parts));
}

/**
 * The keys that are kept, by provider; what they are is masked from now on. None when there is no file.
 * @throws `keys.unavailable`
 */
export async function storedKeys(
  directory: string,
  parts: Pick<StateParts, 'config' | 'cwd' | 'environment'>,
  secrets: Secrets,
): Promise<ReadonlyMap<string, string>> {
  if (!existsSync(keyFilePath(directory))) return new Map();
  const keys = await (await openKeyFile(directory, parts)).all();
  for (const key of keys.values()) secrets.add(key);
  return keys;
}
