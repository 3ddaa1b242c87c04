import type { JsonObject } from '../../../core/values.js';
import { adjacencyOf } from './adjacency.js';
import { degrees } from './centrality.js';
import type { Graph } from './model.js';
import { connectedComponents, findCycle } from './structure.js';

/** Node ids that an analysis lists. */
const MAX_IDS = 1000;

/** Size, density, degrees and properties of a graph. */
export function analysis(graph: Graph): JsonObject {
  const adjacency = adjacencyOf(graph);
  const nodes = graph.nodes.size;
  const loops = graph.edges.filter(({ from, to }) => from === to).length;
  const ids = [...graph.nodes.keys()];
  return {
    node_count: nodes,
    edge_count: graph.edges.length,
    graph_type: graph.directed ? 'directed' : 'undirected',
    density: share(graph.edges.length - loops, pairs(graph, nodes)),
    degree_statistics: {
      ...statistics(degrees('degree', adjacency, graph.directed)),
      ...(graph.directed && {
        in_degree: statistics(degrees('in_degree', adjacency, true)),
        out_degree: statistics(degrees('out_degree', adjacency, true)),
      }),
    },
    properties: {
      is_empty: nodes === 0,
      is_complete: nodes > 0 && connectedPairs(graph) === pairs(graph, nodes),
      is_connected: nodes > 0 && connectedComponents(adjacency).length === 1,
      has_self_loops: loops > 0,
      has_cycles: findCycle(adjacency, graph.directed) !== undefined,
      is_weighted: graph.edges.some(({ weight }) => weight !== undefined),
    },
    component_count: connectedComponents(adjacency).length,
    isolated_nodes: adjacency.ids
      .filter((_, node) => adjacency.out[node]!.length + adjacency.in[node]!.length === 0)
      .slice(0, MAX_IDS),
    node_ids: ids.slice(0, MAX_IDS),
    truncated: ids.length > MAX_IDS,
  };
}

/** How many edges there could be without loops: ordered pairs of a directed graph, unordered ones of another. */
function pairs({ directed }: Graph, nodes: number): number {
  return (nodes * (nodes - 1)) / (directed ? 1 : 2);
}

/** Pairs of nodes that have an edge, however many; loops aside. */
function connectedPairs({ directed, edges }: Graph): number {
  const keys = edges.flatMap(({ from, to }) => {
    if (from === to) return [];
    return [JSON.stringify(directed || from < to ? [from, to] : [to, from])];
  });
  return new Set(keys).size;
}

function statistics(counts: readonly number[]): JsonObject {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    max_degree: counts.reduce((a, b) => Math.max(a, b), 0),
    min_degree: counts.length === 0 ? 0 : counts.reduce((a, b) => Math.min(a, b)),
    average_degree: share(total, counts.length),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
