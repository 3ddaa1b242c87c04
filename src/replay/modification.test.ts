import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../core/values.js';
import { applyChange } from './modification.js';

describe('a change', () => {
  test.each<[JsonValue, string, JsonValue, JsonValue]>([
    [{ a: 1 }, 'a', 2, { a: 2 }],
    [{ a: { b: [1, { c: 2 }] } }, 'a.b[1].c', 'x', { a: { b: [1, { c: 'x' }] } }],
    [{}, 'a.b[0].c', 1, { a: { b: [{ c: 1 }] } }],
    [[1, 2], '[2]', 3, [1, 2, 3]],
    [{ a: 1 }, '$', [1], [1]],
    [{ a: 1 }, '$.a', null, { a: null }],
    [{ a: null }, 'a.b', 1, { a: { b: 1 } }],
  ])('of %j at %s to %j', (target, path, value, expected) => {
    const before = structuredClone(target);
    expect(applyChange(target, { path, value })).toEqual(expected);
    expect(target).toEqual(before);
  });

  test('cannot reach what every object has', () => {
    const changed = applyChange({}, { path: '__proto__.x', value: 1 });
    expect(JSON.stringify(changed)).toBe('{"__proto__":{"x":1}}');
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test.each<[JsonValue, string]>([
    [{ a: 'text' }, 'a.b'],
    [{ a: 1 }, 'a[0]'],
    [{ a: [] }, 'a[1]'],
    [{ a: [] }, 'a.b'],
    [{}, 'a..b'],
    [{}, 'a['],
    [{}, 'a[x]'],
    [{}, '.a.'],
  ])('of %j at %s is refused', (target, path) => {
    expect(() => applyChange(target, { path, value: 1 })).toThrow(
      expect.objectContaining({ code: 'input.invalid', hint: expect.any(String) }),
    );
  });
});
