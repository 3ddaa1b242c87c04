import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testContext } from '../src/core/testing.js';
import { Migrations } from '../src/state/migration/migrations.js';
import { Schemas } from '../src/state/migration/schemas.js';
import { State } from '../src/state/state.js';
import { openLmdbStore } from '../src/storage/lmdb.js';
import { alternate, compared, type Figure } from './measure.js';

const ENTRIES = 1000;

/** Reading, writing and migrating state, against the bare store doing the same. */
export async function state(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const open = (name: string) => openLmdbStore(join(folder, name));
  const [under, bare] = [await open('state'), await open('bare')];
  try {
    return await measure(new State(under), bare);
  } finally {
    await under.close();
    await bare.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(kept: State, bare: Awaited<ReturnType<typeof openLmdbStore>>): Promise<Figure[]> {
  const { context } = testContext();
  const bytes = Buffer.alloc(1024, 'x');
  const text = bytes.toString();
  const names = Array.from({ length: ENTRIES }, (_, index) => `k${index}`);
  const batch = names.map((key) => ({ scope: 'b', key, value: text }));
  await kept.batch(batch, context);
  await bare.batch(names.map((key) => ({ key, value: bytes })));

  const read = await alternate(7, [
    async () => {
      for (const name of names) await kept.load('b', name, context);
    },
    async () => {
      for (const name of names) await bare.get(name);
    },
  ]);
  const write = await alternate(5, [
    async () => {
      for (const name of names.slice(0, 50)) await kept.save('b', name, text, context);
    },
    async () => {
      for (const name of names.slice(0, 50)) await bare.set(name, bytes);
    },
  ]);
  const batches = await alternate(7, [
    () => kept.batch(batch, context),
    () => bare.batch(names.map((key) => ({ key, value: bytes }))),
  ]);
  const migration = await alternate(5, [
    () => migrated(kept, context),
    async () => {
      const found = await bare.getMany(names);
      await bare.batch(names.map((key, index) => ({ key, value: found[index] })));
    },
  ]);
  const each = (name: string, [own, base]: number[], count: number, aim: number) =>
    compared(name, 'µs', (own! * 1000) / count, { name: 'bare store', value: (base! * 1000) / count }, aim);
  return [
    each('state read of 1 KB', read, ENTRIES, 2),
    each('state durable write of 1 KB', write, 50, 2),
    each('state batch, per entry of 1 KB', batches, ENTRIES, 3),
    each('migration, per entry of 1 KB', migration, ENTRIES, 5),
  ];
}

let runs = 0;

/** Takes every entry there and, the next time, back: each is read, changed and written. */
async function migrated(kept: State, context: Parameters<State['load']>[2]): Promise<void> {
  const schemas = new Schemas({ turn: (value) => [...String(value)].reverse().join('') });
  const turn = { transforms: [{ kind: 'custom' as const, name: 'turn' }] };
  const [one, two] = ['1.0.0', '2.0.0'];
  schemas.register({ version: one, migrations: [{ ...turn, from: two }] });
  schemas.register({ version: two, migrations: [{ ...turn, from: one }] });
  const migrations = new Migrations(kept, schemas, async () => 'none');
  const result = await migrations.migrate(runs++ % 2 === 0 ? two : one, context);
  if (!result.success) throw new Error(result.error);
}
