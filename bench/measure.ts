/** One figure: what was measured, against what, and what we aim for. */
export interface Figure {
  name: string;
  /** In `unit`. */
  value: number;
  unit: string;
  /** The peer or physical floor, measured in the same run. */
  against?: { name: string; value: number };
  /** `value / against.value`. */
  ratio?: number;
  /** The ratio (or the value, without a peer) that we want at most. */
  aim?: number;
}

/** The median of `samples`. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Runs the candidates in turn, so that whatever else the machine does falls on all alike.
 * @returns the median milliseconds of each.
 */
export async function alternate(rounds: number, candidates: readonly (() => unknown)[]): Promise<number[]> {
  const samples = candidates.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [index, candidate] of candidates.entries()) samples[index]!.push(await timed(candidate));
  }
  return samples.map(median);
}

/** A figure with its peer. */
export function compared(
  name: string,
  unit: string,
  value: number,
  against: { name: string; value: number },
  aim: number,
): Figure {
  return { name, unit, value, against, ratio: value / against.value, aim };
}
