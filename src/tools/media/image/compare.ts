import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { type MediaLimits, needed } from '../limits.js';
import { type LoadedImage, loadImage, loadSharp } from './load.js';
import { CHANNELS, inBands, type Pixels, pixelsOf } from './pixels.js';
import type { ImageInput } from './schema.js';
import { structuralSimilarity } from './ssim.js';
import { writeImage } from './write.js';

/** Decimal places of the figures in a result. */
const DIGITS = 6;

interface Difference {
  /** Pixels that differ by more than the threshold. */
  differing: number;
  sumAbsolute: number;
  sumSquares: number;
  largest: number;
  /** Where they differ: red on the dimmed first picture. */
  image: Buffer;
}

/** Compares two pictures pixel by pixel and by structure. */
export async function compare(
  input: ImageInput,
  first: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const second = await loadImage(needed('compare_path', input.compare_path), limits, context);
  if (first.width !== second.width || first.height !== second.height) return otherSize(first, second);
  const [one, two] = [await pixelsOf(first, limits), await pixelsOf(second, limits)];
  const difference = await differences(one, two, input.threshold, context);
  const ssim = await structuralSimilarity(one, two, context);
  if (input.target_path !== undefined) await writeDifference(one, difference, input, first, limits, context);
  const figures = describe(one, difference, ssim);
  return {
    result: {
      file_path: first.path,
      compare_path: second.path,
      same_dimensions: true,
      ...figures,
      ...(input.target_path !== undefined && { target_path: input.target_path }),
    },
    message: figures.identical
      ? 'The images are identical'
      : `${difference.differing} pixels differ, similarity ${figures.ssim}`,
  };
}

/** Pictures of different sizes have no pixels to compare; that is a result. */
function otherSize(first: LoadedImage, second: LoadedImage): ToolOutcome {
  const size = ({ width, height }: LoadedImage) => ({ width, height });
  return {
    result: {
      file_path: first.path,
      compare_path: second.path,
      same_dimensions: false,
      identical: false,
      dimensions: size(first),
      compare_dimensions: size(second),
    },
    message: `The images differ in size: ${first.width} × ${first.height} and ${second.width} × ${second.height}`,
  };
}

async function differences(
  one: Pixels,
  two: Pixels,
  threshold: number,
  context: ExecutionContext,
): Promise<Difference> {
  const total: Difference = {
    differing: 0,
    sumAbsolute: 0,
    sumSquares: 0,
    largest: 0,
    image: Buffer.allocUnsafe(one.data.length),
  };
  await inBands(one, context, (from, to) => {
    const row = one.width * CHANNELS;
    for (let at = from * row; at < to * row; at += CHANNELS)
      if (addPixel(one.data, two.data, at, total) > threshold) mark(total, at);
  });
  return total;
}

/** Adds one pixel to the sums, draws it dimmed, and gives the largest difference of its channels. */
function addPixel(one: Buffer, two: Buffer, at: number, total: Difference): number {
  let most = 0;
  for (let channel = at; channel < at + CHANNELS; channel++) {
    const delta = Math.abs(one[channel]! - two[channel]!);
    total.sumAbsolute += delta;
    total.sumSquares += delta * delta;
    if (delta > most) most = delta;
    total.image[channel] = 192 + (one[channel]! >> 2);
  }
  total.image[at + 3] = 255;
  if (most > total.largest) total.largest = most;
  return most;
}

function mark(total: Difference, at: number): void {
  total.differing += 1;
  total.image[at] = 255;
  total.image[at + 1] = 0;
  total.image[at + 2] = 0;
}

function describe({ width, height }: Pixels, difference: Difference, ssim: number) {
  const samples = width * height * CHANNELS;
  const meanSquare = difference.sumSquares / samples;
  return {
    width,
    height,
    identical: difference.largest === 0,
    different_pixels: difference.differing,
    difference_percent: rounded((100 * difference.differing) / (width * height)),
    max_difference: difference.largest,
    mean_absolute_error: rounded(difference.sumAbsolute / samples),
    root_mean_square_error: rounded(Math.sqrt(meanSquare)),
    /** Decibels; unlimited, and therefore absent, for identical pictures. */
    psnr: meanSquare === 0 ? null : rounded(10 * Math.log10((255 * 255) / meanSquare)),
    ssim: rounded(ssim),
    similarity: rounded(Math.max(0, ssim)),
  } satisfies JsonObject;
}

async function writeDifference(
  { width, height }: Pixels,
  { image }: Difference,
  input: ImageInput,
  first: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<void> {
  const sharp = await loadSharp();
  const picture = sharp(image, { raw: { width, height, channels: CHANNELS } });
  await writeImage(picture, { ...input, keep_metadata: false }, first, limits, context);
}

function rounded(value: number): number {
  if (!Number.isFinite(value)) throw fail('internal.error', 'A figure of a comparison is not finite');
  return Number(value.toFixed(DIGITS));
}
