import type { ExecutionContext } from '../../../core/context.js';
import type { GuardedFile } from '../../../security/files.js';
import { readAt } from '../limits.js';

const BLOCK = 256 * 1024;
const HEADER = 7;
const SAMPLES_PER_BLOCK = 1024;
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/**
 * Seconds of a bare AAC stream that begins at `offset`. Nothing in it says how long it is and its bit rate varies, so
 * its frames are counted, from header to header. Undefined where there is no frame.
 */
export async function adtsDuration(
  file: GuardedFile,
  offset: number,
  context: ExecutionContext,
): Promise<number | undefined> {
  let [at, samples, rate] = [offset, 0, 0];
  for (;;) {
    context.signal.throwIfAborted();
    const block = await readAt(file, at, BLOCK);
    let inside = 0;
    for (; inside + HEADER <= block.length; ) {
      const frame = readFrame(block, inside);
      if (!frame) return seconds(samples, rate);
      samples += frame.samples;
      rate = frame.rate;
      inside += frame.length;
    }
    if (inside === 0 || block.length < BLOCK) return seconds(samples, rate);
    at += inside;
  }
}

function readFrame(bytes: Buffer, at: number): { length: number; samples: number; rate: number } | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return undefined;
  const rate = RATES[(bytes[at + 2]! >> 2) & 15];
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  if (rate === undefined || length < HEADER) return undefined;
  return { length, samples: SAMPLES_PER_BLOCK * ((bytes[at + 6]! & 3) + 1), rate };
}

function seconds(samples: number, rate: number): number | undefined {
  return samples > 0 ? samples / rate : undefined;
}
