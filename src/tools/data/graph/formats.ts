import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { toDot } from './dot.js';
import { fromDot } from './dot-reader.js';
import { fromGraphml, toGraphml } from './graphml.js';
import { toMermaid } from './mermaid.js';
import { type Graph, graphJson, readGraph } from './model.js';

/** What a graph can be written as; all but mermaid can be read too. */
export const GRAPH_FORMATS = ['json', 'dot', 'graphml', 'mermaid'] as const;
/** One of {@link GRAPH_FORMATS}. */
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** The graph as a text. */
export async function exportGraph(
  graph: Graph,
  format: GraphFormat,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const content = await written(graph, format, context);
  const counts = { node_count: graph.nodes.size, edge_count: graph.edges.length };
  const result: JsonObject = { format, content, ...(format === 'json' && { json: content }), ...counts };
  return {
    result,
    text: content,
    message: `Exported ${counts.node_count} nodes and ${counts.edge_count} edges`,
  };
}

/** Reads a graph; its format is told by how it begins when it is not given. @throws `input.invalid` */
export async function importGraph(
  given: unknown,
  format: GraphFormat | undefined,
  context: ExecutionContext,
): Promise<Graph> {
  if (typeof given !== 'string') return readGraph(given);
  switch (format ?? formatOf(given)) {
    case 'graphml':
      return fromGraphml(given, context);
    case 'dot':
      return fromDot(given);
    case 'mermaid':
      throw fail('input.invalid', 'Mermaid can be written, not read', { hint: 'Use json, dot or graphml.' });
    default:
      return readGraph(given);
  }
}

function written(graph: Graph, format: GraphFormat, context: ExecutionContext): string | Promise<string> {
  switch (format) {
    case 'json':
      return JSON.stringify(graphJson(graph), null, 2);
    case 'dot':
      return toDot(graph);
    case 'graphml':
      return toGraphml(graph, context);
    case 'mermaid':
      return toMermaid(graph);
  }
}

function formatOf(text: string): GraphFormat {
  const start = text.slice(0, 2000).trimStart();
  if (start.startsWith('<')) return 'graphml';
  return start.startsWith('{') || start.startsWith('[') ? 'json' : 'dot';
}
