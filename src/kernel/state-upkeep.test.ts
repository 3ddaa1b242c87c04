import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { HookRegistration } from '../hooks/contract.js';
import { createPermissions } from '../security/permissions.js';
import { Kernel, type KernelOptions } from './kernel.js';

let directory: string;
const kernels: Kernel[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterEach(async () => {
  for (const kernel of kernels.splice(0)) await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function makeKernel(options: Partial<KernelOptions> = {}, schemaDirectory?: string): Promise<Kernel> {
  const env = { LLMSPELL_HOME: directory };
  const state_persistence = {
    backend_type: 'memory' as const,
    ...(schemaDirectory !== undefined && { schema_directory: schemaDirectory }),
  };
  const config = await loadConfig({
    cwd: directory,
    home: directory,
    env,
    overrides: { runtime: { state_persistence } },
  });
  const permissions = createPermissions(
    { read: [], write: [], net: [], run: [], env: [], db: [] },
    { cwd: directory },
  );
  const kernel = new Kernel({ config, permissions, cwd: directory, environment: env, ...options });
  kernels.push(kernel);
  return kernel;
}

async function run(kernel: Kernel, language: 'lua' | 'javascript', code: string) {
  const session = kernel.createSession();
  let printed = '';
  const outcome = await session.execute({
    language,
    source: { code, name: 'cell' },
    onMessage: (message) => {
      if (message.type === 'stream') printed += message.text;
    },
  });
  expect(outcome).toMatchObject({ ok: true });
  return printed;
}

const MIGRATE = {
  lua: `
    print(State.get_migration_status().current_version, pcall(State.migrate, "2.0.0"))
    State.register_schema({ version = "1.0.0" })
    State.register_schema({ version = "2.0.0", entries = { "p:*" }, migrations = { { from = "1.0.0", transforms = {
      { kind = "default", field = "score", value = 2.0 },
      { kind = "custom", apply = function(value, key) value.key = key; State.set("seen", key); return value end },
    } } } })
    State.save("p", "a", { n = 1 })
    local result = State.migrate("2.0.0")
    print(result.status, result.items_migrated, #State.list_backups())
    local a = State.load("p", "a")
    print(a.n, a.key, math.type(a.score), State.get("seen"))
    State.register_schema({ version = "3.0.0", migrations = { { from = "2.0.0", transforms = {
      { kind = "custom", apply = function() error("no way") end } } } } })
    local failed = State.migrate("3.0.0")
    print(failed.success, failed.status, failed.error:match("no way"), State.load("p", "a").n)
  `,
  javascript: `
    let raised; try { State.migrate("2.0.0") } catch (error) { raised = error.code }
    print(State.getMigrationStatus().current_version, raised);
    State.registerSchema({ version: "1.0.0" });
    State.registerSchema({ version: "2.0.0", entries: ["p:*"], migrations: [{ from: "1.0.0", transforms: [
      { kind: "default", field: "score", value: 2.5 },
      { kind: "custom", apply: (value, key) => { State.set("seen", key); return { ...value, key } } },
    ] }] });
    State.save("p", "a", { n: 1 });
    const result = State.migrate("2.0.0");
    print(result.status, result.items_migrated, State.listBackups().length);
    const a = State.load("p", "a");
    print(a.n, a.key, a.score, State.get("seen"));
    State.registerSchema({ version: "3.0.0", migrations: [{ from: "2.0.0", transforms: [
      { kind: "custom", apply: () => { throw new Error("no way") } }] }] });
    const failed = State.migrate("3.0.0");
    print(failed.success, failed.status, failed.error.match("no way")[0], State.load("p", "a").n);
  `,
};

describe('migrations from scripts', () => {
  test('in Lua', async () => {
    const printed = await run(await makeKernel(), 'lua', MIGRATE.lua);
    expect(printed).toMatch(/^unknown\tfalse\t.*No current schema found/);
    expect(printed.split('\n').slice(-4)).toEqual([
      'completed\t1\t1',
      '1\tp:a\tfloat\tp:a',
      'false\trolledback\tno way\t1',
      '',
    ]);
  });

  test('in JavaScript', async () => {
    expect(await run(await makeKernel(), 'javascript', MIGRATE.javascript)).toBe(
      'unknown migration.not_found\ncompleted 1 1\n1 p:a 2.5 p:a\nfalse rolledback no way 1\n',
    );
  });

  test('schemas of files and of the program; a hook may forbid it', async () => {
    writeFileSync(join(directory, 'one.toml'), 'version = "1.0.0"');
    const stateSchemas = {
      schemas: [
        {
          version: '2.0.0',
          migrations: [{ from: '1.0.0', transforms: [{ kind: 'custom', name: 'twice' }] }],
        },
      ],
      transforms: { twice: (value: unknown) => (value as number) * 2 },
    };
    let forbid = true;
    const hook: HookRegistration = {
      point: 'StateMigration',
      handler: async ({ data }) =>
        forbid ? { kind: 'cancel', reason: `not to ${String(data.to_version)}` } : { kind: 'continue' },
    };
    const kernel = await makeKernel({ stateSchemas, hooks: [hook] }, directory);
    const code =
      'State.set("n", 4) local ok, why = pcall(State.migrate, "2.0.0") print(ok, ok or why, State.get("n"))';
    expect(await run(kernel, 'lua', code)).toMatch(/^false\t.*not to 2\.0\.0.*\t4\n$/);
    forbid = false;
    expect(await run(kernel, 'lua', 'print(State.migrate("2.0.0").status, State.get("n"))')).toBe(
      'completed\t8\n',
    );
  });
});

const BACK_UP = {
  lua: `
    State.set("n", 1)
    local full = State.create_backup("first")
    State.set("n", 2)
    local next = State.create_backup({ incremental = true })
    print(full.success, full.incremental, next.incremental, State.list_backups()[2].label)
    print(State.restore_backup(full.backup_id, { dry_run = true }).changed_entries, State.get("n"))
    print(State.restore_backup(full.backup_id).restored_entries, State.get("n"))
    print(State.delete_backup(full.backup_id).code, State.restore_backup("backup_none").success)
    print(State.validate_backup(next.backup_id).is_valid, State.get_storage_usage().total_backups)
    local report = State.cleanup_backups(true)
    print(report.success, report.dry_run, report.deleted_count, State.cleanup_backups(1).deleted_count)
  `,
  javascript: `
    State.set("n", 1);
    const full = State.createBackup("first");
    State.set("n", 2);
    const next = State.createBackup({ incremental: true });
    print(full.success, full.incremental, next.incremental, State.listBackups()[1].label);
    print(State.restoreBackup(full.backup_id, { dry_run: true }).changed_entries, State.get("n"));
    print(State.restoreBackup(full.backup_id).restored_entries, State.get("n"));
    print(State.deleteBackup(full.backup_id).code, State.restoreBackup("backup_none").success);
    print(State.validateBackup(next.backup_id).is_valid, State.getStorageUsage().total_backups);
    const report = State.cleanupBackups(true);
    print(report.success, report.dry_run, report.deleted_count, State.cleanupBackups(1).deleted_count);
  `,
};

describe('backups from scripts', () => {
  test.each(['lua', 'javascript'] as const)('in %s', async (language) => {
    const printed = await run(await makeKernel(), language, BACK_UP[language]);
    expect(printed.replaceAll('\t', ' ')).toBe(
      'true false true first\n1 2\n1 1\nbackup.failed false\ntrue 3\ntrue true 0 2\n',
    );
  });
});
