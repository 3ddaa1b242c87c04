import { describe, expect, it } from 'vitest';
import { compileGlob } from './glob.js';

const matches = (pattern: string, text: string) => compileGlob(pattern).matches(text);

describe('compileGlob', () => {
  it.each([
    ['*', 'anything.at.all', true],
    ['*', '', true],
    ['user.*', 'user.a.b', true],
    ['user.*', 'users', false],
    ['*.error', 'db.pool.error', true],
    ['*.error', 'error', false],
    ['a.*.c', 'a.b.x.c', true],
    ['a.*.c', 'a.c', false],
    ['a*b*c', 'aXbXbXc', true],
    ['job.?', 'job.1', true],
    ['job.?', 'job.12', false],
    ['v[0-9a]', 'v7', true],
    ['v[0-9a]', 'va', true],
    ['v[0-9]', 'vx', false],
    ['v[!0-9]', 'vx', true],
    ['v[^0-9]', 'v1', false],
    ['[]]', ']', true],
    ['[a', '[a', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['**', 'x', true],
    ['', '', true],
    ['', 'x', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('knows what is exact and what all matches begin with', () => {
    expect(compileGlob('a.b')).toMatchObject({ exact: 'a.b', head: 'a.b' });
    expect(compileGlob('a.*')).toMatchObject({ exact: undefined, head: 'a.' });
    expect(compileGlob('a\\*')).toMatchObject({ exact: 'a*' });
  });

  it('agrees with a regular expression on every short text', () => {
    const letters = ['a', 'b', '.'];
    const texts = letters.flatMap((a) => letters.flatMap((b) => ['', a, a + b, `${a}${b}a`, `${a}${b}.b`]));
    for (const pattern of ['a*', '*a', '*a*', 'a*b', '?*', '*?a', 'a?*b', '[ab]*', '*[!a]', '*.*', 'a*.*b']) {
      const source = pattern
        .replace(/\./g, '\\.')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')
        .replace('[!', '[^');
      const peer = new RegExp(`^${source}$`, 's');
      for (const text of texts)
        expect(`${text} ${matches(pattern, text)}`).toBe(`${text} ${peer.test(text)}`);
    }
  });

  it('does not backtrack for ever', () => {
    expect(matches(`${'*a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});
