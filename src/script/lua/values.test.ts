import { describe, expect, test } from 'vitest';
import { float, type ScriptValue } from '../../core/values.js';
import { start } from './testing.js';

/** What the kernel gets when the script passes this expression. */
async function sent(expression: string): Promise<ScriptValue> {
  const { run, calls } = start();
  await run(`Tool.execute("t", ${expression})`);
  return calls[0]!.args[1]!;
}

/** What the script gets when the kernel answers with this value. */
async function received(value: ScriptValue, expression: string): Promise<ScriptValue | undefined> {
  const { value: run } = start(() => value);
  return run(`(function(v) return ${expression} end)(Tool.execute("t"))`);
}

describe('from the script', () => {
  test.each<[string, ScriptValue]>([
    ['nil', null],
    ['true', true],
    ['1', 1],
    ['-0.5', -0.5],
    ['3.0', float(3)],
    ['math.maxinteger', 9223372036854775807n],
    ['math.mininteger', -9223372036854775808n],
    ['2^53 | 0', 9007199254740992n],
    ['"text"', 'text'],
    ['"\\u{1F600}\\0"', '😀\0'],
    ['"\\255"', Uint8Array.of(255)],
    ['""', ''],
    ['{ 1, "two", { 3 } }', [1, 'two', [3]]],
    ['{ a = 1, ["b c"] = { d = false } }', { a: 1, 'b c': { d: false } }],
    ['{}', {}],
    ['{ [10] = "ten", [1.5] = "f" }', { 10: 'ten', 1.5: 'f' }],
    ['{ 1, 2, key = "lost" }', [1, 2]],
    ['setmetatable({ a = 1 }, { __index = { b = 2 }, __len = function() return 9 end })', { a: 1 }],
  ])('%s', async (expression, value) => {
    expect(await sent(expression)).toEqual(value);
  });

  test('numbers that are not finite', async () => {
    const [nan, infinite] = (await sent('{ 0/0, 1/0 }')) as [number, number];
    expect([Number.isNaN(Number(nan)), Number(infinite)]).toEqual([true, Number.POSITIVE_INFINITY]);
  });

  test('the same table twice is two values, and no circle', async () => {
    expect(await sent('(function() local t = { 1 } return { a = t, b = t } end)()')).toEqual({
      a: [1],
      b: [1],
    });
  });

  test('functions are references that the kernel can call', async () => {
    const { run, calls, isolate } = start();
    await run('Tool.execute("t", { f = function(a, b) return a .. b end })');
    const { f } = calls[0]!.args[1] as { f: ScriptValue };
    const id = Number(String(f).slice('fn:'.length));
    expect(await isolate.callFunction(id, ['x', 'y'])).toBe('xy');
    isolate.releaseFunction(id);
    isolate.releaseFunction(id);
    await expect(isolate.callFunction(id, [])).rejects.toMatchObject({ code: 'script.error' });
  });

  test.each([
    ['coroutine.create(print)', 'value.unsupported'],
    ['{ { coroutine.create(print) } }', 'value.unsupported'],
    ['(function() local t = {} t.t = t return t end)()', 'value.cyclic'],
    ['(function() local t = {} for i = 1, 201 do t = { t } end return t end)()', 'value.too_deep'],
  ])('%s cannot cross', async (expression, code) => {
    const { failure, calls } = start();
    expect(await failure(`Tool.execute("t", ${expression})`)).toMatchObject({ code });
    expect(calls).toEqual([]);
  });
});

describe('to the script', () => {
  test.each<[ScriptValue, string, ScriptValue]>([
    [null, 'v == nil', true],
    [1, 'math.type(v)', 'integer'],
    [1.5, 'math.type(v)', 'float'],
    [float(2), 'math.type(v) .. v', 'float2.0'],
    [9223372036854775807n, 'v == math.maxinteger', true],
    ['😀', '#v', 4],
    [Uint8Array.of(255, 0), '#v', 2],
    [[1, [2]], 'v[2][1]', 2],
    [{ a: { b: 'c' } }, 'v.a.b', 'c'],
    [JSON.parse('{"__proto__": 1}') as ScriptValue, 'v.__proto__', 1],
    ['x'.repeat(200_000), '#v', 200_000],
  ])('as %#: $1', async (value, expression, result) => {
    expect(await received(value, expression)).toEqual(result);
  });

  test('an empty array stays one on the way back', async () => {
    const { run, calls } = start(({ args }) => args[1] ?? []);
    await run('local empty = Tool.execute("t") Tool.execute("t", { list = empty, table = {} })');
    expect(calls[1]!.args[1]).toEqual({ list: [], table: {} });
  });

  test('what is nested too deeply is refused', async () => {
    let deep: ScriptValue = [];
    for (let i = 0; i < 1000; i++) deep = [deep];
    const { failure } = start(() => deep);
    expect(await failure('Tool.execute("t")')).toMatchObject({ code: 'value.too_deep' });
  });

  test('what is larger than the memory raises and leaves the script running', async () => {
    const { value } = start(() => 'x'.repeat(80_000_000));
    expect(await value('(function() local ok, why = pcall(Tool.execute, "t") return why end)()')).toContain(
      'not enough memory',
    );
    expect(await value('1 + 1')).toBe(2);
  });
});

describe('the result', () => {
  test.each<[string, ScriptValue]>([
    ['print', '<function>'],
    ['coroutine.create(print)', '<thread>'],
    ['{ f = print, 1 }', { f: '<function>' }],
    ['{ 1, 2, 3 }', [1, 2, 3]],
    ['{ [1] = "a", [3] = "c" }', {}],
    ['(function() local t = { n = 1 } t.t = t return t end)()', { n: 1, t: '<circular reference>' }],
    ['3.0', float(3)],
  ])('of %s always exists', async (expression, value) => {
    expect(await start().value(expression)).toEqual(value);
  });

  test('is cut off where it would never end', async () => {
    const { run } = start(undefined, { memoryBytes: 256 * 1024 * 1024 });
    const { value } = await run('local t = {} for i = 1, 60 do t = { t, t } end return t');
    expect(JSON.stringify(value)).toContain('too large');
  });

  test('reads as tostring would show it, tables as JSON', async () => {
    const { run } = start();
    expect((await run('return 1.0')).text).toBe('1.0');
    expect((await run('return "x"')).text).toBe('x');
    expect((await run('return { a = 1 }')).text).toBe('{\n  "a": 1\n}');
    expect((await run('return nil')).text).toBeUndefined();
    expect(await run('local x = 1')).toMatchObject({ value: undefined });
  });
});
