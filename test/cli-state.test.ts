import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';

const OLD = 'aa'.repeat(32);
const NEW = 'bb'.repeat(32);

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-state-'));
  env = { LLMSPELL_HOME: join(home, 'data') };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cli = (args: string[], input = '') => runCli(args, { env, cwd: home, input });
const json = async (...args: string[]) => JSON.parse((await cli([...args, '--output', 'json'])).stdout);

describe('llmspell state', () => {
  test('sets, shows, exports, clears and imports, without showing secrets', async () => {
    await cli(['state', 'set', 'limits', '{"rows": 10, "api_key": "abc123"}']);
    await cli(['state', 'set', 'cart:pears', '2', '--ttl', '1000']);
    expect((await cli(['state', 'get', 'cart:pears'])).stdout).toBe('2\n');
    const shown = await cli(['state', 'show']);
    expect(shown.stdout).toContain('limits');
    expect(shown.stdout).not.toContain('abc123');
    expect((await cli(['state', 'get', 'limits', '--secrets'])).stdout).toContain('abc123');

    const redacted = (await cli(['state', 'export'])).stdout;
    expect(redacted).not.toContain('abc123');
    const refused = await cli(['state', 'import', '-'], redacted);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--secrets')]);

    await cli(['state', 'export', '--secrets', '-o', 'all.jsonl']);
    expect((await json('state', 'clear', '--all')).deleted).toBe(2);
    expect((await cli(['state', 'show'])).stdout).toBe('Nothing is stored.\n');
    writeFileSync(join(home, 'bad.jsonl'), `${readFileSync(join(home, 'all.jsonl'), 'utf8')}{"key": ""}\n`);
    expect((await cli(['state', 'import', 'bad.jsonl'])).stderr).toContain('Entry 3');
    expect(await json('state', 'show')).toEqual([]);
    expect((await json('state', 'import', 'all.jsonl')).imported).toBe(2);
    const [pears, limits] = await json('state', 'show', '--secrets');
    expect(pears).toMatchObject({ key: 'cart:pears', value: 2, expires_at: expect.any(Number) });
    expect(limits).toEqual({ key: 'limits', value: { rows: 10, api_key: 'abc123' } });
    expect((await cli(['state', 'delete', 'limits'])).code).toBe(0);
    expect((await cli(['state', 'delete', 'limits'])).code).toBe(2);
    expect((await cli(['state', 'clear'])).code).toBe(2);
  });

  test('rotates keys; without the key nothing is read and nothing lost', async () => {
    env = { ...env, LLMSPELL_STATE_KEY: OLD };
    await cli(['state', 'set', 'agent:qa:token', 'private']);
    env = { ...env, LLMSPELL_STATE_KEY: NEW };
    expect((await cli(['state', 'get', 'agent:qa:token'])).stderr).toContain('state.encrypted');
    expect((await cli(['state', 'rotate'])).stderr).toContain('state.encrypted');
    env = { ...env, LLMSPELL_STATE_KEY_PREVIOUS: OLD };
    expect(await json('state', 'rotate')).toMatchObject({ rewritten: 1, unreadable: [] });
    const { LLMSPELL_STATE_KEY_PREVIOUS: _old, ...onlyNew } = env;
    env = onlyNew;
    expect((await cli(['state', 'get', 'agent:qa:token', '--secrets'])).stdout).toBe('private\n');
  });

  test('migrates with schemas of a directory, after a backup that can be restored', async () => {
    mkdirSync(join(home, 'schemas'));
    writeFileSync(join(home, 'schemas/one.toml'), 'version = "1.0.0"\nentries = "p:*"\n');
    writeFileSync(
      join(home, 'schemas/two.toml'),
      'version = "2.0.0"\nentries = "p:*"\n[[migrations]]\nfrom = "1.0.0"\n[[migrations.transforms]]\nkind = "merge"\nfields = ["a", "b"]\nto = "ab"\n',
    );
    writeFileSync(join(home, 'llmspell.toml'), '[runtime.state_persistence]\nschema_directory = "schemas"\n');
    await cli(['state', 'set', 'p:x', '{"a": "one", "b": "two"}']);
    expect(await json('state', 'migrate')).toMatchObject({ current_version: '1.0.0', is_latest: false });
    expect(await json('state', 'migrate', '2.0.0', '--dry-run')).toMatchObject({ items_migrated: 1 });
    expect(await json('state', 'migrate', '2.0.0')).toMatchObject({ status: 'completed' });
    expect((await cli(['state', 'get', 'p:x'])).stdout).toContain('one two');
    expect((await cli(['backup', 'restore', 'newest'])).stdout).toContain('Restored 1 entries');
    expect((await cli(['state', 'get', 'p:x'])).stdout).not.toContain('one two');
    expect((await cli(['state', 'migrate', '7.0.0'])).stderr).toContain('migration.failed');
    expect((await cli(['state', 'migrate', 'x'])).stderr).toContain('migration.invalid');
  });
});

test('llmspell backup', async () => {
  expect((await cli(['backup', 'verify', 'newest'])).stderr).toContain('backup.not_found');
  await cli(['state', 'set', 'n', '1']);
  const full = (await cli(['backup', 'create', '--label', 'first'])).stdout.trim();
  await cli(['state', 'set', 'n', '2']);
  const later = await json('backup', 'create', '--incremental');
  expect(later).toMatchObject({ is_incremental: true, parent_id: full });
  expect((await cli(['backup', 'list'])).stdout).toMatch(/incremental[\s\S]*full.*first/);
  const file = join(home, 'data/backups/default', `${full}.backup`);
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length - 1));
  const verified = await cli(['backup', 'verify']);
  expect([verified.code, verified.stdout]).toEqual([1, expect.stringContaining('cut off')]);
  expect((await cli(['backup', 'restore', full])).stderr).toContain('backup.invalid');
  writeFileSync(file, whole);
  expect((await json('backup', 'restore', full, '--dry-run')).changed_entries).toBe(1);
  expect((await cli(['backup', 'delete', full])).stderr).toContain('backup.failed');
  expect((await json('backup', 'prune', '--keep', '1')).deleted_count).toBe(0);
});

test('llmspell keys keeps keys locked, and never shows them', async () => {
  const key = 'sk-kept-0123456789';
  expect((await cli(['keys', 'set', 'openai'], key)).stderr).toContain('keys.unavailable');
  env = { ...env, LLMSPELL_STATE_KEY: OLD };
  expect((await cli(['keys', 'set', 'openai'], `${key}\n`)).code).toBe(0);
  const file = join(home, 'data/keys.json');
  expect(readFileSync(file, 'utf8')).not.toContain(key);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect((await cli(['keys', 'list', '--output', 'json'])).stdout).toContain('"openai"');
  expect((await cli(['keys', 'get-source', 'openai'])).stdout).toBe('the file of llmspell keys\n');
  const used = await cli(['exec', 'print(Provider.get("openai").enabled, Provider.get("openai"))']);
  expect(used.stdout + used.stderr).not.toContain(key);
  env = { ...env, OPENAI_API_KEY: 'sk-env' };
  expect((await cli(['keys', 'get-source', 'openai'])).stdout).toBe('the variable OPENAI_API_KEY\n');
  expect((await cli(['keys', 'delete', 'openai'])).code).toBe(0);
  expect((await cli(['keys', 'delete', 'openai'])).stderr).toContain('keys.not_found');
});
