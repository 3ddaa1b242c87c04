import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTree } from './fixture.js';
import { checkWords } from './words.js';

/** The forbidden texts are put together here, so that this file passes the check itself. */
const text = (...pieces: string[]) => pieces.join('');

const problemsIn = (content: string) =>
  checkTree(checkWords, { 'docs/a.md': `first line\n${content}` }).problems;

describe('the words check', () => {
  it.each([
    text('// TO', 'DO: later'),
    text('FIX', 'MEs'),
    text('This is Coming', ' soon.'),
    text('not implemented', '  yet'),
    text('cd /wo', 'rk/main'),
    text('see "/ho', 'me/alice/x"'),
    text('(/ro', 'ot/.cache)'),
  ])('finds %j', (content) => {
    expect(problemsIn(content)).toEqual([expect.stringMatching(/^docs\/a\.md:2 contains a?n?\s?\w+/)]);
  });

  it.each([
    'buy milk: see todo.txt',
    'https://example.org/work/1, ./work/x, ../root/y, ~/work/z, $HOME/home/alice',
    'Put it into /home/<name> or /homework.',
    'mastodon, TODOIST',
    'The code is implemented; it comes soon enough.',
  ])('accepts %j', (content) => expect(problemsIn(content)).toEqual([]));

  it('looks into every tracked text file, whatever its name, and into no binary one', () => {
    const word = text('TO', 'DO');
    const tree = { 'a b.toml': word, LICENSE: word, 'ä.lua': word, 'image.png': `\0${word}` };
    expect(
      checkTree(checkWords, tree)
        .problems.map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['LICENSE', 'a b.toml', 'ä.lua']);
  });

  it('says so where nothing is tracked at all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmspell-'));
    expect(() => checkWords(folder)).toThrow();
    rmSync(folder, { recursive: true });
  });
});
