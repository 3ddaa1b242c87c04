import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventBody, type JournalEvent, noUsage } from '../core/events.js';
import { Journal } from '../core/journal.js';
import type { JournalStore, RunWriter } from './journal-store.js';

/** A store under test, and how the test is cleaned up. */
export interface JournalUnderTest {
  store: JournalStore;
  /** Contract: closes what was opened and removes what was made. */
  cleanUp(): Promise<void>;
}

const START = { type: 'run.started', kind: 'script', name: 'hello.lua', language: 'lua' } satisfies EventBody;
const END = { type: 'run.finished', ok: true, durationMs: 5, usage: noUsage() } satisfies EventBody;
const FAILED = { ...END, ok: false, error: { code: 'script.error', message: 'no' } } satisfies EventBody;

/** What every journal does, whatever it is kept in. */
export function journalCases(name: string, make: (now: () => number) => Promise<JournalUnderTest>): void {
  describe(`${name} journal`, () => {
    let now: number;
    let test: JournalUnderTest;
    beforeEach(async () => {
      now = Date.now();
      test = await make(() => now);
    });
    afterEach(() => test.cleanUp());

    const begin = (
      run: string,
      session = 's',
    ): { writer: RunWriter; emit(body: EventBody): JournalEvent } => {
      const writer = test.store.open({ run, session, tenant: 'default' });
      const journal = new Journal(run, () => now);
      journal.subscribe((event) => writer.append(event));
      return { writer, emit: (body) => journal.append('run', body) };
    };
    const whole = async (run: string, ...bodies: EventBody[]) => {
      const { writer, emit } = begin(run);
      const events = bodies.map(emit);
      await writer.flushed();
      await writer.close();
      return events;
    };
    const read = async (run: string, from?: number) => {
      const found: JournalEvent[] = [];
      for await (const event of test.store.events(run, from)) found.push(event);
      return found;
    };

    it('gives back what it was given, in order', async () => {
      const text: EventBody = { type: 'output', stream: 'stdout', text: 'grüße\n\u2028 "x" 😀' };
      const events = await whole('run_a', START, text, END);
      expect(await read('run_a')).toEqual(events);
      expect(await read('run_a', 3)).toEqual(events.slice(2));
      expect(await read('run_b')).toEqual([]);
    });

    it('tells runs at a glance, newest first', async () => {
      await whole('run_a', START, END);
      now += 1000;
      await whole('run_b', { ...START, kind: 'tool', name: 'calculator' }, FAILED);
      expect(await test.store.runs()).toMatchObject([
        {
          run: 'run_b',
          kind: 'tool',
          name: 'calculator',
          status: 'failed',
          error: { code: 'script.error' },
          events: 2,
        },
        {
          run: 'run_a',
          name: 'hello.lua',
          language: 'lua',
          status: 'completed',
          durationMs: 5,
          kernelSession: 's',
        },
      ]);
      expect(await test.store.run('run_a')).toMatchObject({ status: 'completed', usage: noUsage() });
      expect(await test.store.run('run_x')).toBeUndefined();
    });

    it('finds runs by status, name, session and time', async () => {
      await whole('run_a', START, { type: 'session.changed', session: 'u-1', change: 'started' }, END);
      const first = now;
      now += 1000;
      await whole('run_b', { ...START, name: 'other.js' }, FAILED);
      const ids = async (query: object) => (await test.store.runs(query)).map(({ run }) => run);
      expect(await ids({ status: 'failed' })).toEqual(['run_b']);
      expect(await ids({ name: 'hello' })).toEqual(['run_a']);
      expect(await ids({ session: 'u-1' })).toEqual(['run_a']);
      expect(await ids({ session: 's' })).toEqual(['run_b', 'run_a']);
      expect(await ids({ since: now })).toEqual(['run_b']);
      expect(await ids({ until: first })).toEqual(['run_a']);
      expect(await ids({ limit: 1 })).toEqual(['run_b']);
    });

    it('says that a run is running while it is, and stale when it was given up', async () => {
      const { writer, emit } = begin('run_a');
      emit(START);
      await writer.flushed();
      expect(await test.store.run('run_a')).toMatchObject({ status: 'running', events: 1 });
      await writer.close();
      expect(await test.store.run('run_a')).toMatchObject({ status: 'stale' });
    });

    it('keeps runs apart that happen at once', async () => {
      const [a, b] = [begin('run_a'), begin('run_b')];
      const mine = [a.emit(START)];
      b.emit(START);
      mine.push(a.emit(END));
      b.emit(END);
      await Promise.all([a.writer.flushed(), b.writer.flushed()]);
      expect(await read('run_a')).toEqual(mine);
      expect((await read('run_b')).every(({ run }) => run === 'run_b')).toBe(true);
    });

    it('searches events by name, run, session, time and correlation', async () => {
      const published = (name: string, correlationId: string): EventBody => ({
        type: 'event.published',
        id: name,
        name,
        correlationId,
      });
      await whole('run_a', START, published('job.done', 'c1'), published('job.failed', 'c2'), END);
      now += 1000;
      const in_u: EventBody = { type: 'session.changed', session: 'u-1', change: 'started' };
      await whole('run_b', START, in_u, published('job.done', 'c3'), END);
      const names = async (query: object) =>
        (await test.store.search(query)).map((event) =>
          event.type === 'event.published' ? event.correlationId : event.type,
        );
      expect(await names({ pattern: 'job.*' })).toEqual(['c1', 'c2', 'c3']);
      expect(await names({ pattern: '*.done', limit: 1 })).toEqual(['c3']);
      expect(await names({ pattern: 'job.*', run: 'run_b' })).toEqual(['c3']);
      expect(await names({ pattern: 'job.*', session: 'u-1' })).toEqual(['c3']);
      expect(await names({ pattern: 'job.*', since: now })).toEqual(['c3']);
      expect(await names({ correlationId: 'c2' })).toEqual(['c2']);
      expect(await names({ pattern: 'run.finished' })).toEqual(['run.finished', 'run.finished']);
      expect(await names({ limit: 0 })).toEqual([]);
    });

    it('forgets what is old, and nothing that runs', async () => {
      await whole('run_a', START, END);
      const running = begin('run_b');
      running.emit(START);
      await running.writer.flushed();
      expect(await test.store.prune(now - 1000)).toBe(0);
      expect((await test.store.runs()).length).toBe(2);
    });

    it('refuses everything once it is closed', async () => {
      await test.store.close();
      await expect(test.store.runs()).rejects.toMatchObject({ code: 'storage.unavailable' });
      expect(() => test.store.open({ run: 'r', session: 's', tenant: 't' })).toThrowError(
        expect.objectContaining({ code: 'storage.unavailable' }),
      );
    });
  });
}
