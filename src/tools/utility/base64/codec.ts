import { fail } from '../../../core/errors.js';

/** Which two characters stand for 62 and 63. */
export type Base64Variant = 'standard' | 'url-safe';

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const ALPHABETS: Readonly<Record<Base64Variant, RegExp>> = {
  standard: /^[A-Za-z0-9+/]*$/,
  'url-safe': /^[A-Za-z0-9_-]*$/,
};

/** Base64 of chunks, in pieces that can be put together; only the last piece is padded. */
export async function* encodeBase64(chunks: Chunks, variant: Base64Variant): AsyncGenerator<Uint8Array> {
  let left = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : Buffer.from(chunk);
    const whole = bytes.length - (bytes.length % 3);
    left = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield Buffer.from(spell(bytes.subarray(0, whole), variant), 'latin1');
  }
  if (left.length > 0) yield Buffer.from(spell(left, variant), 'latin1');
}

/**
 * The bytes of base64 text. White space is passed over; any other character outside the alphabet, wrong padding,
 * and bits that are left over and not zero are errors. Padding may be missing in the variant for addresses, where it
 * usually is.
 * @throws `input.invalid`
 */
export async function* decodeBase64(chunks: Chunks, variant: Base64Variant): AsyncGenerator<Uint8Array> {
  const alphabet = ALPHABETS[variant];
  let [left, padding, position] = ['', '', 0];
  for await (const chunk of chunks) {
    const text = Buffer.from(chunk)
      .toString('latin1')
      .replace(/[ \t\r\n]+/g, '');
    const end = padding === '' ? text.indexOf('=') : 0;
    const body = end < 0 ? text : text.slice(0, end);
    if (end >= 0) padding += text.slice(end);
    if (!alphabet.test(body)) throw strange(body, alphabet, position);
    if (!/^={0,2}$/.test(padding)) throw invalid('there is data after the padding, or too much of it');
    position += text.length;
    left += body;
    const whole = left.length - (left.length % 4);
    if (whole > 0) yield Buffer.from(left.slice(0, whole), 'base64url');
    left = left.slice(whole);
  }
  yield lastBytes(left, padding, variant);
}

function lastBytes(left: string, padding: string, variant: Base64Variant): Uint8Array {
  const wanted = (4 - (left.length % 4)) % 4;
  if (left.length === 1) throw invalid('its length is wrong: one character is left over');
  if (padding.length !== wanted && (padding !== '' || variant === 'standard'))
    throw invalid(`its padding is wrong: ${wanted} '=' expected, ${padding.length} found`);
  const bytes = Buffer.from(left, 'base64url');
  const again = bytes.toString('base64url');
  if (again !== left.replaceAll('+', '-').replaceAll('/', '_')) throw invalid('its last bits are not zero');
  return bytes;
}

function spell(bytes: Buffer, variant: Base64Variant): string {
  const text = bytes.toString('base64');
  return variant === 'standard' ? text : text.replaceAll('+', '-').replaceAll('/', '_');
}

function strange(body: string, alphabet: RegExp, position: number): Error {
  const at = [...body].findIndex((character) => !alphabet.test(character));
  return invalid(`the character ${JSON.stringify(body[at])} at ${position + at} is not in the alphabet`);
}

function invalid(reason: string): Error {
  return fail('input.invalid', `Base64 decode error: ${reason}`, {
    hint: 'The variants standard (+ and /) and url-safe (- and _) have different alphabets.',
  });
}
