import {
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalEvent, noUsage } from '../core/events.js';
import { journalCases } from './journal.case.js';
import { fileJournal } from './journal-files.js';
import { memoryJournal } from './journal-memory.js';
import type { JournalStore } from './journal-store.js';

let directory: string;
let ids = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-journal-'));
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true, force: true });
});

function open(options: Partial<Parameters<typeof fileJournal>[0]> = {}): JournalStore {
  const newId = () => `id${String(ids++).padStart(6, '0')}`;
  return fileJournal({
    directory,
    owner: 'k',
    host: 'here',
    now: Date.now,
    newId,
    leaseMs: 30_000,
    ...options,
  });
}

function event(run: string, seq: number, text = 'x'): JournalEvent {
  return { run, seq, path: 'run', time: Date.now(), type: 'output', stream: 'stdout', text };
}
const started = (run: string): JournalEvent =>
  ({ ...event(run, 1), type: 'run.started', kind: 'script', name: 'a' }) as never;
const finished = (run: string, seq: number): JournalEvent =>
  ({ ...event(run, seq), type: 'run.finished', ok: true, durationMs: 1, usage: noUsage() }) as never;

async function all(store: JournalStore, run: string): Promise<JournalEvent[]> {
  const found: JournalEvent[] = [];
  for await (const one of store.events(run)) found.push(one);
  return found;
}

async function write(store: JournalStore, run: string, count: number): Promise<void> {
  const writer = store.open({ run, session: 's', tenant: 't' });
  writer.append(started(run));
  for (let seq = 2; seq < count; seq++) writer.append(event(run, seq));
  writer.append(finished(run, count));
  await writer.flushed();
  await writer.close();
}

const segments = async () => (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();

journalCases('memory', async (now) => ({ store: memoryJournal(now), cleanUp: async () => {} }));
journalCases('file', async (now) => {
  const store = open({ now });
  return { store, cleanUp: () => store.close() };
});

describe('journal in files', () => {
  it('is found by another store, and by one that opens later', async () => {
    const [one, two] = [open(), open()];
    await Promise.all([write(one, 'run_a', 5), write(two, 'run_b', 6)]);
    expect((await one.runs()).map(({ run, events }) => `${run} ${events}`).sort()).toEqual([
      'run_a 5',
      'run_b 6',
    ]);
    await Promise.all([one.close(), two.close()]);
    const three = open();
    expect((await three.runs()).length).toBe(2);
    expect((await all(three, 'run_b')).length).toBe(6);
    await three.close();
  });

  it('can be read by nobody else', async () => {
    const store = open();
    await write(store, 'run_a', 3);
    const { mode } = await (await import('node:fs/promises')).stat(join(directory, (await segments())[0]!));
    expect(mode & 0o077).toBe(0);
    await store.close();
  });

  it('begins a new segment when one is full, and lets go of the full one', async () => {
    const store = open({ segmentBytes: 1000 });
    for (let i = 0; i < 5; i++) await write(store, `run_${i}`, 10);
    expect((await segments()).length).toBeGreaterThan(3);
    expect((await store.runs()).length).toBe(5);
    await store.close();
  });

  it('gives the whole lines of a segment that was cut anywhere', async () => {
    const store = open();
    await write(store, 'run_a', 6);
    await store.close();
    const path = join(directory, (await segments())[0]!);
    const bytes = await readFile(path);
    const lines = bytes.toString().split('\n').length;
    let most = 0;
    for (let length = bytes.length; length >= 0; length--) {
      await truncate(path, length);
      const reader = open();
      const record = await reader.run('run_a');
      const events = record ? await all(reader, 'run_a') : [];
      const complete = bytes.subarray(0, length).toString().split('\n').length - 1;
      expect(events.length).toBe(Math.max(0, complete - 2));
      if (record) expect(record.status).toBe(events.length === 6 ? 'completed' : 'running');
      most = Math.max(most, complete);
      await reader.close();
    }
    expect(most).toBe(lines - 1);
  });

  it('tells what is damaged, and what is missing between others', async () => {
    const damage = async (change: (lines: string[]) => void) => {
      const store = open();
      const found: string[] = [];
      const path = join(directory, (await segments())[0]!);
      const good = await readFile(path, 'utf8');
      const lines = good.split('\n');
      change(lines);
      await writeFile(path, lines.join('\n'));
      for await (const { line, problem } of store.verify()) found.push(`${line} ${problem}`);
      await writeFile(path, good);
      await store.close();
      return found;
    };
    const store = open();
    await write(store, 'run_a', 5);
    await store.close();
    expect(await damage(() => {})).toEqual([]);
    expect(await damage((lines) => void (lines[3] = '{"run"'))).toEqual([
      '4 cannot be read: "{\\"run\\""',
      '5 event 2 of run_a is missing before event 3',
    ]);
    expect(await damage((lines) => void lines.splice(4, 1))).toEqual([
      '5 event 3 of run_a is missing before event 4',
    ]);
    expect(await damage((lines) => void (lines[lines.length - 1] = '{"torn'))).toEqual([]);
  });

  it('skips damaged lines and keeps those around them', async () => {
    const store = open();
    await write(store, 'run_a', 4);
    await store.close();
    const path = join(directory, (await segments())[0]!);
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[3] = '{"run":"run_a","seq":2,"type"';
    await writeFile(path, lines.join('\n'));
    const reader = open();
    expect((await all(reader, 'run_a')).map(({ seq }) => seq)).toEqual([1, 3, 4]);
    await reader.close();
  });

  it('finds anew what is kept beside a segment when that is damaged or older', async () => {
    const store = open({ host: 'elsewhere', leaseMs: 0 });
    await write(store, 'run_a', 4);
    await store.close();
    const [name] = await segments();
    const kept = join(directory, name!.replace('.jsonl', '.runs'));
    const reader = open({ leaseMs: -1 });
    await reader.runs();
    expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ runs: [{ run: 'run_a', events: 4 }] });
    await writeFile(kept, '{"size":');
    expect((await open({ leaseMs: -1 }).runs()).length).toBe(1);
    await appendFile(join(directory, name!), `${JSON.stringify({ open: 'run_b', session: 's', time: 1 })}\n`);
    expect((await open({ leaseMs: -1 }).runs()).length).toBe(2);
    await reader.close();
  });

  it('takes a run for stale when its process is gone or gives no sign', async () => {
    const store = open();
    const writer = store.open({ run: 'run_a', session: 's', tenant: 't' });
    writer.append(started('run_a'));
    await writer.flushed();
    expect(await store.run('run_a')).toMatchObject({
      status: 'running',
      lease: { pid: process.pid, host: 'here' },
    });
    const path = join(directory, (await segments())[0]!);
    await utimes(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    expect(await open().run('run_a')).toMatchObject({ status: 'stale' });
    // The clock went backwards since the last sign: no reason to give up a run.
    await utimes(path, new Date(Date.now() + 3_600_000), new Date(Date.now() + 3_600_000));
    expect(await open().run('run_a')).toMatchObject({ status: 'running' });
    const text = (await readFile(path, 'utf8')).replace(`"pid":${process.pid}`, '"pid":2147483646');
    await writeFile(path, text);
    expect(await open().run('run_a')).toMatchObject({ status: 'stale' });
    await store.close();
  });

  it('renews the lease while a run is open, and only then', async () => {
    const store = open({ leaseMs: 30 });
    const writer = store.open({ run: 'run_a', session: 's', tenant: 't' });
    writer.append(started('run_a'));
    await writer.flushed();
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await store.run('run_a');
    }
    const before = (await store.run('run_a'))!.lease!.renewedAt;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await store.run('run_a'))!.lease!.renewedAt).toBeGreaterThan(before);
    await store.close();
  });

  it('forgets whole segments whose runs are all old', async () => {
    const store = open();
    await write(store, 'run_a', 3);
    await store.close();
    const reader = open({ leaseMs: -1 });
    expect(await reader.prune(Date.now() - 10_000)).toBe(0);
    expect(await reader.prune(Date.now() + 10_000)).toBe(1);
    expect(await readdir(directory)).toEqual([]);
    await reader.close();
  });

  it.skipIf(process.getuid?.() === 0)('says so when it may not write', async () => {
    await chmod(directory, 0o500);
    await expect(write(open(), 'run_a', 3)).rejects.toMatchObject({ code: 'storage.failed' });
  });

  it('says so when it cannot write, and keeps what was acknowledged', async () => {
    const store = open({ directory: join(directory, 'file', 'sub') });
    await writeFile(join(directory, 'file'), '');
    const writer = store.open({ run: 'run_a', session: 's', tenant: 't' });
    writer.append(started('run_a'));
    await expect(writer.flushed()).rejects.toMatchObject({
      code: 'storage.failed',
      hint: expect.any(String),
    });
    await expect(writer.flushed()).rejects.toMatchObject({ code: 'storage.failed' });
    await writer.close();
    await store.close();
  });

  it('serves many runs with few syncs', async () => {
    const store = open();
    await Promise.all(Array.from({ length: 100 }, (_, i) => write(store, `run_${i}`, 20)));
    expect((await segments()).length).toBe(1);
    expect((await store.runs()).every(({ events }) => events === 20)).toBe(true);
    await store.close();
  });
});
