import { describe, expect, test } from 'vitest';
import { parseJson } from './json-parse.js';
import { writeJson } from './json-text.js';
import { float, MAX_DEPTH, type ScriptValue } from './values.js';

/** Makes a text take the careful path, whatever else is in it. */
const careful = (text: string) => `[${text}, 1.5]`;

describe('numbers', () => {
  test.each<[string, ScriptValue]>([
    ['0', 0],
    ['-17', -17],
    ['3.0', float(3)],
    ['-0.0', float(-0)],
    ['1e3', float(1000)],
    ['2.5E-1', 0.25],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', 2 ** 63],
    ['123456789012345678901234567890', 1.2345678901234568e29],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
    expect(parseJson(careful(text))).toStrictEqual([value, 1.5]);
  });
});

test.each([
  'null',
  'true',
  'false',
  '""',
  '"a\\"\\\\\\u00e9\\n"',
  '"1.5 and 1234567890123456789"',
  '[]',
  '{}',
  ' \t\n[ 1 , { "a" : [ ] } ]\r ',
  '{"a":1,"a":2}',
  '{"constructor":1,"toString":{}}',
])('%s is the same on both paths', (text) => {
  expect(parseJson(text)).toStrictEqual(JSON.parse(text));
  expect(parseJson(careful(text))).toStrictEqual(JSON.parse(careful(text)));
});

test('the key __proto__ is data', () => {
  const value = parseJson('{"__proto__": {"x": 1.5}}') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

describe('a mistake', () => {
  const MISTAKES = [
    '',
    '{',
    '[1',
    '[1,]',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    "'a'",
    '"a',
    '"\\',
    '"\\x"',
    '"\n"',
    'nul',
    'undefined',
    'NaN',
    '01',
    '1 2',
    '.5',
    '+1',
    '[1}',
    '//1',
  ];
  test.each(MISTAKES)('%j is refused on both paths', (text) => {
    const refused = expect.objectContaining({
      code: 'input.invalid',
      message: expect.stringMatching(/^JSON parse error: /),
    });
    expect(() => parseJson(text)).toThrow(refused);
    expect(() => parseJson(careful(text))).toThrow(refused);
  });

  test.each([
    ['[1.5, }', 6],
    ['[1.5, "a\\x"]', 6],
    ['[1.5] 2', 6],
    ['{"a": 1.5', 9],
    ['1.', 1],
  ])('%j is found where it is', (text, position) => {
    expect(() => parseJson(text)).toThrow(`position ${position}`);
  });
});

test('the limit of nesting is the one for values', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}1.5${']'.repeat(depth)}`;
  expect(writeJson(parseJson(nested(MAX_DEPTH)))).toBe(nested(MAX_DEPTH));
  for (const depth of [MAX_DEPTH + 1, 100_000])
    expect(() => parseJson(nested(depth))).toThrow(expect.objectContaining({ code: 'value.too_deep' }));
});

test.each<[string, ScriptValue]>([
  ['numbers', [float(3), float(-0), 0.1, 9007199254740993n, 'ä', { a: [null, true] }]],
  ['text', { text: '3.0', list: [] }],
])('what was written is read back: %s', (_, value) => {
  expect(parseJson(writeJson(value))).toStrictEqual(value);
});
