import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SavedGrants } from './saved-grants.js';

let folder: string;
let saved: SavedGrants;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  saved = new SavedGrants({ env: { LLMSPELL_HOME: folder } });
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps what was granted to a spell as it was then', () => {
  saved.add({ name: '/srv/a.lua', hash: '1' }, { read: ['/srv'] });
  expect(saved.of({ name: '/srv/a.lua', hash: '1' }).read).toEqual(['/srv']);
  expect(saved.of({ name: '/srv/a.lua', hash: '2' })).toEqual({});
  expect(saved.of({ name: 'constructor' })).toEqual({});
});

it.each([
  '[]',
  '{"tool:x": 1}',
  '{"tool:x": {"grants": {"read": "*"}}}',
  '{"tool:x": {"grants": {"net": [1]}}}',
  '{',
])('takes nothing from %s and does not write over it', async (text) => {
  await writeFile(join(folder, 'grants.json'), text);
  const unreadable = expect.objectContaining({ code: 'config.unreadable' });
  expect(() => saved.of({ name: 'tool:x' })).toThrow(unreadable);
  expect(() => saved.add({ name: 'tool:y' }, { read: ['/srv'] })).toThrow(unreadable);
});
