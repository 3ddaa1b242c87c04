import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fail } from '../../core/errors.js';
import { type Answer, start } from './testing.js';

/** A kernel that reads modules from memory; `base` decides where a relative path leads, as for files. */
function sources(files: Record<string, string>): Answer {
  return ({ member, args }) => {
    if (member !== '@host.source') return null;
    const file = path.resolve((args[1] as { base: string }).base, args[0] as string);
    if (file.startsWith('/secret/')) throw fail('permission.read', `Reading ${file} is not granted`);
    const text = files[file];
    if (text === undefined) throw fail('script.module_not_found', `No such file: ${file}`);
    return [text, path.relative('/project', file)];
  };
}

const AT_WORK = { directory: '/project' };

describe('imports', () => {
  test('of neighbouring files, relative to the importing file', async () => {
    const { run } = start(
      sources({
        '/project/lib/a.js':
          'import { two } from "./b.js"; export const one = () => two - 1; export default "a";',
        '/project/lib/b.js': 'export const two = 2;',
      }),
    );
    const code = 'import word, { one } from "./lib/a.js";\nexport default [word, one()];';
    expect(await run(code, AT_WORK)).toMatchObject({ value: ['a', 1] });
  });

  test('find extensions, index files, JSON and TypeScript', async () => {
    const { run } = start(
      sources({
        '/project/a.js': 'export default "js"',
        '/project/b.ts': 'const kind: string = "ts"; export default kind;',
        '/project/c/index.js': 'export default "index"',
        '/project/d.json': '{"json": [1], "__proto__": 1}',
        '/project/e.ts': 'export default "e" as string',
      }),
    );
    const code = `
      import a from './a'; import b from './b'; import c from './c'; import d from './d.json'; import e from './e.js';
      export default [a, b, c, d.json, Object.keys(d).length, e];`;
    expect(await run(code, AT_WORK)).toMatchObject({ value: ['js', 'ts', 'index', [1], 2, 'e'] });
  });

  test('can be made while the script runs', async () => {
    const { run, value } = start(sources({ '/project/a.js': 'export default 5' }));
    expect(await run('(await import("./a.js")).default', AT_WORK)).toMatchObject({ value: 5 });
    expect(await value('await import("./none.js").catch((e) => e.code)')).toBe('script.module_not_found');
  });

  test('a module is evaluated once per run, and read anew for the next', async () => {
    const files = {
      '/project/a.js': 'print("evaluated"); export default 1',
      '/project/b.js': 'export { default } from "./a.js"',
    };
    const { run, output, calls } = start(sources(files));
    const code = 'import a from "./a.js"; import b from "./b.js"; export default a + b;';
    expect(await run(code, AT_WORK)).toMatchObject({ value: 2 });
    expect(output.stdout).toBe('evaluated\n');
    const reads = calls.length;
    files['/project/a.js'] = 'export default 10';
    expect(await run(code, AT_WORK)).toMatchObject({ value: 20 });
    expect(calls.length).toBe(reads * 2);
  });

  test('modules that import each other work', async () => {
    const { run } = start(
      sources({
        '/project/even.js':
          'import { odd } from "./odd.js"; export const even = (n) => n === 0 || odd(n - 1);',
        '/project/odd.js':
          'import { even } from "./even.js"; export const odd = (n) => n !== 0 && even(n - 1);',
      }),
    );
    expect(await run('import { even } from "./even.js"; export default even(10);', AT_WORK)).toMatchObject({
      value: true,
    });
  });

  test('of anything but files are refused with a hint', async () => {
    const { failure } = start(sources({}));
    for (const name of ['node:fs', 'fs', 'std', 'os', 'qjs:std', 'https://example.org/x.js']) {
      const error = await failure(`import x from '${name}';`, AT_WORK);
      expect(error).toMatchObject({
        code: 'script.module_not_found',
        message: expect.stringContaining(name) as never,
      });
      expect(error.hint).toContain('for a file beside the script');
    }
  });

  test('a missing file tells what was tried; a refused one says so', async () => {
    const { failure } = start(sources({}));
    const missing = await failure('import x from "./nowhere";', AT_WORK);
    expect(missing).toMatchObject({
      code: 'script.module_not_found',
      details: {
        module: './nowhere',
        importer: 'main.js',
        tried: expect.arrayContaining(['./nowhere.ts']) as never,
      },
    });
    expect(await failure('import x from "../secret/x.js";', AT_WORK)).toMatchObject({
      code: 'permission.read',
    });
  });

  test('errors inside a module name its file, also after it was loaded anew', async () => {
    const { failure } = start(
      sources({ '/project/lib/a.js': '\nexport function f() { null.x; }', '/project/bad.js': 'let = ;' }),
    );
    for (let i = 0; i < 2; i++) {
      const error = await failure('import { f } from "./lib/a.js"; f();', AT_WORK);
      expect(error.traceback).toMatch(/^\s+at f \(lib\/a\.js:2:\d+\)\n\s+at <anonymous> \(main\.js:1:\d+\)$/);
      expect(await failure('import "./bad.js";', AT_WORK)).toMatchObject({
        code: 'script.syntax',
        details: { file: 'bad.js', line: 1 },
      });
    }
  });
});

describe('TypeScript', () => {
  test('runs with its types removed, on the same lines', async () => {
    const { run, failure } = start(sources({ '/project/types.ts': 'export interface Point { x: number }' }));
    const code = `
      import { Point } from './types';
      enum Color { Red, Green }
      class Box<T> { constructor(private readonly value: T) {} get(): T { return this.value; } }
      const p: Point = { x: Color.Green } satisfies Point;
      export default new Box<number>(p.x).get()!;`;
    expect(await run(code, { ...AT_WORK, typescript: true, name: 'main.ts' })).toMatchObject({ value: 1 });
    const error = await failure('interface A {\n  x: number;\n}\nthrow new Error("here");', {
      typescript: true,
      name: 'main.ts',
    });
    expect(error.traceback).toContain('main.ts:4:');
  });

  test('syntax errors have a position', async () => {
    const error = await start().failure('const a: number = 1;\nconst b: = 2;', {
      typescript: true,
      name: 'main.ts',
    });
    expect(error).toMatchObject({ code: 'script.syntax', details: { file: 'main.ts', line: 2, column: 10 } });
    expect(error.message).toBe('main.ts:2:10: Unexpected token');
  });
});
