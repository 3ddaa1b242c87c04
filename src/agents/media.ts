import { fail } from '../core/errors.js';
import { isRecord } from '../core/values.js';
import type { MediaPart } from '../providers/model.js';

const FORMATS: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  tiff: 'image/tiff',
};

/**
 * The images of an input: one or a list of `{base64, format?}`; a `data:` URL and raw bytes will do too.
 * @throws `input.invalid` for anything else.
 */
export function asMediaList(raw: unknown): MediaPart[] {
  if (raw === undefined || raw === null) return [];
  if (Array.isArray(raw)) return raw.map(mediaPart);
  if (isRecord(raw) && Object.keys(raw).length === 0) return [];
  return [mediaPart(raw)];
}

function mediaPart(raw: unknown): MediaPart {
  const image = isRecord(raw) ? raw : { base64: raw };
  const data = image.base64 ?? image.data;
  const mediaType = mediaTypeOf(
    image.mediaType ?? image.media_type ?? image.mime_type ?? image.format ?? 'png',
  );
  if (data instanceof Uint8Array) return { mediaType, data: Buffer.from(data).toString('base64') };
  if (typeof data !== 'string')
    throw fail('input.invalid', 'Invalid media: expected an image as {base64, format}');
  const url = /^data:([\w.+/-]+);base64,/.exec(data);
  const text = data.slice(url?.[0].length ?? 0).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw fail('input.invalid', 'Invalid media: the data is not base64');
  return { mediaType: url?.[1] ?? mediaType, data: text };
}

function mediaTypeOf(format: unknown): string {
  const name = String(format).toLowerCase();
  if (name.includes('/')) return name;
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name]!;
  throw fail('input.invalid', `Invalid media: unknown image format '${name}'`, {
    hint: `Known formats are ${Object.keys(FORMATS).join(', ')}.`,
  });
}
