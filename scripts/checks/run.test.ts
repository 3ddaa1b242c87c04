import { describe, expect, it } from 'vitest';
import { checkTree, type Tree } from './fixture.js';
import { runChecks } from './run.js';

function run(tree: Tree, names: string[] = []) {
  const lines: string[] = [];
  let code = -1;
  checkTree((root) => {
    code = runChecks(root, names, (line) => lines.push(line));
    return { problems: [], warnings: [], summary: '' };
  }, tree);
  return { code, lines };
}

describe('running the checks', () => {
  it('ends with 0 on a clean project and prints the figures of each check', () => {
    const { code, lines } = run({ 'src/core/x.ts': '/** Adds. */\nexport const add = () => 1;' });
    expect(lines).toEqual([
      'floors: ok (1 files, 0 imports)',
      expect.stringMatching(/^functions: ok \(1 functions; median 1,/),
      'docs: ok (1 files, 0 unused error codes)',
      'words: ok (1 files)',
    ]);
    expect(code).toBe(0);
  });

  it('ends with 1 and lists every problem below its check', () => {
    const { code, lines } = run({
      'src/core/x.ts': `import '../cli/y.js';\nexport const x = 1;`,
      'src/cli/y.ts': '',
    });
    expect(lines).toEqual([
      'floors: 1 problem (2 files, 1 imports)',
      '  src/core/x.ts:1 (floor 0) imports src/cli/y.ts from the higher floor 6',
      'functions: ok (no functions)',
      'docs: 1 problem (2 files, 0 unused error codes)',
      `  src/core/x.ts:2 exports 'x' without a docstring`,
      'words: ok (2 files)',
    ]);
    expect(code).toBe(1);
  });

  it('ends with 0 when there are only warnings', () => {
    const table = `/** Codes. */\nexport const ERROR_CODES = { 'a.b': 'x' };`;
    const { code, lines } = run({ 'src/core/error-codes.ts': table }, ['docs']);
    expect(lines[1]).toBe(`  warning: src/core/error-codes.ts:2 'a.b' is never raised`);
    expect(code).toBe(0);
  });

  it('runs only the named checks, and ends with 2 for a name there is not', () => {
    expect(run({}, ['words']).lines).toEqual(['words: ok (0 files)']);
    expect(run({}, ['spelling'])).toEqual({
      code: 2,
      lines: ['No check is called spelling; there are floors, functions, docs, words.'],
    });
  });
});
