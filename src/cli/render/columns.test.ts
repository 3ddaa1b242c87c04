import { expect, it } from 'vitest';
import { alignColumns } from './columns.js';

it('makes columns as wide as their widest cell and leaves no spaces at the end', () => {
  const rows = [
    ['a', 'long cell', 'x'],
    ['abc', 'b', ''],
  ];
  expect(alignColumns(rows)).toBe('a    long cell  x\nabc  b');
  expect(alignColumns(rows, '  ')).toBe('  a    long cell  x\n  abc  b');
  expect(alignColumns([])).toBe('');
});
