import { fail } from '../../../core/errors.js';

/** A text encoding by its usual name. */
export interface Encoding {
  readonly name: string;
  /** Its byte order mark; empty where it has none. */
  readonly mark: Uint8Array;
}

type Strings = AsyncIterable<string>;
type Bytes = AsyncIterable<Uint8Array>;

const MARKS: Readonly<Record<string, readonly number[]>> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
  'utf-32le': [0xff, 0xfe, 0, 0],
  'utf-32be': [0, 0, 0xfe, 0xff],
};
const SHORT_NAMES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf16: 'utf-16le',
  'utf-16': 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  utf32: 'utf-32le',
  'utf-32': 'utf-32le',
  utf32le: 'utf-32le',
  utf32be: 'utf-32be',
  'us-ascii': 'ascii',
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  iso88591: 'iso-8859-1',
  latin1: 'iso-8859-1',
};
/** Encodings that a strict decoder of the platform reads. */
const STRICT = ['utf-8', 'utf-16le', 'utf-16be'];

/** The encoding of that name. @throws `input.invalid` */
export async function encodingNamed(given: string): Promise<Encoding> {
  const { default: iconv } = await import('iconv-lite');
  const lower = given.trim().toLowerCase();
  const name = SHORT_NAMES[lower] ?? lower;
  const known =
    iconv.encodingExists(name) && !['base64', 'hex', 'binary', 'utf-7-imap', 'internal'].includes(name);
  if (!known)
    throw fail('input.invalid', `Invalid encoding '${given}'`, {
      hint: 'For example utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, ascii, shift_jis, koi8-r.',
    });
  return { name, mark: Uint8Array.from(MARKS[name] ?? []) };
}

/**
 * Text from bytes. The byte order mark is left out.
 * @throws `tool.failed` for bytes that mean nothing in that encoding
 */
export async function* decodeText(chunks: Bytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = STRICT.includes(encoding.name) ? strictDecoder(encoding) : await tableDecoder(encoding);
  let first = true;
  for await (const chunk of chunks) {
    const text = decoder(chunk);
    yield first && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (text !== '') first = false;
  }
  yield decoder(undefined);
}

/** Decodes a piece; the end when there is none. */
type Decode = (chunk: Uint8Array | undefined) => string;

function strictDecoder({ name }: Encoding): Decode {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw malformed(name);
    }
  };
}

async function tableDecoder({ name }: Encoding): Promise<Decode> {
  const { default: iconv } = await import('iconv-lite');
  const decoder = iconv.getDecoder(name, { stripBOM: false });
  const ascii = name === 'ascii';
  return (chunk) => {
    if (ascii && chunk?.some((byte) => byte > 0x7f)) throw malformed(name);
    const text = chunk ? decoder.write(Buffer.from(chunk)) : (decoder.end() ?? '');
    // The tables put this character where bytes mean nothing; none of them can spell it.
    if (text.includes('\ufffd')) throw malformed(name);
    return text;
  };
}

/**
 * Bytes from text.
 * @param mark whether to begin with a byte order mark, where the encoding has one
 * @throws `tool.failed` for a character that the encoding does not have
 */
export async function* encodeText(
  texts: Strings,
  encoding: Encoding,
  mark: boolean,
): AsyncGenerator<Uint8Array> {
  const { default: iconv } = await import('iconv-lite');
  const { name } = encoding;
  if (mark && encoding.mark.length > 0) yield encoding.mark;
  for await (const text of wholeCharacters(texts)) {
    const bytes = iconv.encode(text, name, { addBOM: false });
    if (encoding.mark.length === 0) checkMapped(text, bytes, name, iconv);
    yield bytes;
  }
}

type Iconv = Pick<typeof import('iconv-lite'), 'encode' | 'decode'>;

/** Pieces that do not end in half a character. */
async function* wholeCharacters(texts: Strings): AsyncGenerator<string> {
  let left = '';
  for await (const piece of texts) {
    const text = left + piece;
    const cut = /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
    left = text.slice(cut);
    if (cut > 0) yield text.slice(0, cut);
  }
  if (left !== '') yield left;
}

/** What the tables do not have becomes another character, so reading it again gives another text. */
function checkMapped(text: string, bytes: Uint8Array, name: string, iconv: Iconv): void {
  if (name === 'ascii' ? !/[^\0-\x7f]/.test(text) : iconv.decode(Buffer.from(bytes), name) === text) return;
  const lost = [...text].find((character) =>
    name === 'ascii' ? character > '\x7f' : iconv.decode(iconv.encode(character, name), name) !== character,
  );
  const code = lost?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  throw fail('tool.failed', `The character ${JSON.stringify(lost)} (U+${code}) does not exist in ${name}`, {
    hint: 'Convert to utf-8 or another encoding that has it.',
    details: { character: lost, encoding: name },
  });
}

function malformed(name: string): Error {
  return fail('tool.failed', `The file is not valid ${name}: it has malformed input`, {
    hint: 'Pass from_encoding if it was guessed wrongly.',
    details: { encoding: name },
  });
}
