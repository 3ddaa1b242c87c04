import type { ExecutionContext } from '../../src/core/context.js';
import type { ScriptValue } from '../../src/core/values.js';
import { Backups } from '../../src/state/backup/backups.js';
import { Migrations } from '../../src/state/migration/migrations.js';
import { Schemas } from '../../src/state/migration/schemas.js';
import { State } from '../../src/state/state.js';
import type { KeyValueStore } from '../../src/storage/store.js';
import { randomFrom } from './random.js';

/** Versions there are schemas of; each migration adds one to `v` of every entry in scope `p`. */
const VERSIONS = 40;

/** What works on a store. */
export interface Worker {
  readonly state: State;
  readonly backups: Backups;
  readonly migrations: Migrations;
}

/** A worker on a store, with backups in a directory. */
export function openWorker(store: KeyValueStore, directory: string): Worker {
  const state = new State(store);
  const packing = 'lz4' as const;
  const backups = new Backups(state, { directory, packing, level: 1, incremental: true, maxCount: 5 });
  const raise = (value: ScriptValue) => ({ v: (value as { v: number }).v + 1 });
  const schemas = new Schemas({ raise });
  for (let version = 1; version <= VERSIONS; version++)
    schemas.register({
      version: `${version}.0.0`,
      entries: 'p:*',
      compatibility: 'breaking',
      migrations:
        version === 1
          ? []
          : [{ from: `${version - 1}.0.0`, transforms: [{ kind: 'custom', name: 'raise' }] }],
    });
  const backup = async (label: string, context: ExecutionContext) =>
    (await backups.create(context, { label })).id;
  return { state, backups, migrations: new Migrations(state, schemas, backup) };
}

/** Does operation number `index` of the run with that seed: each does the same to the same entries. */
export async function operate(
  { state, backups, migrations }: Worker,
  { seed, index }: { seed: number; index: number },
  context: ExecutionContext,
): Promise<void> {
  const random = randomFrom(seed * 1000 + index);
  const pick = () => `k${Math.floor(random() * 12)}`;
  const value = () => ({ v: Math.floor(random() * 1000), text: 'x'.repeat(Math.floor(random() * 3000)) });
  switch (index % 7) {
    case 0:
      return state.save('p', pick(), value(), context);
    case 1:
      return void (await state.delete('p', pick(), context));
    case 2: {
      const changes = ['a', 'b', 'c'].map((key) => ({ scope: 'together', key, value: index }));
      return state.batch([...changes, { scope: 'p', key: pick(), value: value() }], context);
    }
    case 3: {
      const seen = (await state.load('p', 'counter', context)) ?? null;
      return void (await state.compareAndSet('p', 'counter', seen, { v: index }, context));
    }
    case 4: {
      const transaction = state.begin();
      await transaction.save('p', pick(), value(), context);
      await transaction.save('together', 'd', index, context);
      await transaction.delete('p', pick(), context);
      return transaction.commit(context);
    }
    case 5: {
      const status = await migrations.status();
      const next = Number(status.current_version.split('.')[0]) + 1;
      return void (await migrations.migrate(`${next}.0.0`, context, { createBackup: index % 2 === 0 }));
    }
    default:
      return void (await backups.create(context, { incremental: index % 3 !== 0 }));
  }
}

/** Everything that is there, and which version it has. */
export async function picture({ state, migrations }: Worker, context: ExecutionContext): Promise<string> {
  const { current_version } = await migrations.status();
  return JSON.stringify([current_version, await state.all(context)]);
}
