import { getHashes } from 'node:crypto';
import { fail } from '../../../core/errors.js';
import { closest } from '../../../core/schema.js';

/** A hash algorithm: the platform's name for it and the one people write. */
export interface HashAlgorithm {
  platform: string;
  title: string;
}

const ALGORITHMS: Readonly<Record<string, HashAlgorithm>> = {
  md5: { platform: 'md5', title: 'MD5' },
  sha1: { platform: 'sha1', title: 'SHA-1' },
  sha224: { platform: 'sha224', title: 'SHA-224' },
  sha256: { platform: 'sha256', title: 'SHA-256' },
  sha384: { platform: 'sha384', title: 'SHA-384' },
  sha512: { platform: 'sha512', title: 'SHA-512' },
  sha3256: { platform: 'sha3-256', title: 'SHA3-256' },
  sha3512: { platform: 'sha3-512', title: 'SHA3-512' },
  blake2b512: { platform: 'blake2b512', title: 'BLAKE2b-512' },
  blake2s256: { platform: 'blake2s256', title: 'BLAKE2s-256' },
};

/** The names of the algorithms that this platform has. */
export function hashAlgorithms(): string[] {
  const available = new Set(getHashes().map((name) => name.toLowerCase()));
  return Object.values(ALGORITHMS)
    .filter(({ platform }) => available.has(platform))
    .map(({ platform }) => platform);
}

/** The algorithm of that name; case, hyphens and underscores do not matter. @throws `input.invalid` */
export function hashAlgorithm(name: string): HashAlgorithm {
  const names = hashAlgorithms();
  const key = name.toLowerCase().replace(/[-_ /]/g, '');
  const found = Object.hasOwn(ALGORITHMS, key) ? ALGORITHMS[key]! : undefined;
  if (found && names.includes(found.platform)) return found;
  const near = closest(name, names);
  throw fail('input.invalid', `Unknown hash algorithm '${name}'. Allowed values: ${names.join(', ')}`, {
    ...(near !== undefined && { hint: `Did you mean '${near}'?` }),
  });
}
