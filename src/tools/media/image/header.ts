import { type ImageFormat, sniffImage } from './format.js';
import { readAvif } from './header-avif.js';
import type { HeaderFields } from './header-fields.js';
import { readGif } from './header-gif.js';
import { readJpeg } from './header-jpeg.js';
import { readPng } from './header-png.js';
import { readBmp, readIco, readTiff } from './header-simple.js';
import { readWebp } from './header-webp.js';

/** The header of an image of a known format. */
export interface ImageHeader extends HeaderFields {
  format: Exclude<ImageFormat, 'unknown' | 'svg'>;
}

const READERS: Readonly<Record<string, (bytes: Buffer) => HeaderFields | undefined>> = {
  png: readPng,
  jpeg: readJpeg,
  gif: readGif,
  webp: readWebp,
  avif: readAvif,
  heic: readAvif,
  tiff: readTiff,
  bmp: readBmp,
  ico: readIco,
};

/** Reads the header of a whole file; undefined when the format is not known or the header is broken. */
export function readHeader(bytes: Buffer): ImageHeader | undefined {
  const format = sniffImage(bytes);
  const fields = READERS[format]?.(bytes);
  if (!fields || !(fields.width > 0 && fields.height > 0)) return undefined;
  return { ...fields, format: format as ImageHeader['format'] };
}

/** Width and height as a viewer shows them: orientations from 5 on lie on their side. */
export function shownSize({ width, height, orientation = 1 }: ImageHeader): {
  width: number;
  height: number;
} {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
