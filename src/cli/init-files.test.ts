import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initFiles, projectFiles } from './init-files.js';
import { packageFile } from './package-file.js';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'llmspell-'));
});

afterEach(() => rm(project, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
}

/** Where the settings of both languages look for types, as far as it exists. */
async function typesSeen(): Promise<string[]> {
  const lua = JSON.parse(await readFile(join(project, '.luarc.json'), 'utf8'))[
    'workspace.library'
  ] as string[];
  const javascript = JSON.parse(await readFile(join(project, 'jsconfig.json'), 'utf8')).files as string[];
  return [...lua.map((folder) => `${folder}/llmspell.lua`), ...javascript].filter((name) =>
    existsSync(join(project, name)),
  );
}

test('without a local installation the types are copied to where the settings look', async () => {
  const { files, copies, schema } = await projectFiles(project);
  await write({ ...files, ...copies });
  expect(await typesSeen()).toEqual(['.llmspell/types/llmspell.lua', '.llmspell/types/llmspell.d.ts']);
  expect(copies['.llmspell/types/llmspell.d.ts']).toBe(
    await readFile(packageFile('types/llmspell.d.ts'), 'utf8'),
  );
  expect(JSON.parse(await readFile(join(project, schema), 'utf8')).title).toBe('llmspell configuration');
});

test('a local installation is used where it stands', async () => {
  await write({
    'node_modules/llmspell/types/llmspell.d.ts': '',
    'node_modules/llmspell/types/llmspell.lua': '',
  });
  const { files, copies, schema } = await projectFiles(project);
  await write(files);
  expect(copies).toEqual({});
  expect(schema).toBe('./node_modules/llmspell/schema/llmspell.schema.json');
  expect(await typesSeen()).toEqual([
    'node_modules/llmspell/types/llmspell.lua',
    'node_modules/llmspell/types/llmspell.d.ts',
  ]);
});

test('the settings are JSON and the same each time', () => {
  const files = initFiles({ typesDir: 'types' });
  expect(Object.keys(files)).toEqual(['.luarc.json', 'jsconfig.json', 'spell.lua']);
  expect(JSON.parse(files['jsconfig.json']!).compilerOptions).toMatchObject({
    checkJs: true,
    types: [],
    moduleDetection: 'force',
  });
  expect(files).toEqual(initFiles({ typesDir: 'types' }));
});

test('a file that the package lacks is an error', () => {
  expect(() => packageFile('types/nothing.d.ts')).toThrow(
    'The installation lacks its file types/nothing.d.ts',
  );
});
