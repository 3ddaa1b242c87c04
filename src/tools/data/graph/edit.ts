import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { type Graph, type GraphEdge, type GraphNode, nodeOf } from './model.js';

/** Which nodes and edges are wanted; what is absent does not matter. */
export interface Wanted {
  ids?: readonly string[] | undefined;
  label?: string | undefined;
  data?: Readonly<Record<string, JsonValue>> | undefined;
  min_degree?: number | undefined;
  max_degree?: number | undefined;
  edge_label?: string | undefined;
  min_weight?: number | undefined;
  max_weight?: number | undefined;
}

/** Removes a node and its edges. @throws `input.invalid` when there is none */
export function removeNode(graph: Graph, id: string): void {
  nodeOf(graph, id);
  graph.nodes.delete(id);
  graph.edges = graph.edges.filter(({ from, to }) => from !== id && to !== id);
}

/** Removes the edges between two nodes, only those of a label if one is given. @throws `input.invalid` for none */
export function removeEdges(graph: Graph, from: string, to: string, label: string | undefined): void {
  const isOne = (edge: GraphEdge) =>
    (label === undefined || edge.label === label) &&
    ((edge.from === from && edge.to === to) || (!graph.directed && edge.from === to && edge.to === from));
  const kept = graph.edges.filter((edge) => !isOne(edge));
  if (kept.length === graph.edges.length)
    throw fail('input.invalid', `There is no edge from '${from}' to '${to}'`);
  graph.edges = kept;
}

/** The nodes that are wanted, and the wanted edges between them. */
export function subgraph(graph: Graph, wanted: Wanted): Graph {
  const degree = degreesOf(graph);
  const ids = wanted.ids && new Set(wanted.ids);
  const isWanted = (node: GraphNode) =>
    (!ids || ids.has(node.id)) &&
    (wanted.label === undefined || node.label === wanted.label) &&
    holds(node.data, wanted.data) &&
    isBetween(degree.get(node.id) ?? 0, wanted.min_degree, wanted.max_degree);
  const nodes = new Map([...graph.nodes].filter(([, node]) => isWanted(node)));
  const edges = graph.edges.filter(
    (edge) => nodes.has(edge.from) && nodes.has(edge.to) && edgeFits(edge, wanted),
  );
  return { ...graph, nodes, edges };
}

function edgeFits({ label, weight = 1 }: GraphEdge, wanted: Wanted): boolean {
  return (
    (wanted.edge_label === undefined || label === wanted.edge_label) &&
    isBetween(weight, wanted.min_weight, wanted.max_weight)
  );
}

function degreesOf({ edges }: Graph): Map<string, number> {
  const degree = new Map<string, number>();
  for (const { from, to } of edges) for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  return degree;
}

function holds(data: GraphNode['data'], wanted: Wanted['data']): boolean {
  const entries = Object.entries(wanted ?? {});
  return entries.every(
    ([key, value]) =>
      data !== undefined && Object.hasOwn(data, key) && JSON.stringify(data[key]) === JSON.stringify(value),
  );
}

function isBetween(value: number, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY): boolean {
  return value >= low && value <= high;
}
