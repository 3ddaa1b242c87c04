import { expect, test } from 'vitest';
import { linesOfKeys } from './positions.js';

test('every key has its line', () => {
  const text = [
    '\uFEFF# comment = 1',
    'top = "a # b" # c',
    'dotted . "k.e.y" = [',
    '  "x", # ] not the end',
    "  'y = 1',",
    ']',
    '[ table . sub ]  # head',
    'text = """',
    '[not.a.table]',
    'a = \\"""',
    'b = "quoted"""""',
    "raw = '''",
    "key = 'x'''''",
    'inline = { a = 1, b = { c = "}" } }',
    '',
    '[[list]]',
    'name = 1',
    '[[list]]',
    'name = 2',
  ].join('\r\n');
  expect([...linesOfKeys(text)]).toEqual([
    ['top', 2],
    ['dotted."k.e.y"', 3],
    ['table.sub', 7],
    ['table.sub.text', 8],
    ['table.sub.raw', 12],
    ['table.sub.inline', 14],
    ['list', 16],
    ['list.name', 17],
  ]);
});

test.each(['', '[', '= 1', 'a = "open', 'a = """open', '[[', 'a'])(
  'anything else is no error: %j',
  (text) => {
    expect(linesOfKeys(text)).toBeInstanceOf(Map);
  },
);
