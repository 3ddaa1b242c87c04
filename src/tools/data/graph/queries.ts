import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { type Adjacency, adjacencyOf, type Pacer } from './adjacency.js';
import { centrality, type Measure } from './centrality.js';
import { type Graph, nodeOf } from './model.js';
import { allPaths, type Path, shortestPath, within } from './paths.js';
import { connectedComponents, findCycle, strongComponents, topologicalOrder } from './structure.js';

/** Node ids that components list altogether. */
const MAX_LISTED = 20_000;

/** What is around a node. */
export function neighbors(
  graph: Graph,
  id: string,
  direction: 'out' | 'in' | 'both',
  depth: number,
  limit: number,
): ToolOutcome {
  const start = indexOf(graph, id);
  const adjacency = adjacencyOf(graph);
  const both = () => adjacency.out.map((arcs, node) => [...arcs, ...adjacency.in[node]!]);
  const ways = direction === 'both' ? both() : adjacency[direction];
  const found = [...within(ways, start, depth)];
  const listed = found.slice(0, limit).map(([node, distance]): JsonObject => {
    const { id: name, label } = graph.nodes.get(adjacency.ids[node]!)!;
    return { id: name, distance, ...(label !== undefined && { label }) };
  });
  const result = {
    node_id: id,
    direction,
    depth,
    neighbors: listed,
    count: found.length,
    truncated: found.length > limit,
  };
  return { result, message: `Found ${found.length} neighbors` };
}

/** The best path between two nodes. That there is none is an answer, too. */
export async function bestPath(
  graph: Graph,
  from: string,
  to: string,
  weighted: boolean | undefined,
  pacer: Pacer,
): Promise<ToolOutcome> {
  const adjacency = adjacencyOf(graph);
  const byWeight = weighted ?? graph.edges.some(({ weight }) => weight !== undefined);
  const path = await shortestPath(adjacency, indexOf(graph, from), indexOf(graph, to), byWeight, pacer);
  const facts = { from, to, weighted: byWeight, found: path !== undefined };
  if (!path) return { result: { ...facts, path: [] }, message: `There is no path from '${from}' to '${to}'` };
  return {
    result: { ...facts, ...described(path, adjacency) },
    message: `Found a path of ${path.nodes.length - 1} edges`,
  };
}

/** Many paths between two nodes, lightest first. */
export async function manyPaths(
  graph: Graph,
  from: string,
  to: string,
  limits: { paths: number; edges: number },
  pacer: Pacer,
): Promise<ToolOutcome> {
  const adjacency = adjacencyOf(graph);
  const { paths, complete } = await allPaths(
    adjacency,
    indexOf(graph, from),
    indexOf(graph, to),
    limits,
    pacer,
  );
  const sorted = paths.sort((a, b) => a.weight - b.weight || a.nodes.length - b.nodes.length);
  const result = {
    from,
    to,
    paths: sorted.map((path) => described(path, adjacency)),
    count: paths.length,
    truncated: !complete,
  };
  return { result, message: `Found ${paths.length} paths` };
}

/** What hangs together. */
export function components(graph: Graph): ToolOutcome {
  const adjacency = adjacencyOf(graph);
  const listed = (groups: number[][]) => {
    const sorted = [...groups].sort((a, b) => b.length - a.length);
    return sorted.map((nodes) => nodes.map((node) => adjacency.ids[node]!));
  };
  const weak = connectedComponents(adjacency);
  const strong = graph.directed ? strongComponents(adjacency) : undefined;
  const many = graph.nodes.size > MAX_LISTED;
  return {
    result: {
      count: weak.length,
      components: many ? [] : listed(weak),
      sizes: weak.map((nodes) => nodes.length).sort((a, b) => b - a),
      ...(strong && { strong_count: strong.length, strong_components: many ? [] : listed(strong) }),
    },
    message: `Found ${weak.length} components`,
  };
}

/** Whether there is a cycle, and one of them. */
export function cycle(graph: Graph): ToolOutcome {
  const adjacency = adjacencyOf(graph);
  const nodes = findCycle(adjacency, graph.directed);
  const ids = (nodes ?? []).map((node) => adjacency.ids[node]!);
  return {
    result: { has_cycle: nodes !== undefined, cycle: ids },
    message: nodes ? `Found a cycle: ${ids.slice(0, 20).join(' → ')}` : 'There is no cycle',
  };
}

/** The nodes so that every edge points forward. @throws `tool.failed` for a cycle, `input.invalid` when undirected */
export function topologicalSort(graph: Graph): ToolOutcome {
  if (!graph.directed) throw fail('input.invalid', 'Only a directed graph has a topological order');
  const adjacency = adjacencyOf(graph);
  const order = topologicalOrder(adjacency);
  if (!order) {
    const ids = findCycle(adjacency, true)!.map((node) => adjacency.ids[node]!);
    throw fail('tool.failed', `The graph has a cycle: ${ids.slice(0, 20).join(' → ')}`, {
      details: { cycle: ids },
    });
  }
  return {
    result: { order: order.map((node) => adjacency.ids[node]!) },
    message: `Sorted ${order.length} nodes`,
  };
}

/** The most important nodes by one measure. */
export async function ranking(
  graph: Graph,
  measure: Measure,
  limit: number,
  pacer: Pacer,
): Promise<ToolOutcome> {
  const adjacency = adjacencyOf(graph);
  const scores = await centrality(measure, adjacency, graph.directed, pacer);
  const ranked = scores
    .map((score, node) => ({ id: adjacency.ids[node]!, score }))
    .sort((a, b) => b.score - a.score);
  return {
    result: {
      measure,
      scores: ranked.slice(0, limit),
      count: ranked.length,
      truncated: ranked.length > limit,
    },
    message: `Ranked ${ranked.length} nodes by ${measure}`,
  };
}

function described({ nodes, weight }: Path, { ids }: Adjacency): JsonObject {
  return { path: nodes.map((node) => ids[node]!), length: nodes.length - 1, weight };
}

function indexOf(graph: Graph, id: string): number {
  nodeOf(graph, id);
  return [...graph.nodes.keys()].indexOf(id);
}
