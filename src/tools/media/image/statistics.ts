import type { Stats } from 'sharp';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { MediaLimits } from '../limits.js';
import { decode, type LoadedImage, readable } from './load.js';
import { CHANNELS, inBands, type Pixels, pixelsOf } from './pixels.js';
import type { ImageInput } from './schema.js';

const NAMES = ['red', 'green', 'blue'] as const;

/** Measures colours: mean, spread, histogram, dominant colour, entropy. */
export async function statistics(
  input: ImageInput,
  source: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const pixels = await pixelsOf(source, limits);
  const counts = await histograms(pixels, context);
  const { pipeline, metadata } = await decode(source, limits);
  const stats = await readable(source.path, pipeline.stats(), limits);
  context.signal.throwIfAborted();
  const { dominant } = stats;
  return {
    result: {
      file_path: source.path,
      width: pixels.width,
      height: pixels.height,
      channels: NAMES.map((name, index) => channel(name, counts[index]!)),
      mean_color: hex(counts.slice(0, 3).map((histogram) => mean(histogram))),
      dominant_color: hex([dominant.r, dominant.g, dominant.b]),
      ...measures(stats),
      color_space: metadata.space,
      histogram: Object.fromEntries(
        [...NAMES, 'brightness' as const].map((name, index) => [name, binned(counts[index]!, input.bins)]),
      ),
    },
    message: `Measured ${pixels.width} × ${pixels.height} pixels`,
  };
}

function measures({ entropy, sharpness, isOpaque }: Stats): JsonObject {
  return { entropy: rounded(entropy), sharpness: rounded(sharpness), opaque: isOpaque };
}

/** How often each value occurs: of red, green, blue, and of the brightness. Invisible pixels do not count. */
async function histograms(pixels: Pixels, context: ExecutionContext): Promise<Uint32Array[]> {
  const counts = Array.from({ length: CHANNELS }, () => new Uint32Array(256));
  const [red, green, blue, bright] = counts as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const { data, width } = pixels;
  await inBands(pixels, context, (from, to) => {
    for (let at = from * width * CHANNELS; at < to * width * CHANNELS; at += CHANNELS) {
      if (data[at + 3] === 0) continue;
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
      red[r]! += 1;
      green[g]! += 1;
      blue[b]! += 1;
      bright[Math.round(0.299 * r + 0.587 * g + 0.114 * b)]! += 1;
    }
  });
  return counts;
}

function channel(name: string, histogram: Uint32Array): JsonObject {
  const average = mean(histogram);
  const present = [...histogram.keys()].filter((value) => histogram[value]! > 0);
  const squares = histogram.reduce((sum, count, value) => sum + count * (value - average) ** 2, 0);
  return {
    channel: name,
    min: present[0] ?? null,
    max: present.at(-1) ?? null,
    mean: rounded(average),
    standard_deviation: rounded(Math.sqrt(squares / Math.max(1, total(histogram)))),
  };
}

function mean(histogram: Uint32Array): number {
  const sum = histogram.reduce((so, count, value) => so + count * value, 0);
  return sum / Math.max(1, total(histogram));
}

function total(histogram: Uint32Array): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

function binned(histogram: Uint32Array, bins: number): number[] {
  const out = new Array<number>(bins).fill(0);
  histogram.forEach((count, value) => {
    out[Math.floor((value * bins) / 256)]! += count;
  });
  return out;
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
