import type { HeaderFields } from './header-fields.js';

/** Where the properties of the pictures stand: boxes inside boxes, with the bytes before the inner ones. */
const WAY: readonly (readonly [string, number])[] = [
  ['meta', 4],
  ['iprp', 0],
  ['ipco', 0],
];
const MAX_BOXES = 10_000;

/**
 * The header of an AVIF or HEIC file. It holds several pictures (tiles, a thumbnail, the alpha plane); the largest
 * size among them is that of the whole.
 */
export function readAvif(bytes: Buffer): HeaderFields | undefined {
  let inside = bytes;
  for (const [name, skip] of WAY) {
    const box = [...boxes(inside)].find(([found]) => found === name);
    if (!box) return undefined;
    inside = box[1].subarray(skip);
  }
  const fields: HeaderFields = { width: 0, height: 0, colorMode: 'rgb', hasAlpha: false };
  for (const [name, data] of boxes(inside)) READ[name]?.(data, fields);
  return fields;
}

const READ: Readonly<Record<string, (data: Buffer, fields: HeaderFields) => void>> = {
  ispe: (data, fields) => {
    if (data.length < 12) return;
    const [width, height] = [data.readUInt32BE(4), data.readUInt32BE(8)];
    if (width * height > fields.width * fields.height) Object.assign(fields, { width, height });
  },
  pixi: (data, fields) => {
    if (data.length < 6) return;
    fields.bitDepth ??= data[5]!;
  },
  auxC: (data, fields) => {
    if (data.toString('latin1', 4).includes('alpha')) fields.hasAlpha = true;
  },
};

function* boxes(bytes: Buffer): Generator<[string, Buffer]> {
  let at = 0;
  for (let count = 0; at + 8 <= bytes.length && count < MAX_BOXES; count++) {
    const length = bytes.readUInt32BE(at) || bytes.length - at;
    if (length < 8) return;
    yield [bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + length)];
    at += length;
  }
}
