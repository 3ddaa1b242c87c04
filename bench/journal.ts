import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEvent } from '../src/core/events.js';
import { fileJournal } from '../src/storage/journal-files.js';
import type { JournalStore, RunWriter } from '../src/storage/journal-store.js';
import { alternate, compared, type Figure } from './measure.js';

const RUNS = 100;

/** The durable journal against appending the same bytes and syncing them. */
export async function journal(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const store = fileJournal({
    directory: join(folder, 'journal'),
    owner: 'bench',
    host: 'here',
    now: Date.now,
    newId: () => `${Math.random()}`,
    leaseMs: 30_000,
  });
  const file = await open(join(folder, 'bare'), 'a');
  try {
    return await measured(store, file);
  } finally {
    await store.close();
    await file.close();
    rmSync(folder, { recursive: true });
  }
}

async function measured(store: JournalStore, file: Awaited<ReturnType<typeof open>>): Promise<Figure[]> {
  const writers = Array.from({ length: RUNS }, (_, n) =>
    store.open({ run: `run_${n}`, session: 's', tenant: 'default' }),
  );
  let seq = 0;
  const line = Buffer.from(`${JSON.stringify(event('run_0', 1))}\n`);
  const one = async (writer: RunWriter, run: number) => {
    writer.append(event(`run_${run}`, ++seq));
    await writer.flushed();
  };
  const [bare, single, grouped] = await alternate(60, [
    async () => {
      await file.write(line);
      await file.datasync();
    },
    () => one(writers[0]!, 0),
    () => Promise.all(writers.map(one)),
  ]);
  const floor = { name: 'append and sync of the same bytes', value: bare! };
  return [
    compared('an event of a run, until it is safe', 'ms', single!, floor, 2),
    compared(`an event of each of ${RUNS} runs at once, each`, 'ms', grouped! / RUNS, floor, 0.2),
  ];
}

function event(run: string, seq: number): JournalEvent {
  return {
    run,
    seq,
    path: 'run',
    time: 1_700_000_000_000,
    type: 'output',
    stream: 'stdout',
    text: 'x'.repeat(100),
  };
}
