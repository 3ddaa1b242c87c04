import type { Adjacency, Arc, Pacer } from './adjacency.js';

/** How the importance of nodes is measured. */
export const MEASURES = [
  'degree',
  'in_degree',
  'out_degree',
  'closeness',
  'betweenness',
  'pagerank',
] as const;
/** One of {@link MEASURES}. */
export type Measure = (typeof MEASURES)[number];

const DAMPING = 0.85;
const TOLERANCE = 1e-10;
const MAX_ROUNDS = 200;

/** A score per node, in the order of the graph. Degrees are counts; closeness and betweenness are from 0 to 1. */
export function centrality(
  measure: Measure,
  adjacency: Adjacency,
  directed: boolean,
  pacer: Pacer,
): Promise<number[]> {
  switch (measure) {
    case 'closeness':
      return closeness(adjacency, pacer);
    case 'betweenness':
      return betweenness(adjacency, pacer);
    case 'pagerank':
      return pageRank(adjacency, pacer);
    default:
      return Promise.resolve(degrees(measure, adjacency, directed));
  }
}

/** How many ends of edges are at each node: a loop of an undirected graph has two. */
export function degrees(
  measure: 'degree' | 'in_degree' | 'out_degree',
  { out, in: into }: Adjacency,
  directed: boolean,
): number[] {
  return out.map((arcs, node) => {
    if (!directed) return arcs.length + arcs.filter(({ to }) => to === node).length;
    if (measure === 'out_degree') return arcs.length;
    return measure === 'in_degree' ? into[node]!.length : arcs.length + into[node]!.length;
  });
}

/** How near a node is to those it reaches, by the share of nodes that it reaches (Wasserman and Faust). */
async function closeness({ out }: Adjacency, pacer: Pacer): Promise<number[]> {
  const scores: number[] = [];
  for (let node = 0; node < out.length; node++) {
    const { order, distance } = breadthFirst(out, node);
    const total = order.reduce((sum, other) => sum + distance[other]!, 0);
    const reached = order.length - 1;
    scores.push(total === 0 ? 0 : (reached / total) * (reached / (out.length - 1)));
    if (pacer.due(order.length + out.length)) await pacer.rest();
  }
  return scores;
}

/** The share of shortest paths between others that lead through a node (Brandes), edges counted. */
async function betweenness({ out }: Adjacency, pacer: Pacer): Promise<number[]> {
  const count = out.length;
  const scores = new Float64Array(count);
  for (let source = 0; source < count; source++) {
    const { order, distance } = breadthFirst(out, source);
    accumulate(out, order, distance, source, scores);
    if (pacer.due(3 * order.length + count)) await pacer.rest();
  }
  // Ordered pairs: an undirected graph is walked from both ends of each pair too.
  const pairs = (count - 1) * (count - 2);
  return [...scores].map((score) => (pairs > 0 ? score / pairs : 0));
}

/** Adds what each node carries of the shortest paths from `source`. Several edges between two nodes count as one. */
function accumulate(
  out: readonly Arc[][],
  order: readonly number[],
  distance: Int32Array,
  source: number,
  scores: Float64Array,
): void {
  const paths = new Float64Array(out.length);
  const carried = new Float64Array(out.length);
  paths[source] = 1;
  const next = (node: number) =>
    new Set(out[node]!.map(({ to }) => to).filter((to) => distance[to] === distance[node]! + 1));
  for (const node of order) for (const to of next(node)) paths[to]! += paths[node]!;
  for (const node of [...order].reverse()) {
    for (const to of next(node)) carried[node]! += (paths[node]! / paths[to]!) * (1 + carried[to]!);
    if (node !== source) scores[node]! += carried[node]!;
  }
}

function breadthFirst(out: readonly Arc[][], start: number): { order: number[]; distance: Int32Array } {
  const distance = new Int32Array(out.length).fill(-1);
  const order = [start];
  distance[start] = 0;
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    for (const { to } of out[node]!) {
      if (distance[to] !== -1) continue;
      distance[to] = distance[node]! + 1;
      order.push(to);
    }
  }
  return { order, distance };
}

/** Where a walker is who follows edges by their weight and now and then starts anew; sums to 1. */
async function pageRank({ out }: Adjacency, pacer: Pacer): Promise<number[]> {
  const count = out.length;
  const total = out.map((arcs) => arcs.reduce((sum, { weight }) => sum + Math.max(0, weight), 0));
  let ranks = new Array<number>(count).fill(1 / count);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stuck = ranks.reduce((sum, rank, node) => sum + (total[node] === 0 ? rank : 0), 0);
    const next = new Array<number>(count).fill((1 - DAMPING + DAMPING * stuck) / count);
    out.forEach((arcs, node) => {
      for (const { to, weight } of arcs)
        if (weight > 0) next[to]! += (DAMPING * ranks[node]! * weight) / total[node]!;
    });
    const change = next.reduce((sum, rank, node) => sum + Math.abs(rank - ranks[node]!), 0);
    ranks = next;
    if (change < TOLERANCE) break;
    if (pacer.due(count + out.length)) await pacer.rest();
  }
  return ranks;
}
