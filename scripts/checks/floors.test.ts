import { describe, expect, it } from 'vitest';
import { checkTree, type Tree } from './fixture.js';
import { checkFloors } from './floors.js';

const CLEAN: Tree = {
  'src/core/values.ts': `export const one = 1;`,
  'src/core/errors.ts': `import { one } from './values.js'; export const two = one + one;`,
  'src/config/load.ts': `import { one } from '../core/values.js'; export const load = one;`,
  'src/storage/store.ts': `import type { two } from '../core/errors.js'; export type Two = typeof two;`,
  'src/state/state.ts': `export const open = () => import('../storage/store.js');`,
  'src/tools/tool.ts': `export const tool = 1;`,
  'src/agents/agent.ts': `import { tool } from '../tools/tool.js'; export { open } from '../state/state.js'; export const a = tool;`,
  'src/script/channel.ts': `import type { State } from '../tools/tool.js'; export const channel = 1;`,
  'src/script/lua/engine.ts': `import { channel } from '../channel.js'; import { one } from '../../core/values.js';`,
  'src/globals/agent.ts': `import { channel } from '../script/channel.js';`,
  'src/kernel/kernel.ts': `import '../globals/agent.js'; import data from '../../package.json' with { type: 'json' };`,
  'src/isolate.ts': `import './script/lua/engine.js';`,
  'src/bin.ts': `import { kernel } from './kernel/kernel.js';`,
  'src/tools/index.ts': `import { list } from './list.generated.js'; import { z } from 'zod';`,
  'src/tools/tool.test.ts': `import { server } from '../../test/server.js';`,
  'test/server.ts': `export const server = 1;`,
  'package.json': '{}',
};

const problemsWith = (change: Tree) => checkTree(checkFloors, { ...CLEAN, ...change }).problems;

describe('the floors check', () => {
  it('passes a clean tree', () => {
    const report = checkTree(checkFloors, CLEAN);
    expect(report.problems).toEqual([]);
    expect(report.summary).toBe('15 files, 16 imports');
  });

  it.each([
    ['a static import', `\nimport { agent } from '../agents/agent.js';`],
    ['an import of types', `\nimport type { A } from '../agents/agent.js';`],
    ['an import type', `\nexport type A = import('../agents/agent.js').A;`],
    ['a dynamic import', `\nexport const load = () => import('../agents/agent.js');`],
    ['a re-export', `\nexport * from '../agents/agent.js';`],
  ])('finds %s from a higher floor', (_, text) => {
    expect(problemsWith({ 'src/storage/lmdb.ts': text })).toEqual([
      'src/storage/lmdb.ts:2 (floor 1) imports src/agents/agent.ts from the higher floor 3',
    ]);
  });

  it('lets nobody import an entry', () => {
    expect(problemsWith({ 'src/kernel/x.ts': `import '../index.js';`, 'src/index.ts': '' })).toEqual([
      'src/kernel/x.ts:1 (floor 5) imports src/index.ts from the higher floor 7',
    ]);
  });

  it.each([
    ['src/state/x.ts', '../security/x.js', 'state', 'security', 2],
    ['src/workflows/x.ts', '../agents/agent.js', 'workflows', 'agents', 3],
    ['src/tools/x.ts', '../agents/agent.js', 'tools', 'agents', 3],
    ['src/script/x.ts', '../globals/agent.js', 'script', 'globals', 4],
    ['src/core/x.ts', '../config/load.js', 'core', 'config', 0],
  ])('finds %s using a neighbour that it may not', (file, path, room, other, floor) => {
    const problems = problemsWith({ 'src/security/x.ts': '', [file]: `import '${path}';` });
    expect(problems).toEqual([
      expect.stringContaining(`'${room}' may not use its neighbour '${other}' on floor ${floor}`),
    ]);
  });

  it('prints the shortest circle of each set of files, circles of types included', () => {
    expect(
      problemsWith({
        'src/core/a.ts': `import './b.js';`,
        'src/core/b.ts': `import type { C } from './c.js';`,
        'src/core/c.ts': `import './a.js'; import './d.js';`,
        'src/core/d.ts': `import './c.js'; import './a.js'; import './b.js';`,
        'src/core/self.ts': `import './self.js';`,
      }),
    ).toEqual([
      'import cycle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
      'import cycle: src/core/self.ts → src/core/self.ts',
    ]);
  });

  it('finds what an isolate names', () => {
    const text = `import type { State } from '../../state/state.js';`;
    expect(problemsWith({ 'src/script/javascript/engine.ts': text })).toEqual([
      'src/script/javascript/engine.ts:1 imports src/state/state.ts: code inside an isolate may use only core/ and script/',
    ]);
  });

  it('finds what an isolate would load through others', () => {
    const text = `import { open } from '../state/state.js';`;
    expect(problemsWith({ 'src/script/channel.ts': text })).toEqual([
      expect.stringMatching(
        /loads src\/state\/state\.ts \(through src\/script\/channel\.ts\) into an isolate's/,
      ),
    ]);
  });

  it('finds unknown rooms, paths that lead nowhere and imports from outside', () => {
    expect(
      problemsWith({
        'src/attic/x.ts': '',
        'src/stray.ts': '',
        'src/tools/x.ts': `import './tool'; import './absent.js'; import '../../test/server.js';`,
      }),
    ).toEqual([
      'src/attic/x.ts is in no known room',
      'src/stray.ts is in no known room',
      expect.stringContaining(`src/tools/x.ts:1 imports './tool', which is not a file`),
      expect.stringContaining(`src/tools/x.ts:1 imports './absent.js', which is not a file`),
      'src/tools/x.ts:1 imports test/server.ts, which is outside src',
    ]);
  });
});
