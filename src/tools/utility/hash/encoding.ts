import { fail } from '../../../core/errors.js';

/** How a hash is written. */
export type HashFormat = 'hex' | 'base64';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of a written hash; white space around it is ignored. @throws `input.invalid` */
export function decodeHash(text: string, format: HashFormat): Buffer {
  const trimmed = text.trim();
  const valid = format === 'hex' ? /^(?:[0-9a-f]{2})*$/i : BASE64;
  if (!valid.test(trimmed)) throw fail('input.invalid', `Invalid ${format} string in 'expected_hash'`);
  return Buffer.from(trimmed, format);
}
