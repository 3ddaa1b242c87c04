import { describe, expect, test } from 'vitest';
import { float, isReference, type ScriptValue } from '../../core/values.js';
import { start } from './testing.js';
import { fromWire, toWire } from './wire.js';

/** What the kernel receives for an expression. */
async function received(expression: string): Promise<ScriptValue | undefined> {
  const { run, calls } = start();
  await run(`Tool.execute('t', ${expression})`);
  return calls[0]?.args[1];
}

describe('values from the script', () => {
  test.each<[string, unknown]>([
    ['{ a: 1, b: [true, null, "x"], u: undefined }', { a: 1, b: [true, null, 'x'] }],
    ['[1.5, NaN, Infinity, undefined]', [1.5, null, null, null]],
    ['[2n ** 70n, 5n]', [2n ** 70n, 5]],
    ['new Uint8Array([0, 65, 255])', new Uint8Array([0, 65, 255])],
    ['new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['new Map([["a", 1], [2, "b"]])', { a: 1, 2: 'b' }],
    ['new Set([1, "x"])', [1, 'x']],
    ['Object.assign(new TypeError("bad"), { code: 7 })', { name: 'TypeError', message: 'bad', code: 7 }],
    ['new (class Point { x = 1; go() {} })()', { x: 1 }],
    ['"\\ud800 \\u0000 é 😀"', '\ud800 \u0000 é 😀'],
    ['{ $ref: "agent:1" }', { $ref: 'agent:1' }],
    ['{ $obj: { $fn: 1 } }', { $obj: { $fn: 1 } }],
    ['{ $int: "5", gone: undefined }', { $int: '5' }],
  ])('%s', async (expression, expected) => {
    expect(await received(expression)).toEqual(expected);
  });

  test('a key named __proto__ is data', async () => {
    const value = (await received('JSON.parse(\'{"__proto__": {"x": 1}}\')')) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('functions become references, also inside data', async () => {
    const value = (await received('{ on: () => 1 }')) as { on: ScriptValue };
    expect(isReference(value.on) && value.on.toString()).toBe('fn:1');
  });

  test.each([
    ['a cycle', 'const o = {}; o.o = o; Tool.execute("t", o)', 'value.cyclic'],
    ['nesting', 'let o = 0; for (let i = 0; i < 250; i++) o = [o]; Tool.execute("t", o)', 'value.too_deep'],
    ['a symbol', 'Tool.execute("t", Symbol("s"))', 'value.unsupported'],
    ['a promise', 'Tool.execute("t", Promise.resolve(1))', 'value.unsupported'],
    ['a regular expression', 'Tool.execute("t", /x/)', 'value.unsupported'],
  ])('%s is refused where the script called', async (_, code, expected) => {
    const error = await start().failure(code);
    expect(error.code).toBe(expected);
    expect(error.traceback).toMatch(/^\s+at <eval> \(main\.js:1:\d+\)$/);
  });

  test('a value that appears twice is no cycle', async () => {
    expect(await received('(() => { const o = { a: 1 }; return [o, o]; })()')).toEqual([{ a: 1 }, { a: 1 }]);
  });
});

describe('values to the script', () => {
  test.each<[ScriptValue, string, unknown]>([
    [float(3), 'v === 3', true],
    [2n ** 70n, 'v === 2n ** 70n', true],
    [new Uint8Array([7]), 'v instanceof Uint8Array && v[0]', 7],
    [{ $ref: 'agent:1' }, 'typeof v.$ref', 'string'],
    [{ list: [{ n: 2n ** 60n }] }, 'typeof v.list[0].n', 'bigint'],
  ])('%o', async (answer, expression, expected) => {
    const { value } = start(() => answer);
    expect(await value(`{ const v = Tool.execute('t'); ${expression}; }`)).toEqual(expected);
  });

  test('a function comes back as itself', async () => {
    const { value } = start(({ args }) => (args[0] as { f: ScriptValue }).f);
    expect(await value('(() => { const f = () => 1; return Tool.execute({ f }) === f; })()')).toBe(true);
  });
});

describe('results', () => {
  test.each<[string, unknown, string | undefined]>([
    ['"text"', 'text', 'text'],
    ['1 + 1', 2, '2'],
    ['null', null, 'null'],
    ['undefined', undefined, undefined],
    ['[1, { a: 2 }]', [1, { a: 2 }], '[\n  1,\n  {\n    "a": 2\n  }\n]'],
    ['(function named() {})', '<function>', '[Function: named]'],
    ['5n', 5, '5n'],
    ['NaN', null, 'NaN'],
    ['new Map([[1, 2]])', { 1: 2 }, 'Map(1) { 1 => 2 }'],
    [
      '[Symbol("s"), () => 1, Promise.resolve(1)]',
      ['<symbol>', '<function>', '<promise>'],
      expect.anything() as never,
    ],
  ])('%s', async (expression, value, text) => {
    expect(await start().run(expression, { interactive: true })).toMatchObject({ value, text });
  });

  test('what cannot cross is named instead of failing', async () => {
    const { value } = start(() => Object('agent:7') as ScriptValue);
    expect(
      await value('(() => { const o = { agent: Tool.execute("t") }; o.self = o; return o; })()'),
    ).toEqual({
      agent: '<agent:7>',
      self: '<circular reference>',
    });
    expect(await value('({ get x() { throw new Error("no"); } })')).toBe('<value that cannot be read>');
  });
});

test('the wire form is plain JSON unless something has to be revived', () => {
  expect(toWire({ a: [1, 'x'] })).toBe('["v",{"a":[1,"x"]}]');
  expect(toWire(Object('fn:3') as ScriptValue)).toBe('["r",{"$fn":3}]');
  const odd: ScriptValue = { a: { $obj: 1 }, b: new Uint8Array([200]), c: 2n ** 70n };
  expect(fromWire(toWire(odd))).toEqual(odd);
});
