import { isUtf8 } from 'node:buffer';
import { fail } from '../../../core/errors.js';

/** Bytes of a chunk that are looked at to tell its encoding. */
const PROBE_BYTES = 64 * 1024;

/** Byte order marks, the longer first. */
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The encoding of a text by its first bytes: its byte order mark, else UTF-8 if it could be, else the likeliest. */
export async function detectEncoding(start: Uint8Array): Promise<string> {
  const mark = MARKS.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte));
  if (mark) return mark[0];
  const probe = start.subarray(0, PROBE_BYTES);
  if (!looksWide(probe) && isUtf8(wholeCharacters(probe))) return 'utf-8';
  const chardet = await import('chardet');
  return chardet.detect(probe)?.toLowerCase() ?? 'windows-1252';
}

/** Whether the encoding is one that can be read. @throws `input.invalid` */
export async function checkEncoding(name: string): Promise<string> {
  const iconv = (await import('iconv-lite')).default;
  if (iconv.encodingExists(name)) return name.toLowerCase();
  throw fail('input.invalid', `Unknown encoding '${name}'`, {
    hint: 'For example utf-8, utf-16le, windows-1252, iso-8859-1, shift_jis.',
  });
}

/** Text from bytes, piece by piece; the byte order mark is left out. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<string, void, undefined> {
  const iconv = (await import('iconv-lite')).default;
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  for await (const chunk of chunks) yield decoder.write(Buffer.from(chunk));
  yield decoder.end() ?? '';
}

/** Whether the encoding needs no conversion for a reader of UTF-8. */
export function isUtf8Name(encoding: string): boolean {
  return encoding === 'utf-8' || encoding === 'utf8' || encoding === 'ascii';
}

/** The bytes without a character that was cut off at their end. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
  }
  return bytes;
}

/** NUL at every other place: UTF-16 without its mark. */
function looksWide(bytes: Uint8Array): boolean {
  const nuls = bytes.subarray(0, 1000).reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  return nuls > Math.min(bytes.length, 1000) / 4;
}
