/** Rows of a sample, in the order of the table. */
export async function firstRows(batches: AsyncIterable<string[][]>, size: number): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const batch of batches) {
    rows.push(...batch.slice(0, size - rows.length));
    if (rows.length >= size) break;
  }
  return rows;
}

/**
 * A random sample in which every row has the same chance, in the order of the table (algorithm R).
 * @param random gives numbers in [0, 1)
 */
export async function randomRows(
  batches: AsyncIterable<string[][]>,
  size: number,
  random: () => number,
): Promise<string[][]> {
  const kept: { place: number; row: string[] }[] = [];
  let seen = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      const place = seen++;
      if (kept.length < size) kept.push({ place, row });
      else {
        const chosen = Math.floor(random() * seen);
        if (chosen < size) kept[chosen] = { place, row };
      }
    }
  }
  return kept.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

/** Numbers in [0, 1) that follow from a seed. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
