/** A run of tokens that are the same on both sides, or only on one. */
export interface Change<T> {
  readonly kind: 'same' | 'removed' | 'added';
  readonly tokens: readonly T[];
}

/** What a comparison gave. */
export interface Comparison<T> {
  readonly changes: readonly Change<T>[];
  /** The shortest difference would have taken too long: what is shown is right, but longer than need be. */
  readonly approximate: boolean;
}

/** How a comparison is kept in bounds. */
export interface CompareOptions<T> {
  signal: AbortSignal;
  /** Tokens with the same key are equal; the token itself when absent. */
  key?: (token: T) => string;
}

/** Edits beyond which the shortest difference is not sought any more: time and memory grow with the square. */
const MAX_EDITS = 2500;
/** Milliseconds that are spent on it. */
const MAX_MS = 5000;

/** Compares two sequences without holding up the event loop. What both begin and end with is set aside first. */
export async function compare<T extends string>(
  before: readonly T[],
  after: readonly T[],
  { signal, key = (token) => token }: CompareOptions<T>,
): Promise<Comparison<T>> {
  const [oldKeys, newKeys] = [before.map(key), after.map(key)];
  const head = commonHead(oldKeys, newKeys);
  const tail = commonTail(oldKeys, newKeys, head);
  const pair = {
    oldKeys: oldKeys.slice(head, oldKeys.length - tail),
    newKeys: newKeys.slice(head, newKeys.length - tail),
  };
  const found = await shortest(pair, signal);
  signal.throwIfAborted();
  const runs = [{ same: head }, ...(found ?? anchored(pair)), { same: tail }];
  return { changes: materialize(runs, before, after), approximate: found === undefined };
}

/** Keys to compare. */
interface KeyPair {
  oldKeys: readonly string[];
  newKeys: readonly string[];
}
/** Lengths of a run. */
interface Run {
  same?: number;
  removed?: number;
  added?: number;
}

/** The shortest difference, or nothing when it would take too long. */
async function shortest({ oldKeys, newKeys }: KeyPair, signal: AbortSignal): Promise<Run[] | undefined> {
  if (oldKeys.length === 0 || newKeys.length === 0)
    return [{ removed: oldKeys.length }, { added: newKeys.length }];
  const { diffArrays } = await import('diff');
  const changes = await new Promise<
    readonly { added: boolean; removed: boolean; count: number }[] | undefined
  >((resolve) =>
    diffArrays([...oldKeys], [...newKeys], {
      // Once the call is aborted everything is equal, which brings the search to its end at once.
      comparator: (a, b) => a === b || signal.aborted,
      maxEditLength: MAX_EDITS,
      timeout: MAX_MS,
      callback: resolve,
    }),
  );
  return changes?.map(({ added, removed, count }) =>
    added ? { added: count } : removed ? { removed: count } : { same: count },
  );
}

/**
 * A difference found in little time: tokens that occur once on either side, in the longest order that both sides
 * share, are anchors; around each the sides are equal as far as they are, and what lies between is exchanged.
 */
function anchored({ oldKeys, newKeys }: KeyPair): Run[] {
  const runs: Run[] = [];
  let [a, b] = [0, 0];
  for (const [x, y] of [...anchors(oldKeys, newKeys), [oldKeys.length, newKeys.length] as const]) {
    if (x < a || y < b) continue;
    let back = 0;
    while (x - back > a && y - back > b && oldKeys[x - back - 1] === newKeys[y - back - 1]) back++;
    runs.push({ removed: x - back - a }, { added: y - back - b });
    let same = back;
    while (x - back + same < oldKeys.length && y - back + same < newKeys.length) {
      if (oldKeys[x - back + same] !== newKeys[y - back + same]) break;
      same++;
    }
    runs.push({ same });
    [a, b] = [x - back + same, y - back + same];
  }
  return runs;
}

/** Positions of tokens that are unique on both sides, rising on both. */
function anchors(oldKeys: readonly string[], newKeys: readonly string[]): [number, number][] {
  const [inOld, inNew] = [uniquePositions(oldKeys), uniquePositions(newKeys)];
  const pairs: [number, number][] = [];
  for (const [key, x] of inOld) {
    const y = x >= 0 ? inNew.get(key) : undefined;
    if (y !== undefined && y >= 0) pairs.push([x, y]);
  }
  return longestRising(pairs);
}

/** Positions of keys; −1 for those that occur more than once. */
function uniquePositions(keys: readonly string[]): Map<string, number> {
  const positions = new Map<string, number>();
  for (const [i, key] of keys.entries()) positions.set(key, positions.has(key) ? -1 : i);
  return positions;
}

/** The longest part of the pairs, which rise in their first numbers, that rises in the second too. */
function longestRising(pairs: [number, number][]): [number, number][] {
  const ends: number[] = [];
  const before: number[] = [];
  pairs.forEach(([, y], i) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]!]![1] < y) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = i;
  });
  const found: [number, number][] = [];
  for (let i = ends.at(-1) ?? -1; i >= 0; i = before[i]!) found.push(pairs[i]!);
  return found.reverse();
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function commonTail(a: readonly string[], b: readonly string[], head: number): number {
  const most = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}

/** The runs with their tokens: neighbours of one kind joined, of two sides the removed first. */
function materialize<T>(runs: readonly Run[], before: readonly T[], after: readonly T[]): Change<T>[] {
  const changes: Change<T>[] = [];
  let [a, b, oldEnd, newEnd] = [0, 0, 0, 0];
  const flush = () => {
    if (oldEnd > a) changes.push({ kind: 'removed', tokens: before.slice(a, oldEnd) });
    if (newEnd > b) changes.push({ kind: 'added', tokens: after.slice(b, newEnd) });
    [a, b] = [oldEnd, newEnd];
  };
  for (const { same = 0, removed = 0, added = 0 } of runs) {
    [oldEnd, newEnd] = [oldEnd + removed, newEnd + added];
    if (same === 0) continue;
    flush();
    [oldEnd, newEnd] = [oldEnd + same, newEnd + same];
    const last = changes.at(-1);
    const tokens = after.slice(b, newEnd);
    if (last?.kind === 'same')
      changes[changes.length - 1] = { kind: 'same', tokens: [...last.tokens, ...tokens] };
    else changes.push({ kind: 'same', tokens });
    [a, b] = [oldEnd, newEnd];
  }
  flush();
  return changes;
}
