import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from './defaults.js';
import { REGISTRY } from './environment-registry.js';
import { loadConfig } from './load.js';
import { PROFILES } from './profiles.js';
import { configReference, updateReference } from './reference.js';
import { TestPlace } from './testing.js';
import { leaves, schemaTree } from './tree.js';

const page = readFileSync('docs/configuration.md', 'utf8');

test('the page holds the reference as it is now', () => {
  // When this fails, write the page anew: it is `updateReference` of itself.
  expect(page).toBe(updateReference(page));
});

test('the reference names every key, variable and profile', () => {
  const { sections, variables, profiles } = configReference();
  for (const [path] of leaves(schemaTree())) expect(sections).toContain(`| \`${path.at(-1)}\` |`);
  for (const section of Object.keys(DEFAULT_CONFIG).slice(1)) expect(sections).toContain(`\`[${section}`);
  for (const name of Object.keys(REGISTRY)) expect(variables).toContain(`\`LLMSPELL_${name}\``);
  for (const { name } of PROFILES) expect(profiles).toContain(`\`${name}\``);
  expect(page).toContain(sections);
});

test('the worked example of the page comes out as it says', async () => {
  using place = new TestPlace();
  const blocks = [...page.matchAll(/^```toml\n# (\S+)\n([\s\S]*?)^```$/gm)];
  const [user, project] = ['~/.config/llmspell/config.toml', 'llmspell.toml'].map(
    (name) => blocks.find((block) => block[1] === name)![2]!,
  );
  place.write('home/.config/llmspell/config.toml', user!);
  place.write('project/llmspell.toml', project!);
  const env = { LLMSPELL_SCRIPT_TIMEOUT_SECONDS: '120' };
  const overrides = { permissions: { net: ['api.example.com'] } };
  const { config, origins, warnings } = await loadConfig(
    place.options({ profile: 'rag-dev', env, overrides }),
  );
  expect(warnings).toEqual([]);
  const row = /^\| `([\w.]+)` \| `([^`]+)` \| (default|profile|user|project|environment|flag)\b/gm;
  const rows = [...page.matchAll(row)];
  expect(rows.length).toBeGreaterThanOrEqual(6);
  for (const [, path, value, kind] of rows) {
    const actual = path!
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], config);
    expect([path, JSON.stringify(actual)], path).toEqual([path, value]);
    expect(origins.get(path!)?.kind).toBe(kind);
  }
});
