import { readExif } from './exif.js';
import type { HeaderFields } from './header-fields.js';

const COLOR_MODES: Readonly<Record<number, string>> = { 1: 'gray', 3: 'rgb', 4: 'cmyk' };
/** Segments before the picture's data; real files have a dozen. */
const MAX_SEGMENTS = 10_000;
const APP0 = 0xe0;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/** The header of a JPEG file. */
export function readJpeg(bytes: Buffer): HeaderFields | undefined {
  const fields: HeaderFields = { width: 0, height: 0, hasAlpha: false, pages: 1 };
  for (const [marker, data] of segments(bytes)) {
    if (isFrame(marker)) readFrame(data, fields);
    else if (marker === APP0) readDensity(data, fields);
    else if (marker === APP1 && data.toString('latin1', 0, 6) === 'Exif\0\0')
      fields.exif = readExif(data.subarray(6));
  }
  if (typeof fields.exif?.orientation === 'number') fields.orientation = fields.exif.orientation;
  return fields;
}

function* segments(bytes: Buffer): Generator<[number, Buffer]> {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS && at + 4 <= bytes.length; count++) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // fill bytes may stand before a marker
      continue;
    }
    if (marker === START_OF_SCAN) return;
    const length = bytes.readUInt16BE(at + 2);
    yield [marker, bytes.subarray(at + 4, at + 2 + length)];
    at += 2 + length;
  }
}

/** Start of frame, of whatever coding; C4, C8 and CC mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readFrame(data: Buffer, fields: HeaderFields): void {
  if (data.length < 6) return;
  fields.bitDepth = data[0]!;
  fields.height = data.readUInt16BE(1);
  fields.width = data.readUInt16BE(3);
  fields.colorMode = COLOR_MODES[data[5]!];
}

function readDensity(data: Buffer, fields: HeaderFields): void {
  if (data.length < 12 || data.toString('latin1', 0, 5) !== 'JFIF\0') return;
  const [unit, density] = [data[7]!, data.readUInt16BE(8)];
  if (unit === 1) fields.dpi = density;
  if (unit === 2) fields.dpi = Math.round(density * 2.54);
}
