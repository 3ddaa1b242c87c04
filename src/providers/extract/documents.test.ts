import { describe, expect, it } from 'vitest';
import { findDocuments } from './documents.js';

const shown = (text: string) =>
  findDocuments(text).documents.map(({ path, lines }) => [
    path,
    ...lines.map(({ number, text: line }) => `${number} ${line}`),
  ]);

describe('findDocuments', () => {
  it('reads document blocks and leaves the rest', () => {
    const text = 'Before\n<document path="a.md">\nOne\nTwo</document>\nWhat?';
    expect(shown(text)).toEqual([['a.md', '1 One', '2 Two']]);
    expect(findDocuments(text).rest.trim().split(/\n+/)).toEqual(['Before', 'What?']);
  });

  it('starts counting where the block says', () => {
    expect(shown('<document path="a.md" line="40">x</document>')).toEqual([['a.md', '40 x']]);
    expect(shown("<document line='nonsense' source='b'>x</document>")).toEqual([['b', '1 x']]);
  });

  it('leaves blocks that a document shows to that document', () => {
    const inner =
      'Write:\n```\n<document path="in.md">\nx\n</document>\n```\nor `<document path="y">` alone.';
    const text = `<document path="a.md">\n${inner}\n</document>\n<document path="b.md">z</document>`;
    const { documents } = findDocuments(text);
    expect(documents.map(({ path }) => path)).toEqual(['a.md', 'b.md']);
    expect(documents[0]!.lines.at(-2)!.text).toBe('or `<document path="y">` alone.');
  });

  it('takes an unclosed block to the end', () => {
    expect(shown('<document path="a">x\ny')).toEqual([['a', '1 x', '2 y']]);
  });

  it('reads headers of sources', () => {
    expect(shown('[source: a.md]\nx\n# File: b.lua\ny')).toEqual([
      ['a.md', '1 x'],
      ['b.lua', '1 y'],
    ]);
  });

  it('reads located lines, in order and once each', () => {
    expect(shown('src/a.ts:12: b\nsrc/a.ts:3:a\nsrc/a.ts:12: b')).toEqual([['src/a.ts', '3 a', '12 b']]);
    expect(shown('Note:3: not a path\nhttp://x.y/z')).toEqual([]);
  });
});
