import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HISTORY_LIMIT, History, historyFile } from './history.js';

let directory: string;
let file: string;
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  file = join(directory, 'deep', 'history');
  warnings = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => new History(file, (message) => warnings.push(message));

describe('History', () => {
  test('keeps entries for the next session, newlines and backslashes included', () => {
    const entries = ['1 + 1', 'for i = 1, 2 do\n  print("a\\n")\nend', '"\\\\n"', 'x = "ä"'];
    const history = open();
    for (const entry of entries) history.add(entry);
    expect(open().list()).toEqual(entries);
    expect(open().newestFirst()).toEqual(entries.toReversed());
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(entries.length);
  });

  test('leaves out repetitions in a row, blank entries and what begins with a space', () => {
    const history = open();
    for (const entry of ['a', 'a', ' secret', '', '  ', 'b', 'a']) history.add(entry);
    expect(history.list()).toEqual(['a', 'b', 'a']);
    expect(open().list()).toEqual(['a', 'b', 'a']);
  });

  test('two sessions at once keep each other’s entries', () => {
    const [one, two] = [open(), open()];
    one.add('from one');
    two.add('from two');
    one.add('again one');
    expect(open().list()).toEqual(['from one', 'from two', 'again one']);
  });

  test('can be read by its owner only', () => {
    open().add('x');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is shortened to the newest entries', () => {
    mkdirSync(join(directory, 'deep'));
    writeFileSync(file, Array.from({ length: HISTORY_LIMIT + 5 }, (_, index) => `e${index}\n`).join(''));
    const history = open();
    expect(history.list()).toHaveLength(HISTORY_LIMIT);
    expect(history.list()[0]).toBe('e5');
    history.add('last');
    expect(history.list()).toHaveLength(HISTORY_LIMIT);
    expect(open().list().at(-1)).toBe('last');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['bytes that are not UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x0a])],
    ['zero bytes', Buffer.from('a\0b\n')],
  ])('sets a file with %s aside', (_, bytes) => {
    mkdirSync(join(directory, 'deep'));
    for (const backup of [`${file}.corrupt.backup`, `${file}.corrupt.backup.2`]) {
      writeFileSync(file, bytes);
      const history = open();
      expect(history.list()).toEqual([]);
      expect(readFileSync(backup)).toEqual(bytes);
      expect(warnings.at(-1)).toContain(backup);
    }
    open().add('new');
    expect(open().list()).toEqual(['new']);
  });

  test('a write that was cut off does not swallow the next entry', () => {
    mkdirSync(join(directory, 'deep'));
    writeFileSync(file, 'one\ntw');
    open().add('three');
    expect(open().list()).toEqual(['one', 'tw', 'three']);
  });

  test('control characters in an entry do not spoil the file', () => {
    open().add('a\x1b[31mb\x00');
    expect(open().list()).toEqual(['a[31mb']);
    expect(warnings).toEqual([]);
  });

  test('a place that cannot be written is told once and entries still work', () => {
    mkdirSync(file, { recursive: true });
    const history = open();
    history.add('a');
    history.add('b');
    expect(history.list()).toEqual(['a', 'b']);
    expect(history.file).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('not kept');
  });

  test('clear empties the file', () => {
    const history = open();
    history.add('a');
    history.clear();
    expect(history.list()).toEqual([]);
    expect(open().list()).toEqual([]);
  });
});

describe('historyFile', () => {
  test('LLMSPELL_HOME, then XDG_STATE_HOME, then the home directory', () => {
    const home = '/users/me';
    expect(historyFile({ env: { LLMSPELL_HOME: '/x', XDG_STATE_HOME: '/s' }, home })).toBe('/x/history');
    expect(historyFile({ env: { XDG_STATE_HOME: '/s' }, home })).toBe('/s/llmspell/history');
    if (process.platform === 'linux')
      expect(historyFile({ env: {}, home })).toBe('/users/me/.local/state/llmspell/history');
  });
});
