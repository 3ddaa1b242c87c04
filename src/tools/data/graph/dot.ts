import type { Graph, GraphEdge, GraphNode } from './model.js';

/** The graph in the language of Graphviz. */
export function toDot(graph: Graph): string {
  const arrow = graph.directed ? '->' : '--';
  const nodes = [...graph.nodes.values()].map(
    (node) => `  ${quoted(node.id)}${attributes(nodeAttributes(node))};`,
  );
  const edges = graph.edges.map(
    (edge) => `  ${quoted(edge.from)} ${arrow} ${quoted(edge.to)}${attributes(edgeAttributes(edge))};`,
  );
  return `${graph.directed ? 'digraph' : 'graph'} {\n${[...nodes, ...edges].map((line) => `${line}\n`).join('')}}\n`;
}

function nodeAttributes({ label, data }: GraphNode): [string, string][] {
  return [...(label === undefined ? [] : [['label', label] as [string, string]]), ...scalars(data)];
}

function edgeAttributes({ label, weight, data }: GraphEdge): [string, string][] {
  const own: [string, string][] = [];
  if (label !== undefined) own.push(['label', label]);
  if (weight !== undefined) own.push(['weight', String(weight)]);
  return [...own, ...scalars(data)];
}

/** Data that Graphviz can hold beside its own attributes: plain values. What it would take for its own is left out. */
function scalars(data: GraphNode['data']): [string, string][] {
  return Object.entries(data ?? {}).flatMap(([key, value]): [string, string][] =>
    value === null || typeof value === 'object' || RESERVED.has(key) ? [] : [[key, String(value)]],
  );
}

const RESERVED = new Set(['label', 'weight', 'pos', 'width', 'height', 'shape', 'image', 'URL', 'href']);

function attributes(list: readonly [string, string][]): string {
  const parts = list.map(
    ([key, value]) => `${quoted(key)}=${key === 'label' ? quotedLabel(value) : quoted(value)}`,
  );
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}

/**
 * A name or value in quotes. Only a quote is escaped; a backslash that would escape the quote after it is doubled,
 * which is as near as the language comes.
 */
function quoted(text: string): string {
  const safe = text
    .replaceAll('\u0000', '')
    .replace(/\\+(?="|$)/g, (run) => (run.length % 2 === 1 ? `${run}\\` : run));
  return `"${safe.replaceAll('"', '\\"')}"`;
}

/** A label in quotes; Graphviz reads escapes in it. */
function quotedLabel(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replace(/\r?\n/g, '\\n');
  return `"${escaped.replaceAll('\u0000', '')}"`;
}
