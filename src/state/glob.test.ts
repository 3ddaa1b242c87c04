import { describe, expect, it } from 'vitest';
import { matchesGlob } from './glob.js';

describe('matchesGlob', () => {
  it.each([
    ['*', '', true],
    ['*', 'a:b/c.d', true],
    ['', '', true],
    ['', 'a', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['step*', 'step', true],
    ['*step*end', 'my steps at the end', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXcYbZ', false],
    ['[a](.+)', '[a](.+)', true],
    ['a.c', 'abc', false],
    ['line*', 'line\nbreak', true],
  ])('%j on %j is %j', (pattern, text, expected) => expect(matchesGlob(pattern, text)).toBe(expected));

  it('is not stopped by a pattern made to be slow', () => {
    expect(matchesGlob(`${'*a'.repeat(120)}*b`, 'a'.repeat(256))).toBe(false);
  });
});
