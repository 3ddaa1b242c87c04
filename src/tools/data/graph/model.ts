import { z } from 'zod';
import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../../../core/values.js';

/** The most a graph may hold. */
export const GRAPH_LIMITS = { nodes: 10_000, edges: 50_000, characters: 10_000_000 } as const;

/** A name of a node; numbers become texts. */
export const nodeId = z.union([z.string().min(1).max(1000), z.number().transform(String)]);

/** Data of a node or an edge; an empty Lua table is an empty object. */
const data = z
  .union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))])
  .transform((value) => value as JsonObject)
  .nullish()
  .transform((value) => value ?? undefined);
const label = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** A node as it is given. */
export const nodeSchema = z.object({ id: nodeId, label, data });
/** An edge as it is given. */
export const edgeSchema = z.object({
  from: nodeId,
  to: nodeId,
  label,
  weight: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  data,
});

/** A node. */
export interface GraphNode {
  id: string;
  label?: string | undefined;
  data?: JsonObject | undefined;
}
/** An edge; of an undirected graph it goes both ways. */
export interface GraphEdge {
  from: string;
  to: string;
  label?: string | undefined;
  weight?: number | undefined;
  data?: JsonObject | undefined;
}
/** A graph: nodes by id, and edges, of which there may be several between two nodes. */
export interface Graph {
  directed: boolean;
  nodes: Map<string, GraphNode>;
  edges: GraphEdge[];
  createdAt: string | undefined;
}

const graphSchema = z.object({
  graph_type: z.enum(['directed', 'undirected']).default('directed'),
  nodes: listOf(z.union([nodeSchema, nodeId.transform((id) => ({ id }))])),
  edges: listOf(edgeSchema),
  metadata: z.object({ created_at: z.string().optional() }).optional().catch(undefined),
});

/**
 * Reads a graph: an object, its JSON text, or a whole result that holds one.
 * @throws `input.invalid` for one that is none, has a node twice, an edge that leads nowhere, or is too large
 */
export function readGraph(given: unknown): Graph {
  const parsed = graphSchema.safeParse(unwrapped(typeof given === 'string' ? parsedText(given) : given));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail('input.invalid', `Invalid graph: ${issue!.path.join('.') || 'graph'}: ${issue!.message}`);
  }
  const { graph_type, nodes, edges, metadata } = parsed.data;
  const graph: Graph = {
    directed: graph_type === 'directed',
    nodes: new Map(),
    edges: [],
    createdAt: metadata?.created_at,
  };
  for (const node of nodes) addNode(graph, node);
  for (const edge of edges) addEdge(graph, edge);
  return graph;
}

/** Adds a node. @throws `input.invalid` when it is there already or the graph is full */
export function addNode(graph: Graph, node: GraphNode): void {
  if (graph.nodes.has(node.id)) throw fail('input.invalid', `Node '${node.id}' already exists`);
  if (graph.nodes.size >= GRAPH_LIMITS.nodes)
    throw fail('input.invalid', `A graph has at most ${GRAPH_LIMITS.nodes} nodes`);
  graph.nodes.set(node.id, node);
}

/** Adds an edge. @throws `input.invalid` when one of its ends is not there or the graph is full */
export function addEdge(graph: Graph, edge: GraphEdge): void {
  for (const id of [edge.from, edge.to]) nodeOf(graph, id);
  if (graph.edges.length >= GRAPH_LIMITS.edges)
    throw fail('input.invalid', `A graph has at most ${GRAPH_LIMITS.edges} edges`);
  graph.edges.push(edge);
}

/** The node of that id. @throws `input.invalid` when there is none */
export function nodeOf(graph: Graph, id: string): GraphNode {
  const node = graph.nodes.get(id);
  if (node) return node;
  throw fail('input.invalid', `Node '${id}' does not exist`);
}

/** The graph as JSON, as {@link readGraph} reads it. */
export function graphJson(graph: Graph): JsonObject {
  return {
    graph_type: graph.directed ? 'directed' : 'undirected',
    nodes: [...graph.nodes.values()].map((node) => withoutAbsent({ ...node })),
    edges: graph.edges.map((edge) => withoutAbsent({ ...edge })),
    metadata: withoutAbsent({
      created_at: graph.createdAt,
      node_count: graph.nodes.size,
      edge_count: graph.edges.length,
    }),
  };
}

function withoutAbsent(value: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as JsonObject;
}

/** A list; an empty Lua table arrives as an empty object. */
function listOf<Schema extends z.ZodType>(schema: Schema) {
  return z.union([z.array(schema), z.strictObject({}).transform((): z.output<Schema>[] => [])]).default([]);
}

function parsedText(text: string): unknown {
  if (text.length > GRAPH_LIMITS.characters)
    throw fail('input.invalid', `The graph is longer than ${GRAPH_LIMITS.characters} characters`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw fail('input.invalid', `Invalid graph: ${(error as Error).message}`);
  }
}

/** A result of this tool, or the field `graph` of something else. */
function unwrapped(value: unknown): unknown {
  if (!isRecord(value) || 'nodes' in value || 'graph_type' in value) return value;
  const inner = value.result ?? value.graph;
  return isRecord(inner) ? unwrapped(inner) : value;
}
