import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext } from '../../core/testing.js';
import { memoryStore } from '../../storage/memory.js';
import { State } from '../state.js';
import { Migrations } from './migrations.js';
import { loadSchemas } from './schema-files.js';
import { Schemas } from './schemas.js';

function open(schemas: unknown[], transforms: ConstructorParameters<typeof Schemas>[0] = {}) {
  const store = memoryStore();
  const state = new State(store);
  const known = new Schemas(transforms);
  for (const schema of schemas) known.register(schema);
  const labels: string[] = [];
  const backup = async (label: string) => {
    labels.push(label);
    return 'backup_1';
  };
  return { store, state, schemas: known, labels, migrations: new Migrations(state, known, backup) };
}

const TRANSFORMS = [
  { kind: 'Copy', from: 'mail', to: 'contact.mail' },
  { kind: 'Convert', field: 'age', type: 'integer' },
  { kind: 'Default', field: 'active', value: true },
  { kind: 'Split', field: 'name', to: ['first', 'last'] },
  { kind: 'Merge', fields: ['street', 'town'], to: 'address', separator: ', ' },
  { kind: 'Remove', field: 'mail' },
  { kind: 'Custom', name: 'shout' },
];
const TWO = [
  { version: '1.0.0', fields: { name: 'string' } },
  {
    version: '2.0.0',
    entries: 'person:*',
    compatibility: 'BreakingChange',
    fields: { age: { type: 'integer', required: true }, first: 'string' },
    migrations: [{ from: '1.0.0', transforms: TRANSFORMS }],
  },
];
const ADA = { name: 'Ada King Lovelace', age: '36', mail: 'a@b', street: 'Main 1', town: 'Rome' };
const shout = { shout: (value: unknown) => ({ ...(value as object), shouted: true }) as never };

describe('a migration', () => {
  it('applies every kind of transform', async () => {
    const { context, events } = testContext();
    const { state, migrations, labels } = open(TWO, shout);
    await state.save('person', 'ada', ADA, context);
    await state.save('other', 'ada', ADA, context);
    await state.save('person', 'n', 7, context);
    expect(await migrations.migrate('2.0.0', context, { createBackup: true, batchSize: 1 })).toEqual({
      success: true,
      status: 'completed',
      from_version: '1.0.0',
      to_version: '2.0.0',
      items_migrated: 1,
      duration_ms: expect.any(Number),
      backup_id: 'backup_1',
      warnings: [expect.stringContaining('person:n')],
    });
    expect(await state.load('person', 'ada', context)).toEqual({
      name: 'Ada King Lovelace',
      age: 36,
      street: 'Main 1',
      town: 'Rome',
      contact: { mail: 'a@b' },
      active: true,
      first: 'Ada',
      last: 'King Lovelace',
      address: 'Main 1, Rome',
      shouted: true,
    });
    expect(await state.load('other', 'ada', context)).toEqual(ADA);
    expect(labels).toEqual(['before migration to 2.0.0']);
    expect(events.at(-1)).toMatchObject({
      type: 'state.migrated',
      from: '1.0.0',
      to: '2.0.0',
      items: 1,
      ok: true,
    });
    expect(await migrations.migrate('2.0.0', context)).toMatchObject({ status: 'already_current' });
    expect(await migrations.status()).toEqual({
      current_version: '2.0.0',
      migration_available: true,
      total_schemas: 2,
      latest_version: '2.0.0',
      is_latest: true,
      migration_targets: [],
    });
  });

  it('changes nothing when it is tried only, or one entry fails', async () => {
    const { context, events } = testContext();
    const { state, store, migrations, labels } = open(TWO, shout);
    await state.save('person', 'a', ADA, context);
    await state.save('person', 'z', { ...ADA, age: 'old' }, context);
    const before = await store.entries('');
    const failed = await migrations.migrate('2.0.0', context);
    expect(failed).toEqual({
      success: false,
      status: 'rolledback',
      code: 'migration.failed',
      error: expect.stringMatching(/^Migration failed: .*person:z.*age/),
      from_version: '1.0.0',
      target_version: '2.0.0',
    });
    expect(
      await migrations.migrate('2.0.0', context, { dryRun: true, rollbackOnError: false }),
    ).toMatchObject({
      items_migrated: 1,
      dry_run: true,
      errors: [expect.stringContaining('person:z')],
    });
    expect(await store.entries('')).toEqual(before);
    expect(labels).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'state.migrated', ok: false });
    await migrations.migrate('2.0.0', context, { rollbackOnError: false });
    expect(await state.load('person', 'z', context)).toEqual({ ...ADA, age: 'old' });
    expect(await state.load('person', 'a', context)).toMatchObject({ age: 36 });
  });

  it.each([
    ['none', {}, true],
    ['basic', {}, false],
    ['basic', { need: 'text' }, true],
    ['strict', { need: 'text' }, false],
    ['strict', { need: 1, more: 1 }, true],
    ['paranoid', { need: 1, more: 1 }, false],
    ['paranoid', { need: 1 }, true],
  ] as const)('with validation %s takes %j: %j', async (level, value, ok) => {
    const { context } = testContext();
    const fields = { need: { type: 'integer', required: true } };
    const { state, migrations } = open([{ version: '1.0.0' }, { version: '1.1.0', fields }]);
    await state.set('k', value, context);
    expect(await migrations.migrate('1.1.0', context, { level })).toMatchObject({ success: ok });
  });

  it('finds its way over several versions, and back where a way is described', async () => {
    const { context } = testContext();
    const { state, migrations, schemas } = open([
      { version: '1.0.0', fields: { a: 'integer' } },
      { version: '1.1.0', fields: { a: 'integer', b: { type: 'integer', default: 5 } } },
      {
        version: '2.0.0-beta.1',
        compatibility: 'breaking',
        migrations: [
          { from: '1.1.0', transforms: [{ kind: 'merge', fields: ['a', 'b'], to: 'c', separator: '+' }] },
          { to: '1.0.0', transforms: [{ kind: 'remove', field: 'c' }] },
        ],
      },
      { version: '9.0.0', compatibility: 'breaking' },
    ]);
    expect(schemas.versions()).toEqual(['1.0.0', '1.1.0', '2.0.0-beta.1', '9.0.0']);
    await state.set('k', { a: 1 }, context);
    await migrations.migrate('2.0.0-beta.1', context);
    expect(await state.get('k', context)).toEqual({ a: 1, b: 5, c: '1+5' });
    expect(await migrations.status()).toMatchObject({ migration_targets: ['1.0.0', '1.1.0'] });
    await migrations.migrate('1.0.0', context);
    expect(await state.get('k', context)).toEqual({ a: 1, b: 5 });
    expect(await migrations.migrate('9.0.0', context)).toMatchObject({ code: 'migration.invalid' });
  });

  it('begins anew when somebody writes meanwhile, and keeps times to live', async () => {
    const { context } = testContext();
    let rival: (() => Promise<void>) | undefined;
    const add = async (value: unknown) => {
      await rival?.();
      rival = undefined;
      return { ...(value as object), seen: true } as never;
    };
    const { state, migrations } = open(
      [
        { version: '1.0.0' },
        { version: '2.0.0', migrations: [{ from: '1.0.0', transforms: [{ kind: 'custom', name: 'add' }] }] },
      ],
      { add },
    );
    await state.set('k', { n: 1 }, context, { ttlSeconds: 3600 });
    rival = () => state.set('k', { n: 2 }, context, { ttlSeconds: 3600 });
    expect(await migrations.migrate('2.0.0', context)).toMatchObject({ success: true, items_migrated: 1 });
    expect(await state.get('k', context)).toEqual({ n: 2, seen: true });
    expect((await state.lasting.store.keys('\u0001expiry/')).length).toBe(1);
  });

  it('refuses what is no version, no schema or no function', async () => {
    const { context } = testContext();
    const { migrations, schemas } = open([]);
    await expect(migrations.migrate('two', context)).rejects.toThrow("Invalid version 'two':");
    await expect(migrations.migrate('2.0.0', context)).rejects.toThrow('No current schema found');
    expect(await migrations.status()).toMatchObject({
      current_version: 'unknown',
      migration_available: false,
    });
    for (const wrong of [
      {},
      { version: '1' },
      { version: '1.0.0', fields: { a: 'text' } },
      { version: '1.0.0', migrations: [{ transforms: [] }] },
      { version: '1.0.0', migrations: [{ to: '2.0.0', transforms: [{ kind: 'rename' }] }] },
      { version: '1.0.0', migrations: [{ to: '2.0.0', transforms: [{ kind: 'custom', name: 'toString' }] }] },
    ])
      expect(() => schemas.register(wrong)).toThrow(expect.objectContaining({ code: 'migration.invalid' }));
  });

  it('reads schemas from a directory', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'llmspell-schemas-'));
    const schemas = new Schemas();
    writeFileSync(join(directory, 'one.toml'), 'version = "1.0.0"\n[fields.name]\ntype = "string"\n');
    writeFileSync(join(directory, 'two.json'), '{"version": "2.0.0", "fields": {"name": "string"}}');
    writeFileSync(join(directory, 'notes.md'), '');
    await loadSchemas(directory, schemas);
    expect(schemas.versions()).toEqual(['1.0.0', '2.0.0']);
    writeFileSync(join(directory, 'three.json'), '{"version": "2.0.0"');
    await expect(loadSchemas(directory, schemas)).rejects.toMatchObject({ code: 'migration.invalid' });
    rmSync(directory, { recursive: true });
    await expect(loadSchemas(directory, schemas)).rejects.toMatchObject({ code: 'migration.invalid' });
  });
});
