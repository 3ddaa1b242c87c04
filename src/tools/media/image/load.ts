import type { Metadata, Sharp } from 'sharp';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { readFileGuarded } from '../../../security/files.js';
import { loadFeature } from '../../features.js';
import { checkDimensions, type MediaLimits, tooLate } from '../limits.js';
import { isOutputFormat, mimeType, type OutputFormat, sniffImage } from './format.js';
import { type ImageHeader, readHeader, shownSize } from './header.js';

/** An image file whose header was read and found to be within the limits. Nothing is decoded yet. */
export interface LoadedImage {
  path: string;
  bytes: Buffer;
  header: ImageHeader & { format: OutputFormat };
  /** As a viewer shows it. */
  width: number;
  height: number;
}

/** An image that is about to be decoded. */
export interface DecodedImage {
  pipeline: Sharp;
  metadata: Metadata;
}

/** The image library. @throws `feature.missing` */
export async function loadSharp() {
  return (await loadFeature('images', () => import('sharp'))).default;
}

/**
 * Reads an image that is to be changed or measured.
 * @throws `tool.failed` for what is not one of the formats that are decoded, is broken, or has too many pixels
 */
export async function loadImage(
  path: string,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<LoadedImage> {
  const bytes = await readFileGuarded(path, context, { maxBytes: limits.maxBytes });
  const header = readHeader(bytes);
  if (!header || !isOutputFormat(header.format)) throw notDecodable(path, bytes);
  checkDimensions(path, header.width, header.height, limits);
  return { path, bytes, header: { ...header, format: header.format }, ...shownSize(header) };
}

/**
 * Begins to decode an image. The library looks for itself what it is given: were that something else than the header
 * said (a drawing that loads further files, say), it is refused before a pixel is made.
 * @param animated all frames of an animation instead of the first
 */
export async function decode(
  { bytes, header, path }: LoadedImage,
  limits: MediaLimits,
  animated = false,
): Promise<DecodedImage> {
  const sharp = await loadSharp();
  const pipeline = sharp(bytes, {
    failOn: 'error',
    limitInputPixels: limits.maxWidth * limits.maxHeight,
    unlimited: false,
    autoOrient: true,
    animated,
  }).timeout({ seconds: Math.min(limits.timeoutSeconds, 300) });
  const metadata = await readable(path, pipeline.metadata(), limits);
  const expected = header.format === 'avif' ? 'heif' : header.format;
  if (metadata.format !== expected)
    throw fail('tool.failed', `'${path}' begins like ${header.format} but is ${metadata.format}`);
  return { pipeline, metadata };
}

/** The library's failures as `tool.failed` with the file's name, or as `component.timeout`. */
export async function readable<T>(path: string, work: Promise<T>, limits: MediaLimits): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (/^timeout/.test((error as Error).message)) throw tooLate('The image', limits);
    const reason = (error as Error).message.split('\n')[0]!.trim();
    throw fail('tool.failed', `The image '${path}' could not be processed: ${reason}`, { cause: error });
  }
}

function notDecodable(path: string, bytes: Buffer): Error {
  const format = sniffImage(bytes);
  if (isOutputFormat(format)) return fail('tool.failed', `The header of '${path}' is broken (${format})`);
  const what =
    format === 'unknown' ? 'not an image of a known format' : `an image of type ${mimeType(format)}`;
  return fail('tool.failed', `Image format not supported: '${path}' is ${what}`, {
    hint: 'These can be decoded: png, jpeg, webp, avif, gif, tiff.',
    details: { format },
  });
}
