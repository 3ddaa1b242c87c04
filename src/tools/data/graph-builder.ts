import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonValue } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { Pacer } from './graph/adjacency.js';
import { analysis } from './graph/analysis.js';
import { MEASURES } from './graph/centrality.js';
import { removeEdges, removeNode, subgraph } from './graph/edit.js';
import { exportGraph, GRAPH_FORMATS, importGraph } from './graph/formats.js';
import {
  addEdge,
  addNode,
  edgeSchema,
  type Graph,
  graphJson,
  nodeId,
  nodeSchema,
  readGraph,
} from './graph/model.js';
import * as queries from './graph/queries.js';
import { graphSamples } from './graph-builder.samples.js';

const EDITS = [
  'create_graph',
  'add_node',
  'add_edge',
  'add_many',
  'remove_node',
  'remove_edge',
  'filter',
] as const;
const OPERATIONS = [
  ...EDITS,
  'analyze',
  'neighbors',
  'shortest_path',
  'all_paths',
  'components',
  'find_cycle',
  'topological_sort',
  'centrality',
  'export',
  'import',
  'export_json',
  'import_json',
] as const;

const list = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.array(schema), z.strictObject({}).transform((): z.output<Schema>[] => [])]).default([]);
const record = z.union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))]);

const input = z.object({
  operation: operationParameter(OPERATIONS).default('create_graph').describe('What to do.'),
  graph: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .optional()
    .describe(
      'The graph to work on: an object { graph_type, nodes, edges }, its JSON text, or an earlier result.',
    ),
  graph_type: z
    .enum(['directed', 'undirected'])
    .default('directed')
    .describe('create_graph: whether edges point.'),
  nodes: list(z.union([nodeSchema, nodeId.transform((id) => ({ id }))])).describe(
    'create_graph, add_many: nodes { id, label, data }, or just their ids.',
  ),
  edges: list(edgeSchema).describe('create_graph, add_many: edges { from, to, label, weight, data }.'),
  node_id: nodeId.optional().describe('add_node, remove_node, neighbors: the node.'),
  from: nodeId.optional().describe('add_edge, remove_edge, paths: where it begins.'),
  to: nodeId.optional().describe('add_edge, remove_edge, paths: where it ends.'),
  label: z
    .string()
    .optional()
    .describe('add_node, add_edge: what to call it. remove_edge: only edges called so.'),
  weight: z.number().optional().describe('add_edge: what the edge weighs.'),
  data: record.optional().describe('add_node, add_edge: anything else to keep with it.'),
  where: z
    .strictObject({
      ids: z.array(nodeId).optional().describe('Only these nodes.'),
      label: z.string().optional().describe('Nodes called so.'),
      data: record.optional().describe('Nodes with these values in their data.'),
      min_degree: z.number().optional().describe('Nodes with at least so many edges.'),
      max_degree: z.number().optional().describe('Nodes with at most so many edges.'),
      edge_label: z.string().optional().describe('Edges called so.'),
      min_weight: z.number().optional().describe('Edges that weigh at least so much.'),
      max_weight: z.number().optional().describe('Edges that weigh at most so much.'),
    })
    .optional()
    .describe('filter: which nodes and edges to keep.'),
  direction: z.enum(['out', 'in', 'both']).default('both').describe('neighbors: which edges to follow.'),
  depth: z.number().int().min(1).max(100).default(1).describe('neighbors: how many edges far.'),
  weighted: z
    .boolean()
    .optional()
    .describe('shortest_path: by weight or by number of edges; by weight when an edge has one.'),
  max_paths: z.number().int().min(1).max(1000).default(100).describe('all_paths: the most paths.'),
  max_length: z.number().int().min(1).max(1000).default(20).describe('all_paths: the most edges of a path.'),
  measure: z.enum(MEASURES).default('degree').describe('centrality: how importance is measured.'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('neighbors, centrality: the most nodes to list.'),
  format: z
    .enum(GRAPH_FORMATS)
    .optional()
    .describe('export: json when absent. import: told by the text when absent.'),
  input: z.unknown().optional().describe('import: the text, or an object for JSON.'),
});
type Input = z.output<typeof input>;

/** Builds, queries and converts graphs. */
export default defineTool({
  name: 'graph-builder',
  aliases: ['graph'],
  category: 'data',
  level: 'safe',
  description:
    'Builds graphs of nodes and edges, answers questions about them (paths, components, cycles, importance) and reads and writes JSON, DOT, GraphML and Mermaid.',
  capabilities: [],
  input,
  parameterAliases: {
    id: 'node_id',
    node: 'node_id',
    source: 'from',
    start: 'from',
    target: 'to',
    end: 'to',
    type: 'graph_type',
    filter: 'where',
    algorithm: 'measure',
    content: 'input',
  },
  operationAliases: {
    create: 'create_graph',
    build: 'create_graph',
    add: 'add_many',
    add_nodes: 'add_many',
    add_edges: 'add_many',
    delete_node: 'remove_node',
    delete_edge: 'remove_edge',
    query: 'filter',
    subgraph: 'filter',
    path: 'shortest_path',
    find_path: 'shortest_path',
    paths: 'all_paths',
    connected_components: 'components',
    detect_cycles: 'find_cycle',
    cycles: 'find_cycle',
    cycle: 'find_cycle',
    topo_sort: 'topological_sort',
    stats: 'analyze',
    analyse: 'analyze',
  },
  timeoutMs: 60_000,
  samples: graphSamples,
  run: (request, context) => perform(request, context),
});

async function perform(request: Input, context: ExecutionContext): Promise<ToolOutcome> {
  switch (request.operation) {
    case 'import':
    case 'import_json':
      return imported(request, context);
    case 'export':
    case 'export_json':
      return exportGraph(graphOf(request), exportFormat(request), context);
    case 'analyze':
      return { result: analysis(graphOf(request)), message: 'Graph analyzed' };
    default:
      return isEdit(request.operation) ? edited(request, context) : queried(request, context);
  }
}

function isEdit(operation: string): operation is (typeof EDITS)[number] {
  return (EDITS as readonly string[]).includes(operation);
}

function edited(request: Input, context: ExecutionContext): ToolOutcome {
  const graph = request.operation === 'create_graph' ? emptyGraph(request, context) : graphOf(request);
  return shown(request.operation, change(request, graph));
}

function emptyGraph({ graph_type }: Input, context: ExecutionContext): Graph {
  const createdAt = new Date(context.effects.now()).toISOString();
  return { directed: graph_type === 'directed', nodes: new Map(), edges: [], createdAt };
}

function change(request: Input, graph: Graph): Graph {
  const { label, weight } = request;
  const data = request.data as Record<string, JsonValue> | undefined;
  switch (request.operation) {
    case 'add_node':
      addNode(graph, { id: needed('node_id', request.node_id), label, data });
      return graph;
    case 'add_edge':
      addEdge(graph, {
        from: needed('from', request.from),
        to: needed('to', request.to),
        label,
        weight,
        data,
      });
      return graph;
    case 'remove_node':
      removeNode(graph, needed('node_id', request.node_id));
      return graph;
    case 'remove_edge':
      removeEdges(graph, needed('from', request.from), needed('to', request.to), label);
      return graph;
    case 'filter':
      return subgraph(graph, (request.where ?? {}) as Parameters<typeof subgraph>[1]);
    default:
      for (const node of request.nodes) addNode(graph, node);
      for (const edge of request.edges) addEdge(graph, edge);
      return graph;
  }
}

/** The graph itself, beside the name of what was done to it: it can be handed in again as it is. */
function shown(operation: string, graph: Graph): ToolOutcome {
  const { nodes, edges } = graph;
  return {
    result: { operation, ...graphJson(graph) },
    message: `Graph of ${nodes.size} nodes and ${edges.length} edges`,
  };
}

async function queried(request: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const graph = graphOf(request);
  const pacer = new Pacer(context);
  switch (request.operation) {
    case 'neighbors':
      return queries.neighbors(
        graph,
        needed('node_id', request.node_id),
        request.direction,
        request.depth,
        request.limit,
      );
    case 'shortest_path':
      return queries.bestPath(
        graph,
        needed('from', request.from),
        needed('to', request.to),
        request.weighted,
        pacer,
      );
    case 'all_paths': {
      const limits = { paths: request.max_paths, edges: request.max_length };
      return queries.manyPaths(graph, needed('from', request.from), needed('to', request.to), limits, pacer);
    }
    case 'components':
      return queries.components(graph);
    case 'find_cycle':
      return queries.cycle(graph);
    case 'topological_sort':
      return queries.topologicalSort(graph);
    default:
      return queries.ranking(graph, request.measure, request.limit, pacer);
  }
}

async function imported(request: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const given = needed('input', request.input ?? request.graph);
  const format = request.operation === 'import_json' ? 'json' : request.format;
  return shown(request.operation, await importGraph(given, format, context));
}

function exportFormat({ operation, format }: Input) {
  return operation === 'export_json' ? 'json' : (format ?? 'json');
}

function graphOf({ graph }: Input): Graph {
  return readGraph(needed('graph', graph));
}

function needed<T>(name: string, value: T | undefined | null): T {
  if (value === undefined || value === null)
    throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}
