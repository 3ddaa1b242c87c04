import { fail } from '../../../core/errors.js';
import type { Adjacency, Arc, Pacer } from './adjacency.js';
import { MinHeap } from './heap.js';

/** Steps that listing paths may take; their number grows without bound with the graph. */
const MAX_STEPS = 2_000_000;

/** A way through nodes, and what it weighs. */
export interface Path {
  nodes: number[];
  weight: number;
}

/** The lightest path (Dijkstra), or the one with the fewest edges; undefined when there is none. */
export async function shortestPath(
  { out }: Adjacency,
  from: number,
  to: number,
  weighted: boolean,
  pacer: Pacer,
): Promise<Path | undefined> {
  const distance = new Map([[from, 0]]);
  const before = new Map<number, number>();
  const done = new Set<number>();
  const queue = new MinHeap<number>();
  queue.push(0, from);
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    const node = entry.value;
    if (done.has(node)) continue;
    if (node === to) return { nodes: pathTo(to, before), weight: entry.key };
    done.add(node);
    for (const arc of out[node]!) {
      const reached = entry.key + lengthOf(arc, weighted);
      if (reached >= (distance.get(arc.to) ?? Number.POSITIVE_INFINITY)) continue;
      distance.set(arc.to, reached);
      before.set(arc.to, node);
      queue.push(reached, arc.to);
    }
    if (pacer.due(out[node]!.length + 1)) await pacer.rest();
  }
  return undefined;
}

/** Paths that visit no node twice, up to a number and a length; `complete` when these are all. */
export async function allPaths(
  { out }: Adjacency,
  from: number,
  to: number,
  limits: { paths: number; edges: number },
  pacer: Pacer,
): Promise<{ paths: Path[]; complete: boolean }> {
  const paths: Path[] = [];
  const trail = [{ node: from, next: 0, weight: 0 }];
  const visited = new Set([from]);
  let complete = true;
  if (from === to) return { paths: [{ nodes: [from], weight: 0 }], complete };
  for (let steps = 0; trail.length > 0; steps++) {
    if (steps >= MAX_STEPS) return { paths, complete: false };
    if (pacer.due()) await pacer.rest();
    const top = trail.at(-1)!;
    const arc = out[top.node]![top.next++];
    if (arc === undefined) {
      visited.delete(trail.pop()!.node);
    } else if (visited.has(arc.to)) {
      // Not a step of a simple path.
    } else if (arc.to === to) {
      if (paths.length >= limits.paths) return { paths, complete: false };
      paths.push({ nodes: [...trail.map(({ node }) => node), to], weight: top.weight + arc.weight });
    } else if (trail.length >= limits.edges) {
      complete = false;
    } else {
      visited.add(arc.to);
      trail.push({ node: arc.to, next: 0, weight: top.weight + arc.weight });
    }
  }
  return { paths, complete };
}

/** Every node within `depth` edges of a node, with how many it takes; the node itself is left out. */
export function within(ways: readonly Arc[][], start: number, depth: number): Map<number, number> {
  const distance = new Map([[start, 0]]);
  let frontier = [start];
  for (let level = 1; level <= depth && frontier.length > 0; level++) {
    const next: number[] = [];
    for (const node of frontier) {
      for (const { to } of ways[node]!) {
        if (distance.has(to)) continue;
        distance.set(to, level);
        next.push(to);
      }
    }
    frontier = next;
  }
  distance.delete(start);
  return distance;
}

function lengthOf(arc: Arc, weighted: boolean): number {
  if (!weighted) return 1;
  if (arc.weight >= 0) return arc.weight;
  throw fail('input.invalid', 'The lightest path needs weights that are not negative', {
    hint: 'Set weighted to false to count edges.',
  });
}

function pathTo(node: number, before: ReadonlyMap<number, number>): number[] {
  const nodes = [node];
  for (let at = before.get(node); at !== undefined; at = before.get(at)) nodes.push(at);
  return nodes.reverse();
}
