import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tenantFolder } from './tenant-folder.js';

const NAMES = [
  'default',
  '.',
  '..',
  '...',
  'a/b',
  'a\\b',
  '../x',
  '%2E',
  '%2e%2e',
  'a b',
  'ä',
  '\0',
  'A',
  '.a',
];

test.each(NAMES)('%j has a folder of its own, beside those of others', (name) => {
  const folder = tenantFolder(name);
  expect(join('/data/journal', folder)).toBe(`/data/journal/${folder}`);
  expect(folder).not.toMatch(/[/\\\0]|^\.{1,2}$/);
});

test('no two names share one', () => {
  expect(new Set(NAMES.map(tenantFolder)).size).toBe(NAMES.length);
});

test('a tenant has a name', () => {
  expect(() => tenantFolder('')).toThrow(expect.objectContaining({ code: 'storage.failed' }));
});
