import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';

/** Turns bytes into text piece by piece. */
export interface TextReader {
  /** The name of the encoding. */
  readonly charset: string;
  write(bytes: Uint8Array): string;
  end(): string;
}

/** Bytes decoded before others get a turn. */
const CHUNK_BYTES = 256 * 1024;
/** Bytes at the beginning in which a page may name its encoding. */
const DECLARATION_BYTES = 4096;
/** Bytes looked at when a page does not say. */
const GUESS_BYTES = 64 * 1024;

/** The web's reading of labels that other programs take more literally. */
const WEB_NAMES: Readonly<Record<string, string>> = {
  ascii: 'windows-1252',
  'us-ascii': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  utf8: 'utf-8',
};

/** The text of a page and the encoding it was in. */
export async function decodePage(
  bytes: Uint8Array,
  contentType: string | undefined,
  chosen?: string,
): Promise<{ text: string; charset: string }> {
  const reader = await textReader(chosen ?? (await detectCharset(bytes, contentType)));
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    parts.push(reader.write(bytes.subarray(at, at + CHUNK_BYTES)));
    await setImmediate();
  }
  return { text: parts.join('') + reader.end(), charset: reader.charset };
}

/**
 * The encoding of a page: its byte order mark, the header, what it says of itself; else UTF-8 when it is that,
 * else what its letters look like.
 */
export async function detectCharset(bytes: Uint8Array, contentType: string | undefined): Promise<string> {
  const said = namedCharset(bytes, contentType);
  if (said !== undefined) return said;
  if (isUtf8(bytes)) return 'utf-8';
  const { detect } = await import('chardet');
  return (detect(bytes.subarray(0, GUESS_BYTES)) ?? 'windows-1252').toLowerCase();
}

/** The encoding that the byte order mark, the header or the page itself names. */
export function namedCharset(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  return byteOrderMark(bytes) ?? known(charsetOfType(contentType ?? '')) ?? known(declaredCharset(bytes));
}

/** A reader for an encoding; UTF-8 where nobody knows the name. A byte order mark is no text. */
export async function textReader(label: string): Promise<TextReader> {
  const charset = webName(label);
  const { default: iconv } = await import('iconv-lite');
  if (charset !== 'utf-8' && iconv.encodingExists(charset)) {
    const decoder = iconv.getDecoder(charset, { stripBOM: true });
    return {
      charset,
      write: (bytes) => decoder.write(Buffer.from(bytes)),
      end: () => decoder.end() ?? '',
    };
  }
  const decoder = new TextDecoder(isKnownToPlatform(charset) ? charset : 'utf-8');
  return {
    charset: decoder.encoding,
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

function webName(label: string): string {
  const name = label.trim().toLowerCase();
  return WEB_NAMES[name] ?? name;
}

function isKnownToPlatform(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== '';
  } catch {
    return false;
  }
}

/** A label is only a hint: what no decoder knows says nothing. */
function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  const name = webName(label);
  return isKnownToPlatform(name) || /^(?:cp\d+|mac\w+|utf-7)$/.test(name) ? name : undefined;
}

function byteOrderMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

function charsetOfType(contentType: string): string | undefined {
  return /charset\s*=\s*["']?\s*([^"';\s]+)/i.exec(contentType)?.[1];
}

/** What a `<meta>` or an XML declaration says. It could be read as ASCII, so it cannot mean UTF-16. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const label =
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w:.-]+)/i.exec(head)?.[1] ??
    /<meta[^>]+?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1];
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}
