import { describe, expect, test } from 'vitest';
import { writeJson } from './json-text.js';
import { float, MAX_DEPTH, reference, type ScriptValue } from './values.js';

const nested = (depth: number, inner: ScriptValue = 1): ScriptValue =>
  Array.from({ length: depth }).reduce<ScriptValue>((value) => [value], inner);

describe('JSON text of', () => {
  test.each<[string, ScriptValue, string]>([
    ['nothing', null, 'null'],
    ['an integer', 42, '42'],
    ['a float with an integral value', float(3), '3.0'],
    ['a negative zero', float(-0), '-0.0'],
    ['a large float', float(1e21), '1e+21'],
    ['a float that is no number', float(Number.NaN), 'null'],
    ['a float that is infinite', float(Number.POSITIVE_INFINITY), 'null'],
    ['what is no number', Number.NaN, 'null'],
    ['a big integer', -9223372036854775808n, '-9223372036854775808'],
    ['text with quotes and control characters', 'a"\\\n\u0001', '"a\\"\\\\\\n\\u0001"'],
    ['text with half a character', '\ud800', '"\\ud800"'],
    ['bytes', Uint8Array.of(0x61, 0xff), '"a\ufffd"'],
    ['an empty list', [], '[]'],
    ['an empty record', {}, '{}'],
    ['nested data', { b: [1, { a: null }], a: false }, '{"b":[1,{"a":null}],"a":false}'],
    ['the key __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('%s', (_, value, text) => {
    expect(writeJson(value)).toBe(text);
  });

  test('a function is refused', () => {
    expect(() => writeJson({ f: reference('fn', 1) })).toThrow(
      expect.objectContaining({ code: 'value.unsupported' }),
    );
  });
});

test('indented text is what JSON.stringify prints', () => {
  const value = { list: [1, 'two', [], {}], record: { a: null } };
  expect(writeJson(value, { indent: 2 })).toBe(JSON.stringify(value, null, 2));
});

test('with sorted keys equal values have equal texts', () => {
  const [one, other] = [
    { b: 1, a: { d: 1, c: 2 } },
    { a: { c: 2, d: 1 }, b: 1 },
  ];
  expect(writeJson(one, { sortKeys: true })).toBe('{"a":{"c":2,"d":1},"b":1}');
  expect(writeJson(other, { sortKeys: true })).toBe(writeJson(one, { sortKeys: true }));
});

test('the limit of nesting is the one for values', () => {
  expect(writeJson(nested(MAX_DEPTH))).toHaveLength(2 * MAX_DEPTH + 1);
  expect(() => writeJson(nested(MAX_DEPTH + 1))).toThrow(expect.objectContaining({ code: 'value.too_deep' }));
});
