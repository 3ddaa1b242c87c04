import { describe, expect, it } from 'vitest';
import { float, type ScriptValue } from '../core/values.js';
import { sameValue } from './same-value.js';

describe('sameValue', () => {
  it.each<[ScriptValue, ScriptValue, boolean]>([
    [null, null, true],
    [3, float(3), true],
    [2n ** 60n, 2 ** 60, true],
    [1, true, false],
    ['1', 1, false],
    ['a', 'a', true],
    [new Uint8Array([1]), new Uint8Array([1]), true],
    [new Uint8Array([1]), new Uint8Array([2]), false],
    [[], {}, true],
    [[1, { a: [2] }], [1, { a: [float(2)] }], true],
    [[1, 2], [1], false],
    [{ a: 1, b: null }, { b: null, a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [{ toString: 1 }, {}, false],
    [null, {}, false],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect(sameValue(a, b)).toBe(expected);
    expect(sameValue(b, a)).toBe(expected);
  });
});
