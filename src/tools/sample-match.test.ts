import { expect, it } from 'vitest';
import type { JsonValue } from '../core/values.js';
import { findMismatch } from './sample-match.js';

it.each<[JsonValue, unknown]>([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: { b: [1, { c: 'x' }] } }, { a: { b: [1, { c: 'x', d: 1 }], e: 0 } }],
  [[], []],
  [null, null],
  ['x', 'x'],
])('%j is found in %j', (expected, actual) => {
  expect(findMismatch(expected, actual)).toBeUndefined();
});

it.each<[JsonValue, unknown, string]>([
  [{ a: 1 }, { a: 2 }, 'a is 2 instead of 1'],
  [{ a: 1 }, { b: 1 }, 'a is missing instead of 1'],
  [{ a: 1 }, null, 'the result is null instead of {"a":1}'],
  [{ a: 1 }, [1], 'the result is [1] instead of {"a":1}'],
  [[1], [1, 2], 'the result has 2 items instead of 1'],
  [{ a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }, 'a[1].b is "y" instead of "x"'],
  [[1], { 0: 1 }, 'the result is {"0":1} instead of [1]'],
  [1, '1', 'the result is "1" instead of 1'],
  [{ toString: 1 }, {}, 'toString is missing instead of 1'],
])('%j is missed in %j', (expected, actual, problem) => {
  expect(findMismatch(expected, actual)).toBe(problem);
});
