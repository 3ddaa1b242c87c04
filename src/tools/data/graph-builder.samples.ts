import type { JsonObject } from '../../core/values.js';
import type { ToolSample } from '../define.js';

const ROADS: JsonObject = {
  graph_type: 'undirected',
  nodes: ['a', 'b', 'c', 'd'],
  edges: [
    { from: 'a', to: 'b', weight: 1 },
    { from: 'b', to: 'c', weight: 1 },
    { from: 'a', to: 'c', weight: 5 },
  ],
};

/** What the graph-builder tool does, by example. */
export const graphSamples: readonly ToolSample[] = [
  {
    title: 'A graph with everything in it',
    input: {
      operation: 'create_graph',
      graph_type: 'undirected',
      nodes: ['a', 'b'],
      edges: [{ from: 'a', to: 'b' }],
    },
    expect: {
      result: {
        operation: 'create_graph',
        graph_type: 'undirected',
        nodes: [{ id: 'a' }, { id: 'b' }],
        metadata: { node_count: 2, edge_count: 1 },
      },
    },
  },
  {
    title: 'One node more',
    input: { operation: 'add_node', graph: ROADS, node_id: 'e', label: 'East', data: { people: 7 } },
    expect: { result: { metadata: { node_count: 5 } } },
  },
  {
    title: 'The shortest path',
    input: { operation: 'shortest_path', graph: ROADS, from: 'a', to: 'c' },
    expect: { result: { found: true, path: ['a', 'b', 'c'], weight: 2 } },
  },
  {
    title: 'Density, degrees, properties',
    input: { operation: 'analyze', graph: ROADS },
    expect: { result: { density: 0.5, component_count: 2, properties: { has_cycles: true } } },
  },
  {
    title: 'For Graphviz',
    input: {
      operation: 'export',
      format: 'dot',
      graph: { nodes: ['x', 'y'], edges: [{ from: 'x', to: 'y' }] },
    },
    expect: { text: 'digraph {\n  "x";\n  "y";\n  "x" -> "y";\n}\n' },
  },
  {
    title: 'From Graphviz',
    input: { operation: 'import', input: 'digraph { a -> b -> c [weight=2]; b [label="B!"] }' },
    expect: { result: { metadata: { node_count: 3, edge_count: 2 } } },
  },
  {
    title: 'An edge that leads nowhere',
    input: { operation: 'add_edge', graph: ROADS, from: 'a', to: 'z' },
    error: 'input.invalid',
  },
];
