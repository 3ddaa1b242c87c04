import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initFiles } from '../src/cli/init-files.js';
import { runCli } from './support/cli.js';

test('the first spell of a new project runs, and counts its runs', async () => {
  const project = await mkdtemp(join(tmpdir(), 'llmspell-'));
  try {
    await writeFile(join(project, 'spell.lua'), initFiles({ typesDir: 'types' })['spell.lua']!);
    const options = { cwd: project, env: { LLMSPELL_HOME: join(project, 'data') } };
    const first = await runCli(['run', 'spell.lua'], options);
    expect(first).toMatchObject({ code: 0, stdout: 'Hello, world!\n6 * 7 = 42\nThis is run number 1\n' });
    const second = await runCli(['run', 'spell.lua', '--name', 'Ada'], options);
    expect(second.stdout).toBe('Hello, Ada!\n6 * 7 = 42\nThis is run number 2\n');
  } finally {
    await rm(project, { recursive: true });
  }
});
