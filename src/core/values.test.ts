import { describe, expect, test } from 'vitest';
import {
  float,
  isFloat,
  isRecord,
  isReference,
  type JsonValue,
  parseReference,
  reference,
  type ScriptValue,
  setOwn,
  toJson,
} from './values.js';

describe('the JSON form of', () => {
  test.each<[string, ScriptValue, JsonValue]>([
    ['nothing', null, null],
    ['a truth value', false, false],
    ['an integer', 7, 7],
    ['a fraction', 0.5, 0.5],
    ['a float with an integral value', float(3), 3],
    ['what is no number', Number.NaN, null],
    ['an infinity', Number.NEGATIVE_INFINITY, null],
    ['an infinity that is a float', float(Number.POSITIVE_INFINITY), null],
    ['a big integer', 9007199254740993n, 9007199254740992],
    ['text', 'ä\u0000', 'ä\u0000'],
    ['bytes', Uint8Array.of(0x61, 0xff, 0x62), 'a\ufffdb'],
    ['a function', reference('fn', 3), '<fn:3>'],
    ['a list', [1, [float(2)], {}], [1, [2], {}]],
    ['a record', { a: { b: [null] } }, { a: { b: [null] } }],
  ])('%s', (_, value, json) => {
    expect(toJson(value)).toStrictEqual(json);
  });

  test('a record with the key __proto__ keeps it as data', () => {
    const json = toJson(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(JSON.stringify(json)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test.each(['agent:7', 'fn:3', 'stream:a:b'])('the reference %s is split at its first colon', (name) => {
  const [kind, ...id] = name.split(':');
  const made = reference(kind!, id.join(':'));
  expect(made.toString()).toBe(name);
  expect(parseReference(made)).toEqual({ kind, id: id.join(':') });
});

test.each<[string, unknown, { float?: true; reference?: true; record?: true }]>([
  ['null', null, {}],
  ['a number', 3, {}],
  ['a string', 'fn:3', {}],
  ['a float', float(3), { float: true }],
  ['a reference', reference('fn', 3), { reference: true }],
  ['bytes', new Uint8Array(1), {}],
  ['a list', [], {}],
  ['a record', {}, { record: true }],
  ['a record without a prototype', Object.create(null), { record: true }],
])('%s is told from the other kinds', (_, value, kinds) => {
  expect({
    ...(isFloat(value) && { float: true }),
    ...(isReference(value) && { reference: true }),
    ...(isRecord(value) && { record: true }),
  }).toEqual(kinds);
});

test('the special kinds survive the way between threads', () => {
  const value = [float(3), 9007199254740993n, Uint8Array.of(255), reference('fn', 3), -0];
  expect(structuredClone(value)).toStrictEqual(value);
});

test.each(['__proto__', 'constructor', 'toString', 'plain'])('the key %s is set as data', (key) => {
  const target: Record<string, number> = {};
  setOwn(target, key, 1);
  setOwn(target, key, 2);
  expect(Object.entries(target)).toEqual([[key, 2]]);
});
