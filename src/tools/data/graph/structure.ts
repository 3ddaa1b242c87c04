import type { Adjacency, Arc } from './adjacency.js';

/** Groups of nodes that are connected, whatever way the edges point; each in the order of the graph. */
export function connectedComponents({ out, in: into }: Adjacency): number[][] {
  const group = new Int32Array(out.length).fill(-1);
  const groups: number[][] = [];
  for (let start = 0; start < out.length; start++) {
    if (group[start] !== -1) continue;
    const members: number[] = [];
    const stack = [start];
    group[start] = groups.length;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      members.push(node);
      for (const { to } of [...out[node]!, ...into[node]!]) {
        if (group[to] !== -1) continue;
        group[to] = groups.length;
        stack.push(to);
      }
    }
    groups.push(members.sort((a, b) => a - b));
  }
  return groups;
}

/** Groups of nodes that all reach each other (Kosaraju), each in the order of the graph. */
export function strongComponents({ out, in: into }: Adjacency): number[][] {
  const order = finishingOrder(out);
  const seen = new Uint8Array(out.length);
  const groups: number[][] = [];
  for (const start of order.reverse()) {
    if (seen[start]) continue;
    const members: number[] = [];
    const stack = [start];
    seen[start] = 1;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      members.push(node);
      for (const { to } of into[node]!) {
        if (seen[to]) continue;
        seen[to] = 1;
        stack.push(to);
      }
    }
    groups.push(members.sort((a, b) => a - b));
  }
  return groups.sort((a, b) => a[0]! - b[0]!);
}

function finishingOrder(out: readonly Arc[][]): number[] {
  const seen = new Uint8Array(out.length);
  const order: number[] = [];
  for (let start = 0; start < out.length; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const stack = [{ node: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const arc = out[top.node]![top.next++];
      if (arc === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen[arc.to]) {
        seen[arc.to] = 1;
        stack.push({ node: arc.to, next: 0 });
      }
    }
  }
  return order;
}

/** A cycle, its first node at both ends; undefined when there is none. An undirected edge is no cycle by itself. */
export function findCycle({ out }: Adjacency, directed: boolean): number[] | undefined {
  const state = new Uint8Array(out.length);
  for (let start = 0; start < out.length; start++) {
    if (state[start] !== UNSEEN) continue;
    const cycle = cycleFrom(start, out, state, directed);
    if (cycle) return cycle;
  }
  return undefined;
}

const UNSEEN = 0;
const OPEN = 1;
const CLOSED = 2;

function cycleFrom(
  start: number,
  out: readonly Arc[][],
  state: Uint8Array,
  directed: boolean,
): number[] | undefined {
  const trail = [{ node: start, next: 0, edge: -1 }];
  state[start] = OPEN;
  for (let top = trail.at(-1); top; top = trail.at(-1)) {
    const arc = out[top.node]![top.next++];
    if (arc === undefined) {
      state[top.node] = CLOSED;
      trail.pop();
    } else if (!directed && arc.edge === top.edge) {
      // The edge by which this node was reached leads back; that is no cycle.
    } else if (state[arc.to] === OPEN) {
      const nodes = trail.map(({ node }) => node);
      return [...nodes.slice(nodes.indexOf(arc.to)), arc.to];
    } else if (state[arc.to] === UNSEEN) {
      state[arc.to] = OPEN;
      trail.push({ node: arc.to, next: 0, edge: arc.edge });
    }
  }
  return undefined;
}

/** The nodes so that every edge points forward (Kahn), in the order of the graph where it is free; undefined for a cycle. */
export function topologicalOrder({ out, in: into }: Adjacency): number[] | undefined {
  const missing = into.map((arcs) => arcs.length);
  const order = missing.flatMap((count, node) => (count === 0 ? [node] : []));
  for (let at = 0; at < order.length; at++)
    for (const { to } of out[order[at]!]!) if (--missing[to]! === 0) order.push(to);
  return order.length === out.length ? order : undefined;
}
