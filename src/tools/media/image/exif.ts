import type { JsonObject, JsonValue } from '../../../core/values.js';
import { type Tags, TiffReader } from './tiff.js';

const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;

/** Fields of the main directory and of the EXIF directory that people ask for. */
const FIELDS: Readonly<Record<number, string>> = {
  270: 'description',
  271: 'make',
  272: 'model',
  274: 'orientation',
  305: 'software',
  306: 'modified',
  315: 'artist',
  33432: 'copyright',
  33434: 'exposure_time',
  33437: 'f_number',
  34850: 'exposure_program',
  34855: 'iso',
  36867: 'taken',
  37385: 'flash',
  37386: 'focal_length',
  41986: 'exposure_mode',
  41987: 'white_balance',
  41989: 'focal_length_35mm',
  42035: 'lens_make',
  42036: 'lens_model',
};
const DATES = new Set(['modified', 'taken']);

/** The selected fields of an EXIF block (the part that begins with `II` or `MM`); undefined when it is none. */
export function readExif(block: Buffer): JsonObject | undefined {
  const reader = TiffReader.open(block);
  const [main] = reader?.directories() ?? [];
  return reader && main && exifFields(reader, main);
}

/** The selected fields below a directory. */
export function exifFields(reader: TiffReader, main: Tags): JsonObject | undefined {
  const fields: JsonObject = {
    ...selected(main),
    ...selected(reader.tagsAt(main.get(EXIF_DIRECTORY))),
  };
  const position = gps(reader.tagsAt(main.get(GPS_DIRECTORY)));
  if (position) fields.gps = position;
  return Object.keys(fields).length > 0 ? fields : undefined;
}

function selected(tags: Tags): JsonObject {
  const found: JsonObject = {};
  for (const [tag, value] of tags) {
    const name = FIELDS[tag];
    if (name === undefined) continue;
    found[name] = readable(name, typeof value === 'string' ? value : (value[0] ?? null));
  }
  return found;
}

/** `2024:05:06 07:08:09` is written as the rest of the world writes it; no time zone is known. */
function readable(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6;
  if (typeof value !== 'string' || !DATES.has(name)) return value;
  return value.replace(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/, '$1-$2-$3T$4');
}

function gps(tags: Tags): JsonObject | undefined {
  const latitude = degrees(tags, 1, 2, 'S');
  const longitude = degrees(tags, 3, 4, 'W');
  if (latitude === undefined || longitude === undefined) return undefined;
  const altitude = tags.get(6);
  const below = tags.get(5);
  const sign = Array.isArray(below) && below[0] === 1 ? -1 : 1;
  return {
    latitude,
    longitude,
    ...(Array.isArray(altitude) && { altitude: sign * altitude[0]! }),
  };
}

function degrees(tags: Tags, half: number, tag: number, negative: string): number | undefined {
  const parts = tags.get(tag);
  if (!Array.isArray(parts) || parts.length < 3) return undefined;
  const value = parts[0]! + parts[1]! / 60 + parts[2]! / 3600;
  return Math.round((tags.get(half) === negative ? -value : value) * 1e6) / 1e6;
}
