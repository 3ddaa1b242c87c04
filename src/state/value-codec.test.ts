import { describe, expect, it } from 'vitest';
import { float, isFloat, MAX_DEPTH, reference, type ScriptValue, setOwn } from '../core/values.js';
import { deserializeValue, serializeValue } from './value-codec.js';

const LIMIT = 1_000_000;
const roundTrip = (value: ScriptValue) => deserializeValue(serializeValue(value, LIMIT));

function nested(levels: number): ScriptValue {
  let value: ScriptValue = [];
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { inner: value };
  return value;
}

describe('the value codec', () => {
  it.each<[string, ScriptValue]>([
    ['null', null],
    ['false', false],
    ['an integer', 42],
    ['a fraction', -0.1],
    ['minus zero', -0],
    ['infinity', Number.POSITIVE_INFINITY],
    ['not a number', Number.NaN],
    ['a big integer', 2n ** 63n - 1n],
    ['empty text', ''],
    ['text of all planes', 'ä\u0000\u{1f600}\ud83d'],
    ['bytes', new Uint8Array([0, 255, 128])],
    ['an empty list', []],
    ['an empty record', {}],
    ['nulls inside', { list: [1, null, [null]], none: null }],
    ['records in lists', [{ a: [{ b: 'c' }] }, 1, false]],
  ])('keeps %s', (_, value) => expect(roundTrip(value)).toStrictEqual(value));

  it('keeps floats apart from integers', () => {
    const back = roundTrip({ float: float(3), integer: 3 }) as Record<string, ScriptValue>;
    expect(isFloat(back.float)).toBe(true);
    expect(back.float!.valueOf()).toBe(3);
    expect(back.integer).toBe(3);
  });

  it('keeps bytes inside records', () => {
    const back = roundTrip({ a: new Uint8Array([1, 2]), b: [new Uint8Array([3])] });
    expect(back).toEqual({ a: new Uint8Array([1, 2]), b: [new Uint8Array([3])] });
  });

  it('keeps hostile keys as plain keys', () => {
    const value: Record<string, ScriptValue> = { constructor: 1, toString: 2 };
    setOwn<ScriptValue>(value, '__proto__', { polluted: true });
    const back = roundTrip(value) as Record<string, ScriptValue>;
    expect(Object.keys(back)).toEqual(['constructor', 'toString', '__proto__']);
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')!.value).toEqual({ polluted: true });
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(back.polluted).toBeUndefined();
  });

  it('keeps the order of keys', () => {
    expect(Object.keys(roundTrip({ z: 1, a: 2, m: 3 }) as object)).toEqual(['z', 'a', 'm']);
  });

  it('takes the deepest value, and refuses one level more', () => {
    expect(roundTrip(nested(MAX_DEPTH))).toStrictEqual(nested(MAX_DEPTH));
    expect(() => roundTrip(nested(MAX_DEPTH + 1))).toThrowError(
      expect.objectContaining({ code: 'value.too_deep' }),
    );
    expect(() => roundTrip(nested(20_000))).toThrowError(expect.objectContaining({ code: 'value.too_deep' }));
  });

  it('refuses a value that contains itself, and says where', () => {
    const list: ScriptValue[] = [1];
    list.push({ back: list });
    expect(() => roundTrip({ list })).toThrowError(
      expect.objectContaining({
        code: 'value.cyclic',
        message: "Circular reference detected at 'list.1.back'",
      }),
    );
  });

  it('takes a part that occurs several times, however often', () => {
    let value: ScriptValue = ['leaf'];
    for (let level = 0; level < 100; level++) value = [value, value];
    const back = roundTrip(value) as ScriptValue[];
    expect(back[0]).toStrictEqual(back[1]);
  });

  it('looks again at a shared part that lies deeper elsewhere', () => {
    const shared = nested(150);
    const deeper = [[shared], nested(0)];
    let value: ScriptValue = shared;
    for (let level = 0; level < 60; level++) value = [value];
    expect(() => roundTrip([deeper, value])).toThrowError(
      expect.objectContaining({ code: 'value.too_deep' }),
    );
  });

  it.each<[string, unknown, string]>([
    ['a reference', reference('fn', 1), 'a function or object handle'],
    ['a function', () => 1, 'a function'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'a symbol'],
    ['a date', new Date(0), 'an object of class Date'],
    ['a map', new Map(), 'an object of class Map'],
  ])('refuses %s and names the place', (_, value, what) => {
    const refusal = (where: string) =>
      expect.objectContaining({
        code: 'value.unsupported',
        message: `Unsupported type for JSON conversion${where}: ${what}`,
      });
    expect(() => roundTrip(value as ScriptValue)).toThrowError(refusal(''));
    expect(() => roundTrip({ a: [0, value as ScriptValue] })).toThrowError(refusal(" at 'a.1'"));
  });

  it('refuses lists with holes', () => {
    expect(() => roundTrip(new Array(2 ** 31) as ScriptValue)).toThrowError(
      expect.objectContaining({ code: 'value.unsupported' }),
    );
  });

  it('counts stored bytes against the limit exactly', () => {
    const bytes = serializeValue('x'.repeat(100), LIMIT);
    expect(serializeValue('x'.repeat(100), bytes.length)).toEqual(bytes);
    expect(() => serializeValue('x'.repeat(100), bytes.length - 1)).toThrowError(
      expect.objectContaining({
        code: 'state.value_too_large',
        details: { bytes: bytes.length, limit: bytes.length - 1 },
      }),
    );
  });
});
