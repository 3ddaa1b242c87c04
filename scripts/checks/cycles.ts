/** For every set of files that import each other in a circle: one shortest circle, its first file repeated last. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of [...edges.keys()].sort()) {
    if (done.has(start)) continue;
    const cycle = shortestCycle(start, edges);
    if (!cycle) continue;
    cycles.push(cycle);
    for (const file of sameCircle(start, edges)) done.add(file);
  }
  return cycles;
}

/** The shortest way from `start` back to itself, breadth first. */
function shortestCycle(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = reach(start, edges);
  const last = [...cameFrom.keys()].find((file) => edges.get(file)?.includes(start));
  if (last === undefined) return undefined;
  const path = [start];
  for (let file = last; file !== start; file = cameFrom.get(file)!) path.unshift(file);
  return [start, ...path];
}

/** Every file that `start` reaches and that reaches `start`. */
function sameCircle(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] {
  return [...reach(start, edges).keys()].filter((file) => reach(file, edges).has(start));
}

/** What can be reached from `start`, nearest first, each with the file from which it was reached. */
export function reach(start: string, edges: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const cameFrom = new Map([[start, start]]);
  for (const file of cameFrom.keys()) {
    for (const next of edges.get(file) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return cameFrom;
}
