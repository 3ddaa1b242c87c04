import { fail } from '../core/errors.js';

/** The longest key a store takes, in UTF-8 bytes: what LMDB can hold in a page of 4 KiB. */
export const MAX_KEY_BYTES = 1978;

/**
 * The UTF-8 bytes of a key; the same keys are refused by every backend.
 * @throws `storage.failed` for an empty key, one of more than {@link MAX_KEY_BYTES} bytes, or text with half a
 * surrogate pair, which UTF-8 cannot tell apart from other broken text.
 */
export function encodeKey(key: string): Buffer {
  if (key === '') throw badKey('A store key is empty');
  const bytes = encodePrefix(key);
  if (bytes.length > MAX_KEY_BYTES)
    throw badKey(`A store key has ${bytes.length} bytes; at most ${MAX_KEY_BYTES} are possible`);
  return bytes;
}

/** The UTF-8 bytes of the beginning of keys, of any length. Throws as {@link encodeKey} does for broken text. */
export function encodePrefix(prefix: string): Buffer {
  if (/\p{Surrogate}/u.test(prefix)) throw badKey('A store key is not well-formed Unicode text');
  return Buffer.from(prefix, 'utf8');
}

function badKey(message: string) {
  return fail('storage.failed', message, { hint: 'Use a non-empty, shorter, well-formed text as the key.' });
}
