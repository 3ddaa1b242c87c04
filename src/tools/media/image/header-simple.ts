import { exifFields } from './exif.js';
import type { HeaderFields } from './header-fields.js';
import { type Tags, TiffReader } from './tiff.js';

const INCHES_PER_METRE = 39.3701;
const PHOTOMETRIC: Readonly<Record<number, string>> = {
  0: 'gray',
  1: 'gray',
  2: 'rgb',
  3: 'indexed',
  5: 'cmyk',
  6: 'rgb',
  8: 'lab',
};

/** The header of a BMP file. */
export function readBmp(bytes: Buffer): HeaderFields | undefined {
  if (bytes.length < 26) return undefined;
  if (bytes.readUInt32LE(14) === 12)
    return {
      width: bytes.readUInt16LE(18),
      height: bytes.readUInt16LE(20),
      ...bmpColors(bytes.readUInt16LE(24)),
    };
  if (bytes.length < 46) return undefined;
  const perMetre = bytes.readInt32LE(38);
  return {
    width: bytes.readInt32LE(18),
    height: Math.abs(bytes.readInt32LE(22)), // negative: stored from top to bottom
    ...bmpColors(bytes.readUInt16LE(28)),
    pages: 1,
    dpi: perMetre > 0 ? Math.round(perMetre / INCHES_PER_METRE) : undefined,
  };
}

function bmpColors(bits: number): Pick<HeaderFields, 'bitDepth' | 'colorMode' | 'hasAlpha'> {
  return {
    bitDepth: bits <= 8 ? bits : bits === 16 ? 5 : 8,
    colorMode: bits <= 8 ? 'indexed' : 'rgb',
    hasAlpha: bits === 32,
  };
}

/** The header of an icon file: its largest picture. */
export function readIco(bytes: Buffer): HeaderFields | undefined {
  const fields: HeaderFields = { width: 0, height: 0, colorMode: 'rgb', pages: bytes.readUInt16LE(4) };
  for (let at = 6, left = fields.pages!; left > 0 && at + 16 <= bytes.length; at += 16, left -= 1) {
    const [width, height] = [bytes[at]! || 256, bytes[at + 1]! || 256];
    if (width * height <= fields.width * fields.height) continue;
    Object.assign(fields, { width, height, hasAlpha: bytes.readUInt16LE(at + 6) === 32 });
  }
  return fields;
}

/** The header of a TIFF file: its first page. */
export function readTiff(bytes: Buffer): HeaderFields | undefined {
  const reader = TiffReader.open(bytes);
  const pages = reader?.directories() ?? [];
  const [main] = pages;
  if (!reader || !main) return undefined;
  return {
    width: tiffNumber(main, 256) ?? 0,
    height: tiffNumber(main, 257) ?? 0,
    bitDepth: tiffNumber(main, 258) ?? 1,
    colorMode: PHOTOMETRIC[tiffNumber(main, 262) ?? -1],
    hasAlpha: main.has(338),
    pages: pages.length,
    dpi: tiffDpi(main),
    orientation: tiffNumber(main, 274),
    exif: exifFields(reader, main),
  };
}

function tiffDpi(tags: Tags): number | undefined {
  const [density, unit] = [tiffNumber(tags, 282), tiffNumber(tags, 296) ?? 2];
  if (density === undefined || unit === 1) return undefined;
  return Math.round(unit === 3 ? density * 2.54 : density);
}

function tiffNumber(tags: Tags, tag: number): number | undefined {
  const value = tags.get(tag);
  return Array.isArray(value) ? value[0] : undefined;
}
