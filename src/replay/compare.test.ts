import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../core/values.js';
import { compareJson } from './compare.js';

describe('comparing', () => {
  test.each<[string, JsonValue, JsonValue, number, string[]]>([
    ['a changed value', { a: 1 }, { a: 2 }, 0.975, ['a minor: 1 became 2']],
    ['the case of a text', 'Yes ', 'yes', 0.99, ['$ info: "Yes " became "yes"']],
    ['a missing member', { a: 1, b: null }, { a: 1 }, 0.95, ['b major: null is missing']],
    ['a new member', [1], [1, 2], 0.975, ['[1] minor: 2 came in']],
    ['another kind', { a: [1] }, { a: { 0: 1 } }, 0.95, ['a major: list became table']],
    ['nothing instead of something', { a: 1 }, { a: null }, 0.95, ['a major: number became nothing']],
    ['a result', { out: { result: 1 } }, { out: { result: 2 } }, 0.9, ['out.result critical: 1 became 2']],
    [
      'in a list of errors',
      { errors: ['a'] },
      { errors: ['b'] },
      0.9,
      ['errors[0] critical: "a" became "b"'],
    ],
    [
      'two places',
      { a: [1, 2], b: 1 },
      { a: [1, 3], b: 2 },
      0.95,
      ['a[1] minor: 2 became 3', 'b minor: 1 became 2'],
    ],
    ['the key __proto__', JSON.parse('{"__proto__":1}'), {}, 0.95, ['__proto__ major: 1 is missing']],
  ])('%s', (_, before, after, score, differences) => {
    const found = compareJson(before, after);
    expect(found).toMatchObject({ identical: false, similarity_score: score });
    expect(found.differences!.map((one) => `${one.path} ${one.severity}: ${one.description}`)).toEqual(
      differences,
    );
  });

  test('equal values says so', () => {
    const value = { a: [1, 'x', null, { b: true }] };
    expect(compareJson(value, structuredClone(value))).toEqual({
      identical: true,
      similarity_score: 1,
      summary: 'Results are identical',
    });
  });

  test('leaves out what is other every time, and nothing else', () => {
    expect(compareJson({ a: { timestamp: 1, duration: 2 } }, { a: { timestamp: 3 } }).identical).toBe(true);
    expect(compareJson({ timestamps: 1 }, { timestamps: 2 }).identical).toBe(false);
  });

  test('does not go below zero, and counts by weight', () => {
    const errors = (n: number) => ({ error: Array.from({ length: 20 }, (_, index) => index + n) });
    expect(compareJson(errors(0), errors(1))).toMatchObject({
      similarity_score: 0,
      summary: '20 differences: 20 critical',
    });
    expect(compareJson({ a: 1, b: 'x' }, { a: '1', b: 'X' }).summary).toBe('2 differences: 1 major, 1 info');
  });
});
