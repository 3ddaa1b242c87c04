import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.js';
import { Kernel } from '../../kernel/kernel.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { toolOffers } from './tool-offers.js';

let folder: string;
let kernel: Kernel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  const toml = '[tools]\nrate_limit_per_minute = 2\n[tools.csv_analyzer]\nenabled = false\n';
  await writeFile(join(folder, 'llmspell.toml'), toml);
  const config = await loadConfig({ cwd: folder, home: folder, env: {} });
  kernel = new Kernel({
    config,
    permissions: createPermissions(noGrants(), { cwd: folder }),
    cwd: folder,
    environment: {},
  });
});
afterEach(async () => {
  await kernel.shutdown();
  await rm(folder, { recursive: true });
});

it('offers every tool but those that are switched off', async () => {
  const names = (await toolOffers(kernel, [])).map((offer) => offer.tool.name);
  expect(names).toContain('calculator');
  expect(names).not.toContain('csv-analyzer');
  await expect(toolOffers(kernel, ['csv-analyzer'])).rejects.toMatchObject({ code: 'tool.disabled' });
});

it('counts calls as those of spells are counted', async () => {
  const [offer] = await toolOffers(kernel, ['calculator']);
  const call = () =>
    offer!.call({ args: { input: '1 + 1' }, signal: new AbortController().signal, onEvent: () => {} });
  expect([(await call()).isError, (await call()).isError]).toEqual([false, false]);
  expect(await call()).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('limit.rate') }],
  });
});
