import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { printed } from '../xml/print.js';
import { readTree, type XmlElement } from '../xml/tree.js';
import { addEdge, addNode, GRAPH_LIMITS, type Graph, type GraphEdge, type GraphNode } from './model.js';

const NAMESPACE = 'http://graphml.graphdrawing.org/xmlns';

/** What a key of GraphML says of the values that name it. */
interface Key {
  name: string;
  type: string;
}

/** The graph as GraphML; data that is no plain value is written as JSON. */
export async function toGraphml(graph: Graph, context: ExecutionContext): Promise<string> {
  const keys = new Map<string, XmlElement>();
  const nodes = [...graph.nodes.values()].map((node) =>
    element('node', { id: node.id }, values('node', node, keys)),
  );
  const edges = graph.edges.map((edge) =>
    element('edge', { source: edge.from, target: edge.to }, values('edge', edge, keys)),
  );
  const body = element('graph', { edgedefault: graph.directed ? 'directed' : 'undirected' }, [
    ...nodes,
    ...edges,
  ]);
  const root = element('graphml', { xmlns: NAMESPACE }, [...keys.values(), body]);
  let text = '';
  const options = { indent: 2, comments: false, declaration: true };
  for await (const piece of printed({ root, before: [], after: [] }, options, context)) text += piece;
  return text;
}

/** Reads GraphML: one graph, its nodes, edges and data; nested graphs are not read. @throws `input.invalid` */
export async function fromGraphml(text: string, context: ExecutionContext): Promise<Graph> {
  const { root } = await readTree({ text }, context, GRAPH_LIMITS.characters);
  const [body] = named(root, 'graph');
  if (local(root.name) !== 'graphml' || !body)
    throw fail('input.invalid', 'Invalid GraphML: it holds no graph');
  const keys = keysOf(root);
  const directed = attribute(body, 'edgedefault') !== 'undirected';
  const graph: Graph = { directed, nodes: new Map(), edges: [], createdAt: undefined };
  for (const node of named(body, 'node')) {
    const { weight: _, ...rest } = described(node, keys, 'node');
    addNode(graph, { id: needed(node, 'id'), ...rest });
  }
  for (const edge of named(body, 'edge')) {
    const ends = { from: needed(edge, 'source'), to: needed(edge, 'target') };
    addEdge(graph, { ...ends, ...described(edge, keys, 'edge') });
  }
  return graph;
}

function values(
  kind: 'node' | 'edge',
  of: GraphNode | GraphEdge,
  keys: Map<string, XmlElement>,
): XmlElement[] {
  const { label, data } = of;
  const all: [string, JsonValue | undefined][] = [['label', label]];
  if ('weight' in of) all.push(['weight', of.weight]);
  const own = Object.entries(data ?? {}).filter(([name]) => name !== 'label' && name !== 'weight');
  return [...all, ...own].flatMap(([name, value]) =>
    value === undefined ? [] : [dataOf(kind, name, value, keys)],
  );
}

function dataOf(kind: string, name: string, value: JsonValue, keys: Map<string, XmlElement>): XmlElement {
  const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string';
  const identity = JSON.stringify([kind, name, type]);
  const key =
    keys.get(identity) ??
    element('key', { id: `k${keys.size}`, for: kind, 'attr.name': name, 'attr.type': type }, []);
  keys.set(identity, key);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return element('data', { key: attribute(key, 'id')! }, [{ kind: 'text', text: withoutControls(text) }]);
}

function element(
  name: string,
  attributes: Record<string, string>,
  children: XmlElement['children'],
): XmlElement {
  const pairs = Object.entries(attributes).map(([key, value]): [string, string] => [
    key,
    withoutControls(value),
  ]);
  return { kind: 'element', name, attributes: pairs, children };
}

/** Characters that XML cannot hold. */
function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

function keysOf(root: XmlElement): Map<string, Key> {
  return new Map(
    named(root, 'key').map((key) => [
      needed(key, 'id'),
      {
        name: attribute(key, 'attr.name') ?? needed(key, 'id'),
        type: attribute(key, 'attr.type') ?? 'string',
      },
    ]),
  );
}

function described(of: XmlElement, keys: ReadonlyMap<string, Key>, kind: 'node' | 'edge') {
  const data: JsonObject = {};
  for (const item of named(of, 'data')) {
    const id = needed(item, 'key');
    const key = keys.get(id) ?? { name: id, type: 'string' };
    setOwn(data, key.name, typed(textOf(item), key.type));
  }
  const { label, weight, ...rest } = data;
  return {
    ...(label !== undefined && { label: String(label) }),
    ...(kind === 'edge' && typeof weight === 'number' && { weight }),
    ...(Object.keys(rest).length > 0 && { data: rest }),
  } as { label?: string; weight?: number; data?: JsonObject };
}

function typed(text: string, type: string): JsonValue {
  if (type === 'boolean') return text.trim().toLowerCase() === 'true' || text.trim() === '1';
  const number = Number(text);
  return /^(?:int|long|float|double)$/.test(type) && text.trim() !== '' && Number.isFinite(number)
    ? number
    : text;
}

function named(parent: XmlElement, name: string): XmlElement[] {
  return parent.children
    .filter((node) => node.kind === 'element')
    .filter((node) => local(node.name) === name);
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function attribute(of: XmlElement, name: string): string | undefined {
  return of.attributes.find(([key]) => key === name)?.[1];
}

function needed(of: XmlElement, name: string): string {
  const value = attribute(of, name);
  if (value !== undefined) return value;
  throw fail('input.invalid', `Invalid GraphML: <${of.name}> has no '${name}'`);
}

function textOf(of: XmlElement): string {
  return of.children.map((node) => (node.kind === 'text' || node.kind === 'cdata' ? node.text : '')).join('');
}
