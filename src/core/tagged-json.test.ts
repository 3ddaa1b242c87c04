import { describe, expect, test } from 'vitest';
import { fromTagged, toTagged } from './tagged-json.js';
import { float, type JsonValue, reference, type ScriptValue } from './values.js';

describe('comes back exactly:', () => {
  test.each<[string, ScriptValue]>([
    ['nothing', null],
    ['a truth value', true],
    ['numbers', [0, -1, 0.1, 1e300]],
    ['a float with an integral value', float(3)],
    ['a negative zero', float(-0)],
    ['what is no number', Number.NaN],
    ['infinities', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['big integers', [9007199254740993n, -9223372036854775808n]],
    ['text', ['', '$float', 'ä', '\ud800', '\u0000']],
    ['bytes', Uint8Array.of(0, 255, 10)],
    ['no bytes', new Uint8Array(0)],
    ['references', [reference('fn', 3), reference('agent', 7)]],
    ['records', { a: { b: [float(1), {}] }, '': 1, constructor: 2 }],
    ['the key __proto__', JSON.parse('{"__proto__": {"__proto__": 1}}')],
    ['a record that looks like a tagged value', { $float: 3 }],
    ['one with an unknown tag', { $x: { $bytes: 'YQ==' } }],
    ['one that looks like a wrapped one', { $object: { $object: { $int: '1' } } }],
    ['a record with more keys than a tagged value', { $float: 3, $int: 4 }],
  ])('%s', (_, value) => {
    const json = JSON.parse(JSON.stringify(toTagged(value))) as JsonValue;
    expect(fromTagged(json)).toStrictEqual(value);
  });
});

test('a tag that nobody writes is refused', () => {
  expect(() => fromTagged({ $date: '2020-01-01' })).toThrow(
    expect.objectContaining({ code: 'input.invalid', message: expect.stringContaining('$date') }),
  );
});
