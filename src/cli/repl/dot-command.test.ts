import { describe, expect, test } from 'vitest';
import { parseDotLine } from './dot-command.js';
import { onlyFile, splitWords, userPath, withEnding } from './file-names.js';

describe('parseDotLine', () => {
  test.each([
    ['.help', { name: 'help', argument: '' }],
    ['  .load  my file.lua ', { name: 'load', argument: 'my file.lua' }],
    ['.?', { name: '?', argument: '' }],
    ['.clear-history', { name: 'clear-history', argument: '' }],
    ['.time f(1)', { name: 'time', argument: 'f(1)' }],
  ])('%s is a command', (line, expected) => {
    expect(parseDotLine(line)).toEqual(expected);
  });

  test.each(['.5 + 1', '...', '. help', 'a.b', '.map(f)', ''])('%j is code', (line) => {
    expect(parseDotLine(line)).toBeUndefined();
  });
});

describe('file names', () => {
  test('words keep what is quoted together', () => {
    expect(splitWords(`a.lua  --name "two words" 'it''s' x`)).toEqual([
      'a.lua',
      '--name',
      'two words',
      'it',
      's',
      'x',
    ]);
    expect(splitWords('')).toEqual([]);
  });

  test('the one name may be quoted; none is an error', () => {
    expect(onlyFile('load', '"a b.lua"')).toBe('a b.lua');
    expect(onlyFile('load', 'a b.lua')).toBe('a b.lua');
    expect(() => onlyFile('load', '')).toThrow('.load needs a file');
  });

  test('paths start at the working directory, ~ at home', () => {
    const terminal = { cwd: '/srv/dir', home: '/users/me' };
    expect(userPath('a.lua', terminal)).toBe('/srv/dir/a.lua');
    expect(userPath('~/a.lua', terminal)).toBe('/users/me/a.lua');
    expect(userPath('~a.lua', terminal)).toBe('/srv/dir/~a.lua');
    expect(userPath('/x/a.lua', terminal)).toBe('/x/a.lua');
  });

  test('a name without an ending gets that of the language', () => {
    expect(withEnding('a', { language: 'lua', typescript: false })).toBe('a.lua');
    expect(withEnding('a', { language: 'javascript', typescript: false })).toBe('a.js');
    expect(withEnding('a', { language: 'javascript', typescript: true })).toBe('a.ts');
    expect(withEnding('a.txt', { language: 'lua', typescript: false })).toBe('a.txt');
  });
});
