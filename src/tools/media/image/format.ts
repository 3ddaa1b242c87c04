import { extname } from 'node:path';

/** What an image file can be; `unknown` is everything else. */
export type ImageFormat =
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'webp'
  | 'avif'
  | 'tiff'
  | 'bmp'
  | 'ico'
  | 'heic'
  | 'svg'
  | 'unknown';

/** The formats that can be written. */
export const OUTPUT_FORMATS = ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const;
/** A format that can be written. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Bytes from the beginning of a file that {@link sniffImage} looks at. */
export const SNIFF_BYTES = 1024;

const MIME: Readonly<Record<ImageFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  unknown: 'application/octet-stream',
};

const EXTENSIONS: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.gif': 'gif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

/** Recognises a format by its first bytes: [format, the bytes it has to have]. A space stands for any byte. */
const SIGNATURES: readonly (readonly [ImageFormat, string])[] = [
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['gif', 'GIF87a'],
  ['gif', 'GIF89a'],
  ['webp', 'RIFF    WEBP'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0+'],
  ['avif', '    ftypavif'],
  ['avif', '    ftypavis'],
  ['heic', '    ftyphei'],
  ['heic', '    ftyphev'],
  ['heic', '    ftypmif1'],
  ['heic', '    ftypmsf1'],
  ['bmp', 'BM'],
  ['ico', '\0\0\x01\0'],
];

/** The format that the first bytes of a file show; its name plays no part. */
export function sniffImage(bytes: Uint8Array): ImageFormat {
  const start = Buffer.from(bytes.subarray(0, SNIFF_BYTES)).toString('latin1');
  const found = SIGNATURES.find(([, signature]) => fits(start, signature));
  if (found) return found[0] === 'heic' && isAvif(start) ? 'avif' : found[0];
  return /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|svg)/i.test(start) && /<svg[\s>]/i.test(start)
    ? 'svg'
    : 'unknown';
}

/** MIME type of a format. */
export function mimeType(format: ImageFormat): string {
  return MIME[format];
}

/** Whether images of this format can be changed and written, not only described. */
export function isOutputFormat(format: string): format is OutputFormat {
  return (OUTPUT_FORMATS as readonly string[]).includes(format);
}

/** The format that a file name asks for, if it is one that can be written. */
export function formatOfName(path: string): OutputFormat | undefined {
  return EXTENSIONS[extname(path).toLowerCase()];
}

function fits(start: string, signature: string): boolean {
  if (start.length < signature.length) return false;
  return [...signature].every((wanted, at) => wanted === ' ' || wanted === start[at]);
}

/** A file of the general kind says among its compatible brands that it is AVIF. */
function isAvif(start: string): boolean {
  const length = Buffer.from(start.slice(0, 4), 'latin1').readUInt32BE(0);
  return /^(?:.{4})*?avi[fs]/s.test(start.slice(16, Math.min(length, SNIFF_BYTES)));
}
