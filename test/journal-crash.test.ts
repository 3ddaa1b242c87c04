import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEvent } from '../src/core/events.js';
import { fileJournal } from '../src/storage/journal-files.js';
import { randomFrom } from './support/random.js';

const WRITER = resolve(import.meta.dirname, 'support/journal-writer.ts');
const EVENTS = 60;
const WAYS = ['before', 'middle', 'after'] as const;
/** `LLMSPELL_CRASH_ROUNDS=1000` runs a thousand; `LLMSPELL_CRASH_SEED` repeats a failing run. */
const ROUNDS = Number(process.env.LLMSPELL_CRASH_ROUNDS ?? 45);
const SEED = Number(process.env.LLMSPELL_CRASH_SEED ?? Date.now() % 1_000_000);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-crash-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Lets a writer die at a write; the last event that it said is safe. */
function crash(run: string, dieAt: number, how: string): Promise<{ acked: number; signal: string | null }> {
  const args = ['--import', 'tsx', WRITER, directory, run, String(EVENTS), String(dieAt), how];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  return new Promise((done) => {
    child.on('close', (_code, signal) => {
      const acks = out.match(/^ack (\d+)$/gm) ?? [];
      done({ acked: Number(acks.at(-1)?.slice(4) ?? 0), signal });
    });
  });
}

async function eventsOf(run: string): Promise<JournalEvent[]> {
  const journal = fileJournal({
    directory,
    owner: 'r',
    host: 'here',
    now: Date.now,
    newId: () => 'r',
    leaseMs: 1,
  });
  const found: JournalEvent[] = [];
  for await (const event of journal.events(run)) found.push(event);
  await journal.close();
  return found;
}

function check(events: JournalEvent[], acked: number, place: string): void {
  expect(
    events.map(({ seq }) => seq),
    place,
  ).toEqual(events.map((_, index) => index + 1));
  expect(events.length, place).toBeGreaterThanOrEqual(acked);
  for (const event of events)
    if (event.type === 'output')
      expect(event.text, place).toBe(`line ${event.seq} ${'x'.repeat(event.seq % 97)}`);
}

describe(`a journal whose writer is killed at a write (seed ${SEED}, ${ROUNDS} rounds)`, () => {
  test(
    'holds all that was acknowledged, and nothing in part',
    async () => {
      const random = randomFrom(SEED);
      const plan = Array.from({ length: ROUNDS }, (_, round) => ({
        run: `run_${round}`,
        dieAt: 1 + Math.floor(random() * 21),
        how: WAYS[Math.floor(random() * 3)]!,
      }));
      let killed = 0;
      const next = plan.values();
      const work = async () => {
        for (const { run, dieAt, how } of next) {
          const { acked, signal } = await crash(run, dieAt, how);
          if (signal === 'SIGKILL') killed++;
          check(await eventsOf(run), acked, `${run}, write ${dieAt} ${how}, seed ${SEED}`);
        }
      };
      await Promise.all([work(), work(), work()]);
      expect(killed).toBeGreaterThan(ROUNDS / 2);
    },
    60_000 + ROUNDS * 5_000,
  );
});
