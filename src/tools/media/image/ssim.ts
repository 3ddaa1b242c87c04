import type { ExecutionContext } from '../../../core/context.js';
import { CHANNELS, inBands, type Pixels } from './pixels.js';

/** Edge of the window whose structure is compared, and the step from one to the next. */
const WINDOW = 8;
const STEP = 4;
/** Keep the quotients stable where a window is flat; as in the paper of Wang et al. (2004). */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * Mean structural similarity of the brightness of two pictures of one size: 1 for identical ones, near 0 where they
 * have nothing in common, below 0 where one is the inverse of the other.
 */
export async function structuralSimilarity(
  one: Pixels,
  two: Pixels,
  context: ExecutionContext,
): Promise<number> {
  const [a, b] = [await brightness(one, context), await brightness(two, context)];
  const { width, height } = one;
  const [across, down] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  let [sum, windows] = [0, 0];
  await inBands(
    one,
    context,
    (from, to) => {
      for (let y = from; y < to && y + down <= height; y += STEP)
        for (let x = 0; x + across <= width; x += STEP) {
          sum += windowSimilarity(a, b, y * width + x, width, across, down);
          windows += 1;
        }
    },
    STEP,
  );
  return sum / windows;
}

/** Brightness over white paper, so that transparent pixels count as what is seen. */
async function brightness(pixels: Pixels, context: ExecutionContext): Promise<Float32Array> {
  const { data, width, height } = pixels;
  const out = new Float32Array(width * height);
  await inBands(pixels, context, (from, to) => {
    for (let pixel = from * width, at = pixel * CHANNELS; pixel < to * width; pixel++, at += CHANNELS) {
      const alpha = data[at + 3]! / 255;
      const luma = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
      out[pixel] = luma * alpha + 255 * (1 - alpha);
    }
  });
  return out;
}

function windowSimilarity(
  a: Float32Array,
  b: Float32Array,
  start: number,
  width: number,
  across: number,
  down: number,
): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = 0; row < down; row++)
    for (let at = start + row * width, end = at + across; at < end; at++) {
      const [p, q] = [a[at]!, b[at]!];
      sumA += p;
      sumB += q;
      squaresA += p * p;
      squaresB += q * q;
      products += p * q;
    }
  const n = across * down;
  const [meanA, meanB] = [sumA / n, sumB / n];
  const [varianceA, varianceB] = [squaresA / n - meanA * meanA, squaresB / n - meanB * meanB];
  const covariance = products / n - meanA * meanB;
  const likeness = (2 * meanA * meanB + C1) * (2 * covariance + C2);
  return likeness / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
}
