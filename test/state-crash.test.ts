import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../src/core/testing.js';
import { openLmdbStore } from '../src/storage/lmdb.js';
import { memoryStore } from '../src/storage/memory.js';
import { randomFrom } from './support/random.js';
import { openWorker, operate, picture } from './support/state-operations.js';

const WRITER = resolve(import.meta.dirname, 'support/state-writer.ts');
const OPERATIONS = 70;
/** `LLMSPELL_CRASH_ROUNDS=1000` runs a thousand; `LLMSPELL_CRASH_SEED` repeats a failing run. */
const ROUNDS = Number(process.env.LLMSPELL_CRASH_ROUNDS ?? 15);
const SEED = Number(process.env.LLMSPELL_CRASH_SEED ?? Date.now() % 1_000_000);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-crash-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Kills a writer some moment after it has said that an operation is done; how many it said were done. */
function crash(place: string, seed: number, killAt: number, delayMs: number) {
  const args = ['--import', 'tsx', WRITER, place, String(seed), String(OPERATIONS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  let waits = false;
  child.stdout.on('data', (data) => {
    out += data;
    if (waits || !out.includes(`ack ${killAt}\n`)) return;
    waits = true;
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  return new Promise<{ done: number; signal: string | null }>((finish) => {
    child.on('close', (_code, signal) => finish({ done: (out.match(/^ack \d+$/gm) ?? []).length, signal }));
  });
}

/** What is there after so many operations, and after one more. */
async function expected(seed: number, done: number): Promise<string[]> {
  const { context } = testContext();
  const model = openWorker(memoryStore(), join(directory, `model-${seed}`));
  const pictures: string[] = [];
  for (let index = 0; index <= done; index++) {
    if (index === done) pictures.push(await picture(model, context));
    if (index < OPERATIONS) await operate(model, { seed, index }, context);
  }
  return [...pictures, await picture(model, context)];
}

describe(`state whose writer is killed (seed ${SEED}, ${ROUNDS} rounds)`, () => {
  test(
    'holds all that was acknowledged, the next operation whole or not at all, and sound backups',
    async () => {
      const random = randomFrom(SEED);
      const plan = Array.from({ length: ROUNDS }, (_, round) => ({
        seed: SEED + round,
        killAt: Math.floor(random() * (OPERATIONS - 2)),
        delayMs: random() * 8,
      }));
      let killed = 0;
      const next = plan.values();
      const work = async () => {
        for (const { seed, killAt, delayMs } of next) {
          const place = join(directory, String(seed));
          const { done, signal } = await crash(place, seed, killAt, delayMs);
          if (signal === 'SIGKILL') killed++;
          await check(place, seed, done);
        }
      };
      await Promise.all([work(), work()]);
      expect(killed).toBeGreaterThan(ROUNDS / 2);
    },
    60_000 + ROUNDS * 5_000,
  );
});

async function check(place: string, seed: number, done: number): Promise<void> {
  const { context } = testContext();
  const about = `seed ${seed}, ${done} operations`;
  const store = await openLmdbStore(join(place, 'state'));
  const survivor = openWorker(store, join(place, 'backups'));
  try {
    expect(await expected(seed, done), about).toContain(await picture(survivor, context));
    for (const { id } of await survivor.backups.list())
      expect(await survivor.backups.validate(id), about).toMatchObject({ is_valid: true });
    await operate(survivor, { seed, index: 2 }, context);
  } finally {
    await store.close();
  }
}
