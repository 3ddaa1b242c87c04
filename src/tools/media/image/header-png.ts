import { readExif } from './exif.js';
import type { HeaderFields } from './header-fields.js';

const COLOR_MODES: Readonly<Record<number, string>> = {
  0: 'gray',
  2: 'rgb',
  3: 'indexed',
  4: 'gray',
  6: 'rgb',
};
const WITH_ALPHA = new Set([4, 6]);
/** Chunks that are looked at; pictures have a few dozen besides their data. */
const MAX_CHUNKS = 100_000;
const INCHES_PER_METRE = 39.3701;

/** The header of a PNG file. */
export function readPng(bytes: Buffer): HeaderFields | undefined {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const colorType = bytes[25]!;
  const fields: HeaderFields = {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    bitDepth: bytes[24]!,
    colorMode: COLOR_MODES[colorType],
    hasAlpha: WITH_ALPHA.has(colorType),
    pages: 1,
  };
  for (const [name, data] of chunks(bytes)) READ[name]?.(data, fields);
  return fields;
}

const READ: Readonly<Record<string, (data: Buffer, fields: HeaderFields) => void>> = {
  tRNS: (_data, fields) => {
    fields.hasAlpha = true;
  },
  acTL: (data, fields) => {
    if (data.length >= 4) fields.pages = data.readUInt32BE(0);
  },
  pHYs: (data, fields) => {
    if (data.length >= 9 && data[8] === 1) fields.dpi = Math.round(data.readUInt32BE(0) / INCHES_PER_METRE);
  },
  eXIf: (data, fields) => {
    fields.exif = readExif(data);
    if (typeof fields.exif?.orientation === 'number') fields.orientation = fields.exif.orientation;
  },
};

function* chunks(bytes: Buffer): Generator<[string, Buffer]> {
  let at = 8;
  for (let count = 0; at + 12 <= bytes.length && count < MAX_CHUNKS; count++) {
    const length = bytes.readUInt32BE(at);
    yield [bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length)];
    at += 12 + length;
  }
}
