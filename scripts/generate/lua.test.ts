import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiGlobal, apiOf } from './api.js';
import { luaLibrary, luaParam, luaSignature } from './lua.js';
import { readSources } from './sources.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let api: ApiGlobal[];
let library: string;

beforeAll(async () => {
  const { globals } = await readSources(root);
  api = apiOf(globals.map(({ definition }) => definition));
  library = luaLibrary(api);
});

describe('the Lua library', () => {
  test('is Lua: it loads, and makes the globals with their members', () => {
    const place = mkdtempSync(join(tmpdir(), 'llmspell-'));
    const names = api.flatMap(({ name, functions }) => functions.map((fn) => `${name}.${fn.name}`));
    const checks = names.map((name) => `assert(type(env.${name}) == "function", "${name}")`);
    const program = `local env = {}\nassert(loadfile("llmspell.lua", "t", env))()\n${checks.join('\n')}\nprint("loaded")`;
    try {
      writeFileSync(join(place, 'llmspell.lua'), library);
      writeFileSync(join(place, 'check.lua'), program);
      const output = execFileSync(process.execPath, [join(root, 'dist/bin.cjs'), 'run', 'check.lua'], {
        cwd: place,
        encoding: 'utf8',
      });
      expect(output).toBe('loaded\n');
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test('uses only annotations that there are', () => {
    const tags = [...library.matchAll(/^---@(\w+)/gm)].map(([, tag]) => tag);
    expect([...new Set(tags)].sort()).toEqual([
      'class',
      'deprecated',
      'field',
      'meta',
      'param',
      'return',
      'type',
    ]);
  });

  test('annotates exactly the parameters that a function has', () => {
    for (const [, comment, params] of library.matchAll(/((?:^---.*\n)+)function [\w.:]+\((.*)\) end$/gm)) {
      const annotated = [...comment!.matchAll(/^---@param (\w+)/gm)].map(([, name]) => name);
      expect(annotated.join(', ')).toBe(params);
    }
  });

  test('mentions only classes that it declares', () => {
    const declared = new Set([...library.matchAll(/^---@class (\w+)/gm)].map(([, name]) => name));
    const types = [...library.matchAll(/^---@(?:return|param \w+\??|field \S+) (.*)$/gm)].map(
      ([, type]) => type!,
    );
    const capital = types.flatMap((type) =>
      [...type.split(' # ')[0]!.matchAll(/^(?:fun\(.*\): )?([A-Z]\w+)/g)].map(([, name]) => name),
    );
    expect(capital.length).toBeGreaterThan(20);
    expect(capital.filter((name) => !declared.has(name!))).toEqual([]);
  });
});

describe('words of the language', () => {
  const fn = {
    name: 'end',
    doc: 'Ends.',
    params: [{ name: 'repeat', type: { kind: 'integer' as const }, optional: true, doc: 'How often.' }],
    returns: { kind: 'nothing' as const },
    returnsDoc: '',
    aliases: ['stop', 'until'],
    spellings: [],
    local: false,
  };

  test('are avoided as names', () => {
    const handle = { name: 'LoopHandle', kind: 'loop', doc: 'A loop.', fields: [], methods: [fn] };
    const text = luaLibrary([{ name: 'Loop', doc: 'Loops.', functions: [fn], classes: [handle], types: [] }]);
    expect(text).toContain('Loop["end"] = function(repeat_) end');
    expect(text).toContain('LoopHandle["end"] = function(self, repeat_) end');
    expect(text).toContain('Loop.stop = Loop["end"]');
    expect(text).not.toContain('.until');
  });

  test('do not stand as parameters in signatures', () => {
    expect(luaParam('end')).toBe('end_');
    expect(luaSignature(fn)).toBe('end(repeat_?: integer)');
  });
});
