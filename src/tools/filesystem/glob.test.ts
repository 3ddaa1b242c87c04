import { describe, expect, it } from 'vitest';
import { compileGlobs } from './glob.js';

describe('compileGlobs', () => {
  it.each([
    ['**/*.txt', ['a.txt', 'a/b.txt', '.git/x.txt'], ['a.md', 'a.txt.md']],
    ['*.txt', ['a.txt', '.txt', '.a.txt'], ['a/b.txt']],
    ['docs/**', ['docs/a', 'docs/a/b', 'docs'], ['doc/a', 'docsa']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/bc']],
    ['{a,b}/*.md', ['a/x.md', 'b/y.md'], ['c/x.md', 'a/b/x.md']],
    ['[a-c]?.log', ['ab.log'], ['db.log', 'a.log']],
    ['!x', ['!x'], ['y']],
    ['/tmp/*/x', ['/tmp/a/x'], ['/tmp/a/b/x']],
  ])('%s', async (pattern, matching, others) => {
    const matches = await compileGlobs([pattern]);
    expect(matching.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter((path) => matches(path))).toEqual([]);
  });

  it('does not backtrack', async () => {
    const matches = await compileGlobs([`${'*a'.repeat(200)}*b`, `${'**/a*'.repeat(50)}`]);
    expect(matches(`${'a'.repeat(4000)}`)).toBe(false);
  });

  it('refuses what is no pattern', async () => {
    await expect(compileGlobs(['a(?=b)'])).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
