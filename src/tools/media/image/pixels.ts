import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { MediaLimits } from '../limits.js';
import { decode, type LoadedImage, readable } from './load.js';

/** Pixels that are looked at one by one: they are all in memory then. */
export const MAX_PIXELS = 25_000_000;
/** Channels of a pixel: red, green, blue, alpha. */
export const CHANNELS = 4;
/** Bytes worked through between two looks at the signal; a few milliseconds. */
const BYTES_AT_ONCE = 2_000_000;

/** The decoded pixels of an image: four bytes each, row by row. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/** Decodes an image completely, in sRGB with alpha, 8 bits per channel. */
export async function pixelsOf(image: LoadedImage, limits: MediaLimits): Promise<Pixels> {
  if (image.width * image.height > MAX_PIXELS)
    throw fail('tool.failed', `'${image.path}' has more than ${MAX_PIXELS / 1e6} million pixels`, {
      hint: 'Resize it first.',
    });
  const { pipeline } = await decode(image, limits);
  const raw = pipeline.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' });
  const { data, info } = await readable(image.path, raw.toBuffer({ resolveWithObject: true }), limits);
  return { data, width: info.width, height: info.height };
}

/**
 * Works through rows of pixels without holding up everything else.
 * @param work is given the first row and the row after the last of each part
 */
export async function inBands(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  context: ExecutionContext,
  work: (from: number, to: number) => void,
  step = 1,
): Promise<void> {
  const rows = Math.max(step, Math.floor(BYTES_AT_ONCE / (width * CHANNELS) / step) * step);
  for (let from = 0; from < height; from += rows) {
    context.signal.throwIfAborted();
    work(from, Math.min(height, from + rows));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
