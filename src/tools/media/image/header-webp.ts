import { readExif } from './exif.js';
import type { HeaderFields } from './header-fields.js';

const MAX_CHUNKS = 100_000;
const ALPHA = 0x10;

/** The header of a WebP file. */
export function readWebp(bytes: Buffer): HeaderFields | undefined {
  const fields: HeaderFields = {
    width: 0,
    height: 0,
    bitDepth: 8,
    colorMode: 'rgb',
    pages: 1,
    hasAlpha: false,
  };
  let frames = 0;
  for (const [name, data] of chunks(bytes)) {
    if (name === 'ANMF') frames += 1;
    else READ[name]?.(data, fields);
  }
  if (frames > 0) fields.pages = frames;
  if (typeof fields.exif?.orientation === 'number') fields.orientation = fields.exif.orientation;
  return fields;
}

/** The extended header comes first where there is one; what follows repeats its size. */
const READ: Readonly<Record<string, (data: Buffer, fields: HeaderFields) => void>> = {
  VP8X: (data, fields) => {
    if (data.length < 10) return;
    fields.hasAlpha = (data[0]! & ALPHA) !== 0;
    fields.width = 1 + data.readUIntLE(4, 3);
    fields.height = 1 + data.readUIntLE(7, 3);
  },
  'VP8 ': (data, fields) => {
    if (data.length < 10 || fields.width > 0) return;
    fields.width = data.readUInt16LE(6) & 0x3fff;
    fields.height = data.readUInt16LE(8) & 0x3fff;
  },
  VP8L: (data, fields) => {
    if (data.length < 5 || data[0] !== 0x2f || fields.width > 0) return;
    const bits = data.readUInt32LE(1);
    fields.width = 1 + (bits & 0x3fff);
    fields.height = 1 + ((bits >>> 14) & 0x3fff);
    fields.hasAlpha = ((bits >>> 28) & 1) === 1;
  },
  EXIF: (data, fields) => {
    const prefixed = data.toString('latin1', 0, 6) === 'Exif\0\0';
    fields.exif = readExif(prefixed ? data.subarray(6) : data);
  },
};

function* chunks(bytes: Buffer): Generator<[string, Buffer]> {
  let at = 12;
  for (let count = 0; at + 8 <= bytes.length && count < MAX_CHUNKS; count++) {
    const length = bytes.readUInt32LE(at + 4);
    yield [bytes.toString('latin1', at, at + 4), bytes.subarray(at + 8, at + 8 + length)];
    at += 8 + length + (length % 2);
  }
}
