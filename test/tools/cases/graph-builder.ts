import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const ROADS = `graph roads {
  node [shape=box];
  Oslo -- {Bergen Trondheim} [weight=7];
  Bergen -- Trondheim [label="the coast", weight=10];
  subgraph north { Tromso }
  Trondheim:n -- Tromso [weight=16];
}`;

export default toolCase({
  tool: 'graph-builder',
  programs: ['dot'],
  prepare: () => ({ drawn: execFileSync('dot', ['-Tdot'], { input: ROADS, encoding: 'utf8' }) }),
  input: (_dir, { drawn }) => ({ operation: 'import', input: drawn }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: { operation: 'import', graph_type: 'undirected', metadata: { node_count: 4, edge_count: 4 } },
    });
    const { edges } = answer.result as {
      edges: { from: string; to: string; weight: number; label?: string }[];
    };
    expect(edges.find(({ label }) => label === 'the coast')).toMatchObject({ from: 'Bergen', weight: 10 });
    expect(edges.find(({ to }) => to === 'Tromso')).toMatchObject({ from: 'Trondheim', weight: 16 });
  },
});
