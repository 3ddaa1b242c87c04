import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fail, type LlmspellError } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import { memoryStore } from '../storage/memory.js';
import type { KeyValueStore } from '../storage/store.js';
import { Backups } from './backup/backups.js';
import { Migrations } from './migration/migrations.js';
import { Schemas } from './migration/schemas.js';
import { State } from './state.js';

/** A store on a disk that is full from the n-th write on. */
function full(store: KeyValueStore, after: number): KeyValueStore {
  let left = after;
  const write =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (left-- <= 0) throw fail('storage.failed', 'The store could not write: no space left on device');
      return work(...args);
    };
  return {
    ...{ get: store.get.bind(store), getMany: store.getMany.bind(store) },
    ...{ keys: store.keys.bind(store), entries: store.entries.bind(store), close: store.close.bind(store) },
    set: write(store.set.bind(store)),
    delete: write(store.delete.bind(store)),
    batch: write(store.batch.bind(store)),
    batchIf: write(store.batchIf.bind(store)),
  };
}

it('a disk that is full at any write leaves every piece of work done or undone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'llmspell-faults-'));
  const { context } = testContext();
  const schemas = new Schemas({ raise: (value) => (value as number) + 1 });
  schemas.register({ version: '1.0.0' });
  const raise = { from: '1.0.0', transforms: [{ kind: 'custom' as const, name: 'raise' }] };
  schemas.register({ version: '2.0.0', migrations: [raise] });
  for (let after = 0, whole = false; !whole; after++) {
    const store = memoryStore();
    const state = new State(full(store, after));
    const options = { packing: 'none', level: 1, incremental: true, maxCount: 5 } as const;
    const backups = new Backups(state, { directory: join(directory, String(after)), ...options });
    const migrations = new Migrations(state, schemas, async () => 'none');
    const both = (value: number) => ['a', 'b'].map((key) => ({ scope: 's', key, value }));
    const attempts = [
      () => state.batch(both(1), context),
      async () => void (await backups.create(context)),
      async () => {
        const result = await migrations.migrate('2.0.0', context);
        if (!result.success) throw fail('storage.failed', result.error);
      },
      async () => {
        const [backup] = await backups.list();
        if (backup) await backups.restore(backup.id, context, { backupCurrent: false });
      },
    ];
    whole = true;
    for (const attempt of attempts) {
      const failure = await attempt().then(
        () => undefined,
        (thrown: LlmspellError) => thrown.code,
      );
      if (failure !== undefined) whole = false;
      expect([undefined, 'storage.failed']).toContain(failure);
      const [a, b] = [await state.load('s', 'a', context), await state.load('s', 'b', context)];
      expect(a, `full after ${after} writes`).toEqual(b);
    }
    expect(after).toBeLessThan(20);
  }
  rmSync(directory, { recursive: true });
});
