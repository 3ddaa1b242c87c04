import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import graphBuilder from './graph-builder.js';

const call = (input: JsonObject) => callTool(graphBuilder, input);
const result = async (input: JsonObject) => (await call(input)).result as JsonObject;

/** A graph from `a-b:3 b-c` (undirected) or `a>b` (directed). */
function graph(text: string): JsonObject {
  const edges = text.split(' ').map((part) => {
    const [ends, weight] = part.split(':') as [string, string | undefined];
    const [from, to] = ends.split(/[->]/) as [string, string];
    return { from, to, ...(weight && { weight: Number(weight) }) };
  });
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return { graph_type: text.includes('>') ? 'directed' : 'undirected', nodes, edges };
}

/** Whether Graphviz reads the text, and what it made of it. */
const dot = (text: string) => execFileSync('dot', ['-Tjson'], { input: text, encoding: 'utf8' });
const xmllint = (text: string) => execFileSync('xmllint', ['--noout', '-'], { input: text });

const NASTY: JsonObject = {
  graph_type: 'directed',
  nodes: [
    { id: 'a "b" \\ c', label: 'line\none <b>&amp;', data: { n: 1.5, ok: true, list: [1, 'x'] } },
    { id: 'é🦀]]>', data: { n: 'text' } },
    { id: 'node' },
    { id: '-->' },
  ],
  edges: [
    { from: 'a "b" \\ c', to: 'é🦀]]>', label: 'x|"y"', weight: -2.5 },
    { from: 'node', to: 'node', data: { kind: 'loop' } },
    { from: '-->', to: 'node' },
  ],
};

describe('graph-builder', () => {
  itRunsItsSamples(graphBuilder);

  describe('building', () => {
    it('takes the graph as an object, as text and as a result', async () => {
      const first = await call({ operation: 'create_graph' });
      const second = await call({
        operation: 'add_node',
        graph: JSON.stringify(first.result),
        node_id: 'a',
        label: 'A',
      });
      const third = await call({ operation: 'add_node', graph: second as never, node_id: 2 });
      const fourth = await result({
        operation: 'add_edge',
        graph: third.result as JsonObject,
        from: 'a',
        to: 2,
        weight: 1.5,
        label: 'to',
      });
      expect(fourth).toMatchObject({
        operation: 'add_edge',
        graph_type: 'directed',
        nodes: [{ id: 'a', label: 'A' }, { id: '2' }],
        edges: [{ from: 'a', to: '2', weight: 1.5, label: 'to' }],
        metadata: { node_count: 2, edge_count: 1, created_at: expect.stringMatching(/^\d{4}-/) },
      });
    });

    it('takes empty Lua tables for empty lists and objects', async () => {
      const empty = { graph_type: 'directed', nodes: {}, edges: {}, metadata: {} };
      expect(await result({ operation: 'add_node', graph: empty, node_id: 'a', data: [] })).toMatchObject({
        nodes: [{ id: 'a' }],
        edges: [],
      });
    });

    it('adds and removes many', async () => {
      const many = await result({
        operation: 'add_nodes',
        graph: graph('a-b'),
        nodes: ['c', { id: 'd', data: { x: 1 } }],
        edges: [
          { from: 'c', to: 'd' },
          { from: 'a', to: 'c' },
        ],
      });
      expect(many.metadata).toMatchObject({ node_count: 4, edge_count: 3 });
      expect((await result({ operation: 'remove_node', graph: many, node_id: 'c' })).metadata).toMatchObject({
        node_count: 3,
        edge_count: 1,
      });
      expect(
        (await result({ operation: 'remove_edge', graph: many, from: 'b', to: 'a' })).metadata,
      ).toMatchObject({ edge_count: 2 });
    });

    it.each<JsonObject>([
      { operation: 'add_node', graph: graph('a-b'), node_id: 'a' },
      { operation: 'add_node', node_id: 'a' },
      { operation: 'add_node', graph: graph('a-b') },
      { operation: 'add_node', graph: '{', node_id: 'a' },
      { operation: 'add_node', graph: '[]', node_id: 'a' },
      { operation: 'add_edge', graph: graph('a-b'), from: 'a', to: 'x' },
      { operation: 'remove_node', graph: graph('a-b'), node_id: 'x' },
      { operation: 'remove_edge', graph: graph('a>b'), from: 'b', to: 'a' },
      { operation: 'analyze', graph: { nodes: [{ id: 'a' }], edges: [{ from: 'a', to: 'b' }] } },
      { operation: 'analyze', graph: { nodes: ['a', 'a'] } },
      { operation: 'create_graph', nodes: Array.from({ length: 10_001 }, (_, index) => index) },
      {
        operation: 'create_graph',
        nodes: ['a'],
        edges: Array.from({ length: 50_001 }, () => ({ from: 'a', to: 'a' })),
      },
    ])('refuses %.80j', async (input) => {
      await expect(call(input)).rejects.toMatchObject({ code: 'input.invalid' });
    });
  });

  describe('analyze', () => {
    it.each<[JsonObject, JsonObject]>([
      [
        graph('a-b b-c c-a'),
        { density: 1, properties: { is_complete: true, has_cycles: true, is_connected: true } },
      ],
      [graph('a>b b>c c>a'), { density: 0.5, properties: { is_complete: false, has_cycles: true } }],
      [graph('a>b b>a'), { density: 1, properties: { is_complete: true } }],
      [
        graph('a>b b>c'),
        {
          density: 1 / 3,
          degree_statistics: { max_degree: 2, average_degree: 4 / 3, in_degree: { max_degree: 1 } },
          properties: { has_cycles: false },
        },
      ],
      [
        graph('a-b b-b'),
        { density: 1, degree_statistics: { max_degree: 3 }, properties: { has_self_loops: true } },
      ],
      [{ nodes: [] }, { density: 0, node_count: 0, properties: { is_empty: true, is_complete: false } }],
    ])('%j', async (given, expected) => {
      expect(await result({ operation: 'analyze', graph: given })).toMatchObject(expected);
    });
  });

  describe('queries', () => {
    it.each<[string, JsonObject, JsonObject]>([
      ['a>b b>c d>b', { operation: 'neighbors', node_id: 'b' }, { count: 3 }],
      [
        'a>b b>c d>b',
        { operation: 'neighbors', node_id: 'b', direction: 'out' },
        { neighbors: [{ id: 'c', distance: 1 }] },
      ],
      [
        'a>b b>c c>d',
        { operation: 'neighbors', node_id: 'a', direction: 'out', depth: 2 },
        {
          neighbors: [
            { id: 'b', distance: 1 },
            { id: 'c', distance: 2 },
          ],
        },
      ],
      [
        'a-b:1 b-c:1 a-c:5',
        { operation: 'path', from: 'a', to: 'c' },
        { path: ['a', 'b', 'c'], weight: 2, length: 2 },
      ],
      [
        'a-b:1 b-c:1 a-c:5',
        { operation: 'path', from: 'a', to: 'c', weighted: false },
        { path: ['a', 'c'], weight: 1 },
      ],
      ['a>b b>c', { operation: 'path', from: 'c', to: 'a' }, { found: false, path: [] }],
      ['a>b b>c', { operation: 'path', from: 'a', to: 'a' }, { found: true, path: ['a'], weight: 0 }],
      [
        'a-b b-c a-c c-d',
        { operation: 'all_paths', from: 'a', to: 'd' },
        { count: 2, truncated: false, paths: [{ path: ['a', 'c', 'd'] }, { path: ['a', 'b', 'c', 'd'] }] },
      ],
      [
        'a-b b-c a-c c-d',
        { operation: 'all_paths', from: 'a', to: 'd', max_paths: 1 },
        { count: 1, truncated: true },
      ],
      [
        'a-b b-c a-c c-d',
        { operation: 'all_paths', from: 'a', to: 'd', max_length: 2 },
        { count: 1, truncated: true },
      ],
      [
        'a-b c-d d-e',
        { operation: 'components' },
        {
          count: 2,
          components: [
            ['c', 'd', 'e'],
            ['a', 'b'],
          ],
        },
      ],
      [
        'a>b b>a b>c',
        { operation: 'components' },
        { count: 1, strong_count: 2, strong_components: [['a', 'b'], ['c']] },
      ],
      ['a>b b>c c>b', { operation: 'find_cycle' }, { has_cycle: true, cycle: ['b', 'c', 'b'] }],
      ['a>b b>c a>c', { operation: 'find_cycle' }, { has_cycle: false, cycle: [] }],
      ['a-b b-c', { operation: 'find_cycle' }, { has_cycle: false }],
      ['a-b a-b', { operation: 'find_cycle' }, { has_cycle: true }],
      ['a-b b-c c-a', { operation: 'find_cycle' }, { has_cycle: true }],
      [
        'shirt>tie tie>jacket trousers>shoes trousers>belt belt>jacket',
        { operation: 'topological_sort' },
        { order: ['shirt', 'trousers', 'tie', 'shoes', 'belt', 'jacket'] },
      ],
      [
        'a-b b-c',
        { operation: 'centrality', measure: 'betweenness' },
        { scores: [{ id: 'b', score: 1 }, { score: 0 }, { score: 0 }] },
      ],
      [
        'a-b b-c',
        { operation: 'centrality', measure: 'closeness', limit: 1 },
        { scores: [{ id: 'b', score: 1 }], truncated: true },
      ],
      [
        'a>b c>b',
        { operation: 'centrality', measure: 'in_degree' },
        { scores: [{ id: 'b', score: 2 }, {}, {}] },
      ],
      [
        'a-b:1 b-c:9 c-d:1',
        { operation: 'query', where: { min_weight: 2 } },
        { edges: [{ from: 'b', to: 'c' }] },
      ],
      ['a-b b-c b-d', { operation: 'filter', where: { min_degree: 2 } }, { nodes: [{ id: 'b' }], edges: [] }],
    ])('%s %j', async (text, input, expected) => {
      expect(await result({ ...input, graph: graph(text) })).toMatchObject(expected);
    });

    it('computes PageRank as it is known', async () => {
      const { scores } = await result({
        operation: 'centrality',
        measure: 'pagerank',
        graph: graph('a>b b>c c>a d>c'),
      });
      const byId = Object.fromEntries(
        (scores as { id: string; score: number }[]).map(({ id, score }) => [id, score]),
      );
      expect(byId.d).toBeCloseTo(0.0375, 6);
      expect(byId.c).toBeCloseTo(0.12834375 / 0.385875, 8);
      expect(Object.values(byId).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9);
    });

    it('finds nodes by what they hold', async () => {
      const nodes = [
        { id: 'a', data: { kind: 'x' } },
        { id: 'b', label: 'B', data: { kind: 'y' } },
      ];
      expect(
        await result({ operation: 'filter', graph: { nodes }, where: { data: { kind: 'y' } } }),
      ).toMatchObject({ nodes: [{ id: 'b' }] });
      expect(await result({ operation: 'filter', graph: { nodes }, where: { label: 'B' } })).toMatchObject({
        nodes: [{ id: 'b' }],
      });
    });

    it.each<[string, JsonObject, string]>([
      ['a>b b>a', { operation: 'topological_sort' }, 'tool.failed'],
      ['a-b', { operation: 'topological_sort' }, 'input.invalid'],
      ['a>b:-1', { operation: 'shortest_path', from: 'a', to: 'b' }, 'input.invalid'],
      ['a>b', { operation: 'shortest_path', from: 'a', to: 'x' }, 'input.invalid'],
      ['a>b', { operation: 'shortest_path', from: 'a' }, 'input.invalid'],
      ['a>b', { operation: 'filter', where: { colour: 'red' } }, 'input.invalid'],
    ])('%s %j raises %s', async (text, input, code) => {
      await expect(call({ ...input, graph: graph(text) })).rejects.toMatchObject({ code });
    });
  });

  describe('formats', () => {
    it.each<JsonValue>(['json', 'graphml', 'dot'])('reads back what it wrote as %s', async (format) => {
      const { text } = await call({ operation: 'export', format, graph: NASTY });
      const back = await result({ operation: 'import', input: text });
      const ids = (of: JsonObject) => (of.nodes as JsonObject[]).map(({ id }) => id);
      expect(ids(back)).toEqual(ids(NASTY));
      expect(back.edges).toMatchObject([
        { from: 'a "b" \\ c', label: 'x|"y"', weight: -2.5 },
        { from: 'node', to: 'node', data: { kind: 'loop' } },
        {},
      ]);
      expect((back.nodes as JsonObject[])[0]).toMatchObject({
        label: 'line\none <b>&amp;',
        data: format === 'dot' ? { n: 1.5, ok: 'true' } : { n: 1.5, ok: true },
      });
    });

    it('writes DOT that Graphviz reads', async () => {
      const drawn = JSON.parse(
        dot((await call({ operation: 'export', format: 'dot', graph: NASTY })).text),
      ) as { objects: { name: string; label?: string }[]; edges: object[] };
      expect(drawn.objects.map(({ name }) => name)).toEqual(['a "b" \\ c', 'é🦀]]>', 'node', '-->']);
      expect(drawn.edges).toHaveLength(3);
      dot((await call({ operation: 'export', format: 'dot', graph: graph('a-b b-c') })).text);
    });

    it('writes GraphML that is XML', async () => {
      xmllint((await call({ operation: 'export', format: 'graphml', graph: NASTY })).text);
    });

    it('reads what Graphviz writes', async () => {
      const made = execFileSync('dot', ['-Tdot'], {
        input:
          'digraph G { rankdir=LR; node [shape=box]; a -> {b c} -> d [label="x y", weight=3]; subgraph cluster_0 { e; f } e:n -> a; b [label="B\\nB"] }',
        encoding: 'utf8',
      });
      const read = await result({ operation: 'import', input: made });
      expect(read.metadata).toMatchObject({ node_count: 6, edge_count: 5 });
      expect(
        (read.edges as JsonObject[]).filter(({ weight, label }) => weight === 3 && label === 'x y'),
      ).toHaveLength(4);
      expect((read.nodes as JsonObject[]).find(({ id }) => id === 'b')).toMatchObject({ label: 'B\nB' });
    });

    it.each<[string, number, number]>([
      ['graph { a -- b }', 2, 1],
      ['strict digraph "x" { a->b;b->c // comment\n/* more */ # no\n }'.replace('# no', ''), 3, 2],
      ['digraph{}', 0, 0],
      ['digraph { "->" -> "}" ; }', 2, 1],
      ['digraph { subgraph s { a b } -> c }', 3, 2],
      ['digraph { a [x=1][y=2;z=3] a=b }', 1, 0],
    ])('reads %s', async (input, nodes, edges) => {
      expect((await result({ operation: 'import', input })).metadata).toMatchObject({
        node_count: nodes,
        edge_count: edges,
      });
    });

    it.each<JsonObject>([
      { input: 'digraph { a -> }' },
      { input: 'digraph { a -> b' },
      { input: 'digraph { a [label=<b>] }' },
      { input: 'digraph' },
      { input: `digraph {${' '.repeat(200_000)}!` },
      { input: 'nonsense' },
      { input: '<graphml/>' },
      { input: '<!DOCTYPE g [<!ENTITY e "x">]><graphml><graph>&e;</graph></graphml>' },
      { input: '<graphml><graph><node id="a"/><edge source="a" target="b"/></graph></graphml>' },
      { input: '{"nodes":[{"id":"a"}],"edges":[{"from":"a","to":"b"}]}' },
      { input: 'flowchart LR', format: 'mermaid' },
    ])('refuses %.60j', async (input) => {
      await expect(call({ operation: 'import', ...input })).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('writes Mermaid in which no text can be more than text', async () => {
      const { text } = await call({ operation: 'export', format: 'mermaid', graph: NASTY });
      expect(text.split('\n')).toEqual([
        'flowchart LR',
        '  n0["line one #60;b#62;#38;amp#59;"]',
        '  n1["é🦀#93;#93;#62;"]',
        '  n2["node"]',
        '  n3["--#62;"]',
        '  n0 -->|"x#124;#34;y#34;"| n1',
        '  n2 --> n2',
        '  n3 --> n2',
        '',
      ]);
    });

    it('keeps the older names', async () => {
      const { json } = await result({ operation: 'export_json', graph: graph('a>b') });
      expect(await result({ operation: 'import_json', input: json! })).toMatchObject({
        metadata: { node_count: 2 },
      });
    });
  });

  describe('large graphs', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => index);
    const edges = Array.from({ length: 50_000 }, (_, index) => ({
      from: (index * 7919) % 10_000,
      to: (index * 104_729 + 1) % 10_000,
    }));

    it('are analyzed', async () => {
      expect(await result({ operation: 'analyze', graph: { nodes, edges } as never })).toMatchObject({
        node_count: 10_000,
        truncated: true,
      });
    }, 30_000);

    it.each<JsonObject>([
      { operation: 'centrality', measure: 'betweenness' },
      { operation: 'centrality', measure: 'closeness' },
      { operation: 'all_paths', from: 0, to: 9999, max_length: 1000, max_paths: 1000 },
    ])(
      'stop at once: %j',
      async (input) => {
        const controller = new AbortController();
        const { context } = testContext({ signal: controller.signal });
        const running = invoke(
          toolComponent(graphBuilder),
          {
            ...input,
            graph: {
              nodes,
              edges: edges.filter(({ to }) => input.operation === 'centrality' || to !== 9999),
            },
          },
          context,
        );
        let aborted = 0;
        setTimeout(() => {
          aborted = performance.now();
          controller.abort();
        }, 1000);
        const outcome = await running.then(
          () => 'done',
          (error: { code: string }) => error.code,
        );
        if (input.operation === 'centrality') expect(outcome).toBe('component.cancelled');
        if (outcome !== 'done') expect(performance.now() - aborted).toBeLessThan(1000);
      },
      30_000,
    );
  });
});
