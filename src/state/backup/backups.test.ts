import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testContext } from '../../core/testing.js';
import { memoryStore } from '../../storage/memory.js';
import type { KeyValueStore } from '../../storage/store.js';
import { State } from '../state.js';
import { type BackupOptions, Backups } from './backups.js';
import { PACKINGS } from './packing.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-backup-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const source = { name: 'a test', read: async () => ['ab'.repeat(32)] };

function open(options: Partial<BackupOptions> = {}, store: KeyValueStore = memoryStore()) {
  const state = new State(store, { encryption: { all: false, sources: [source] } });
  const backups = new Backups(state, {
    directory,
    packing: 'zstd',
    level: 3,
    incremental: true,
    maxCount: 10,
    ...options,
  });
  return { state, backups, store };
}

const fileOf = (id: string) => join(directory, `${id}.backup`);

describe('backups', () => {
  it.each(PACKINGS)('give everything back, packed with %s', async (packing) => {
    const { context } = testContext();
    const { state, backups } = open({ packing });
    for (const [key, value] of Object.entries({ a: 1, b: 'x'.repeat(5000), c: { d: [true, null] } }))
      await state.set(key, value, context);
    const before = await state.all(context);
    const { id, entry_count } = await backups.create(context);
    expect(entry_count).toBe(3);
    await state.set('a', 2, context);
    await state.set('b', null, context);
    await state.set('new', 1, context);
    const dry = await backups.restore(id, context, { dryRun: true });
    expect(dry).toEqual({ backup_id: id, restored_entries: 3, changed_entries: 3 });
    expect(await state.get('a', context)).toBe(2);
    const restored = await backups.restore(id, context);
    expect(await state.all(context)).toEqual(before);
    await backups.restore(restored.rollback_id!, context, { backupCurrent: false });
    expect(await state.get('new', context)).toBe(1);
  });

  it('hold only what differs when they are incremental, and need all they build on', async () => {
    const { context } = testContext();
    const { state, backups } = open();
    await state.set(
      'big',
      Array.from({ length: 3000 }, (_, index) => index * 7919),
      context,
    );
    await state.set('gone', 1, context);
    const full = await backups.create(context, { incremental: true });
    await state.set('gone', null, context);
    const second = await backups.create(context, { incremental: true });
    await state.set('small', 1, context);
    const third = await backups.create(context, { incremental: true });
    expect([full, second, third].map(({ is_incremental }) => is_incremental)).toEqual([false, true, true]);
    expect(third).toMatchObject({ parent_id: second.id, entry_count: 2 });
    expect(third.size_bytes).toBeLessThan(full.size_bytes / 2);
    await state.set('big', null, context);
    await backups.restore(third.id, context, { backupCurrent: false });
    expect(await state.keys()).toEqual(['big', 'small']);
    await expect(backups.delete(second.id, context)).rejects.toMatchObject({ code: 'backup.failed' });
    expect((await backups.list()).map(({ id }) => id)).toEqual([third.id, second.id, full.id]);
    rmSync(fileOf(full.id));
    const validation = await backups.validate(third.id);
    expect(validation).toMatchObject({ is_valid: false, checksum_valid: true, integrity_valid: false });
    await expect(backups.restore(third.id, context)).rejects.toMatchObject({ code: 'backup.not_found' });
    expect(await backups.create(context, { incremental: true })).toMatchObject({ is_incremental: false });
  });

  it('keep locked what is locked, also under a passphrase', async () => {
    const { context } = testContext();
    const words = { name: 'words', read: async () => ['correct horse battery'] };
    const make = (store = memoryStore()) => {
      const state = new State(store, { encryption: { all: true, sources: [words] } });
      return { state, backups: new Backups(state, { ...plain, directory }) };
    };
    const plain = { packing: 'none', level: 1, incremental: true, maxCount: 9 } as const;
    const one = make();
    await one.state.set('k', 'very private', context);
    const { id } = await one.backups.create(context);
    expect(readFileSync(fileOf(id)).includes('very private')).toBe(false);
    const other = make();
    await other.state.set('k', 'something else', context);
    await other.backups.restore(id, context);
    expect(await other.state.get('k', context)).toBe('very private');
    await other.state.set('l', 1, context);
    expect(await other.state.get('l', context)).toBe(1);
  });

  it('whose file is cut anywhere, or altered anywhere, are found out', async () => {
    const { context } = testContext();
    const { state, backups } = open({ packing: 'none' });
    await state.set('k', 'value', context);
    const { id } = await backups.create(context);
    const whole = readFileSync(fileOf(id));
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(fileOf(id), whole.subarray(0, length));
      expect(await backups.validate(id), `cut at ${length}`).toMatchObject({ is_valid: false });
    }
    for (let at = 0; at < whole.length; at += 11) {
      const altered = Buffer.from(whole);
      altered[at]! ^= 1;
      writeFileSync(fileOf(id), altered);
      expect(await backups.validate(id), `altered at ${at}`).toMatchObject({ is_valid: false });
      await expect(backups.restore(id, context)).rejects.toMatchObject({ code: 'backup.invalid' });
    }
    truncateSync(fileOf(id), 3);
    expect(await backups.list()).toMatchObject([{ id, damaged: expect.stringContaining('damaged') }]);
    expect(await state.get('k', context)).toBe('value');
    writeFileSync(fileOf(id), whole);
    expect(await backups.validate(id)).toMatchObject({ is_valid: true, errors: [] });
  });

  it('are one moment, whatever is written meanwhile', async () => {
    const { context } = testContext();
    const { state, backups } = open({ incremental: false });
    const both = (n: number) =>
      state.batch(
        [
          { scope: 's', key: 'a', value: n },
          { scope: 's', key: 'z', value: n },
        ],
        context,
      );
    await both(0);
    const writing = (async () => {
      for (let n = 1; n <= 60; n++) await both(n);
    })();
    const made = await Promise.all(Array.from({ length: 5 }, () => backups.create(context)));
    await writing;
    for (const { id } of made) {
      await backups.restore(id, context, { backupCurrent: false });
      expect(await state.load('s', 'a', context)).toBe(await state.load('s', 'z', context));
    }
  });

  it('go by rules, and what is needed or named stays', async () => {
    let now = 1_000_000;
    const { context, events } = testContext({ effects: { now: () => now } });
    const { state, backups } = open({ maxCount: 2, maxAgeSeconds: 100 });
    const make = async (options: { label?: string; incremental?: boolean } = {}) => {
      now += 1000;
      await state.set('n', now, context);
      return (await backups.create(context, options)).id;
    };
    const named = await make({ label: 'keep me' });
    const [old, base] = [await make(), await make()];
    const [middle, newest] = [await make({ incremental: true }), await make({ incremental: true })];
    const dry = await backups.cleanup(context, { dryRun: true });
    expect(dry).toMatchObject({ evaluated_count: 5, deleted_count: 1, retained_count: 4 });
    expect(dry.decisions.map(({ backup_id, priority }) => [backup_id, priority])).toEqual([
      [newest, 'Critical'],
      [middle, 'Critical'],
      [base, 'Critical'],
      [old, 'Standard'],
      [named, 'Important'],
    ]);
    expect(existsSync(fileOf(old))).toBe(true);
    const { space_freed } = await backups.cleanup(context);
    expect(space_freed).toBe(dry.space_freed);
    expect(existsSync(fileOf(old))).toBe(false);
    now += 1_000_000;
    const late = await make();
    expect((await backups.cleanup(context)).retained_count).toBe(2);
    await backups.cleanup(context, { keepCount: 1 });
    expect((await backups.list()).map(({ id }) => id)).toEqual([late]);
    const changes = events.flatMap((event) => (event.type === 'backup.changed' ? event.change : []));
    expect(changes.filter((change) => change === 'deleted')).toHaveLength(5);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('stay in order when the clock goes back', async () => {
    let now = 5_000_000;
    const { context } = testContext({ effects: { now: () => now } });
    const { backups } = open();
    const first = await backups.create(context);
    now -= 4_000_000;
    const second = await backups.create(context);
    expect((await backups.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('that cannot be written leave nothing behind', async () => {
    const { context, events } = testContext();
    const { backups } = open({ directory: join(directory, 'file', 'inside') });
    writeFileSync(join(directory, 'file'), '');
    await expect(backups.create(context)).rejects.toMatchObject({ code: 'backup.failed' });
    expect(events.at(-1)).toMatchObject({ type: 'backup.changed', change: 'failed' });
  });

  it.each(['../x', 'backup_/../../x', '', 'backup_none'])('have no other names: %j', async (id) => {
    const { context } = testContext();
    const { backups } = open();
    await expect(backups.restore(id, context)).rejects.toMatchObject({ code: 'backup.not_found' });
    await expect(backups.delete(id, context)).rejects.toMatchObject({ code: 'backup.not_found' });
  });
});
