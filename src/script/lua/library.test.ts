import { describe, expect, test } from 'vitest';
import type { ScriptValue } from '../../core/values.js';
import { type Harness, start } from './testing.js';

/** The kernel's file functions over a map, and standard input. */
function withFiles(files: Record<string, string>, input: string[] = []): Harness {
  const stored = new Map(Object.entries(files));
  const missing = (path: string): ScriptValue => [null, `${path}: No such file`, 2];
  return start(({ member, args: [path, data, append] }) => {
    const name = String(path);
    switch (member) {
      case '@host.read_file':
        return stored.has(name) ? [stored.get(name)!] : data === true ? [''] : missing(name);
      case '@host.write_file':
        stored.set(name, (append === true ? (stored.get(name) ?? '') : '') + String(data));
        return [true];
      case '@host.remove':
        return stored.delete(name) ? [true] : missing(name);
      case '@host.exists':
        return stored.has(name);
      case '@host.source':
        return [stored.get(name) ?? '', name];
      case '@host.input':
        return path === true ? input.splice(0).join('') : (input.shift() ?? null);
      default:
        return null;
    }
  });
}

const read = async (expression: string, files: Record<string, string>, input?: string[]) =>
  withFiles(files, input).value(expression);

describe('io', () => {
  const text = { f: 'one\ntwo 3.5 0x10\nlast' };
  test.each<[string, ScriptValue]>([
    ['io.open("f"):read("a")', 'one\ntwo 3.5 0x10\nlast'],
    ['io.open("f"):read()', 'one'],
    ['io.open("f"):read("L")', 'one\n'],
    ['{ io.open("f"):read("l", "l", "l", "l") }', ['one', 'two 3.5 0x10', 'last']],
    ['io.open("f"):read(3)', 'one'],
    ['io.open("f"):read(0)', ''],
    ['(function() local f = io.open("f") f:seek("set", 8) return { f:read("n", "n") } end)()', [3.5, 16]],
    [
      '(function() local f = io.open("f") f:read("a") return { f:read("a"), f:read("l") == nil } end)()',
      ['', true],
    ],
    ['(function() local n = 0 for l in io.lines("f") do n = n + 1 end return n end)()', 3],
    [
      '(function() local f = io.open("f") return { f:seek("end"), f:seek("set", 4), f:read(3), f:seek() } end)()',
      [21, 4, 'two', 7],
    ],
    ['{ io.open("missing") }', {}],
    ['select(2, io.open("missing"))', 'missing: No such file'],
    ['{ io.type(io.stdout), io.type(io.open("f")), io.type(5) == nil }', ['file', 'file', true]],
  ])('%s', async (expression, value) => {
    expect(await read(expression, text)).toEqual(value);
  }); // prettier-ignore

  test('writes when flushed or closed, in every mode', async () => {
    const { run, value } = withFiles({ f: 'old' });
    await run('local f = io.open("f", "a") f:write(" and ", 1, " ", 2.5) f:close()');
    expect(await value('io.open("f"):read("a")')).toBe('old and 1 2.5');
    await run('do local f <close> = io.open("f", "w") f:write("new") end');
    expect(await value('io.open("f"):read("a")')).toBe('new');
    await run('local f = io.open("f", "r+") f:seek("set", 1) f:write("XY12") f:close()');
    expect(await value('io.open("f"):read("a")')).toBe('nXY12');
  });

  test('a closed file and a wrong mode raise', async () => {
    const { failure } = withFiles({ f: '' });
    expect((await failure('local f = io.open("f") f:close() f:read()')).message).toContain('closed file');
    expect((await failure('io.open("f", "rw")')).message).toContain('invalid mode');
  });

  test('reads standard input as it is needed', async () => {
    const { value, calls } = withFiles({}, ['first\n', 'second\n', 'rest']);
    expect(await value('io.read()')).toBe('first');
    expect(calls).toHaveLength(1);
    expect(await value('{ io.read("L", "a") }')).toEqual(['second\n', 'rest']);
    expect(await value('io.read() == nil')).toBe(true);
  });

  test('prints to both streams in order', async () => {
    const { run, output } = start();
    await run(
      'print(1, nil, "x", 2.0) io.write("a", 1, "\\n") io.stderr:write("to stderr\\n") warn("@on") warn("w")',
    );
    expect(output.stdout).toBe('1\tnil\tx\t2.0\na1\n');
    expect(output.stderr).toBe('to stderr\nLua warning: w\n');
  });
});

describe('require', () => {
  test('runs a module once and gives its value', async () => {
    const { value, calls } = withFiles({ './m.lua': 'COUNT = (COUNT or 0) + 1 return { name = ... }' });
    expect(await value('{ require("m").name, require("m") == require("m"), COUNT }')).toEqual(['m', true, 1]);
    expect(calls.filter(({ member }) => member === '@host.source')).toHaveLength(1);
  });

  test('looks for dots as folders, and init.lua', async () => {
    expect(await read('require("a.b")', { './a/b.lua': 'return "file"' })).toBe('file');
    expect(await read('require("a")', { './a/init.lua': 'return "folder"' })).toBe('folder');
  });

  test('says where it has looked, and what is wrong with a module', async () => {
    const { failure } = withFiles({ './bad.lua': 'local = 1', './raises.lua': 'error("inside")' });
    expect((await failure('require("nope")')).message).toMatch(
      /module 'nope' not found:\n\tno file '\.\/nope\.lua'/,
    );
    expect((await failure('require("bad")')).message).toContain('bad.lua:1:');
    expect((await failure('require("raises")')).message).toContain('raises.lua:1: inside');
  });

  test('load takes an environment, a name and a reader; never precompiled code', async () => {
    const { value } = start();
    expect(await value('load("return x", "name", "t", { x = 5 })()')).toBe(5);
    expect(
      await value(
        'load((function() local p = { "return ", "6" } local i = 0 return function() i = i + 1 return p[i] end end)())()',
      ),
    ).toBe(6);
    expect(await value('select(2, load("x = = 1", "=name"))')).toMatch(/^name:1:/);
    expect(await value('load(string.dump(function() end)) == nil')).toBe(true);
  });
});

describe('math.random', () => {
  test('follows the seed of the session', async () => {
    const draw = async (seed: number) =>
      start(undefined, { seed }).value('{ math.random(), math.random(1000) }');
    const [first, again, other] = await Promise.all([draw(1), draw(1), draw(2)]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

test('a recording notes the clocks, a replay gives them again', async () => {
  const { value } = start(undefined, { effects: [86_400_000, 12.5] });
  expect(await value('{ os.time(), os.clock() }')).toEqual([86_400, 12.5]);
});
