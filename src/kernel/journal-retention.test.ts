import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.js';
import { fileJournal } from '../storage/journal-files.js';
import { DataStore } from './data-store.js';
import { pruneDaily } from './journal-retention.js';

const DAY = 86_400_000;
let directory: string;
const clock = { now: Date.now() };
const now = () => clock.now;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-retention-'));
  clock.now = Date.now();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

let names = 0;
const open = (at = directory) =>
  fileJournal({ directory: at, owner: 'k', host: 'h', now, newId: () => `id${++names}`, leaseMs: 1000 });

async function keepRun(run: string, at = directory): Promise<void> {
  const journal = open(at);
  const writer = journal.open({ run, session: 's', tenant: 'default' });
  const place = { run, path: 'run', time: clock.now };
  writer.append({ ...place, seq: 1, type: 'run.started', kind: 'script', name: run });
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0, source: 'unknown' } as const;
  writer.append({ ...place, seq: 2, type: 'run.finished', ok: true, durationMs: 1, usage });
  await writer.flushed();
  await writer.close();
  await journal.close();
}

const runsOf = async (at = directory) => (await open(at).runs()).map(({ run }) => run);

test('old runs are forgotten, once a day', async () => {
  await keepRun('old');
  clock.now += 40 * DAY;
  await keepRun('young');
  expect(await pruneDaily(open(), { directory, days: 30, now })).toBe(1);
  expect(await runsOf()).toEqual(['young']);
  clock.now += 31 * DAY;
  expect(await pruneDaily(open(), { directory, days: 30, now })).toBe(1);
  expect(await pruneDaily(open(), { directory, days: 0, now })).toBe(0);
});

test('a folder that is none costs nothing', async () => {
  expect(await pruneDaily(open(), { directory: '/dev/null/nothing', days: 1, now })).toBe(0);
});

test('a kernel sees to it when it ends', async () => {
  const at = join(directory, 'journal', 'default');
  await keepRun('old', at);
  clock.now += 40 * DAY;
  const effects = { now, id: () => `id${++names}` };
  const store = new DataStore(DEFAULT_CONFIG, directory, { LLMSPELL_HOME: directory }, effects);
  await store.journal('default');
  await store.close();
  expect(await runsOf(at)).toEqual([]);
});
