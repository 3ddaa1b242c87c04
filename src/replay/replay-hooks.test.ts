import { describe, expect, test } from 'vitest';
import type { EventBody, JournalEvent } from '../core/events.js';
import { recordedHooks } from './recorded-hook.js';
import { type AskHook, type HookReplayOptions, replayHooks } from './replay-hooks.js';

let seq = 0;
const event = (body: EventBody, run = 'run_1'): JournalEvent => ({
  ...body,
  run,
  seq: ++seq,
  path: 'run',
  time: seq,
});
const hook = (name: string, more: object = {}, run?: string) =>
  event(
    {
      type: 'hook.executed',
      point: 'P',
      hook: name,
      result: 'success',
      durationMs: 1,
      input: { n: 1 },
      ...more,
    } as EventBody,
    run,
  );
const session = (id: string, change: 'started' | 'left' | 'created', run?: string) =>
  event({ type: 'session.changed', session: id, change }, run);

describe('the recorded hooks', () => {
  test('belong to the session in which their run worked then', () => {
    const events = [
      hook('a'),
      session('s', 'created'),
      hook('b'),
      session('s', 'started'),
      hook('c'),
      hook('other', {}, 'run_2'),
      session('t', 'started'),
      hook('d'),
      session('t', 'left'),
      hook('e'),
    ];
    const found = recordedHooks(events.toReversed());
    expect(found.filter(({ run }) => run === 'run_1').map((one) => [one.hook, one.session])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', 's'],
      ['d', 't'],
      ['e', undefined],
    ]);
  });

  test('know their place at each reaching of the point', () => {
    const found = recordedHooks([hook('a'), hook('b'), hook('a'), hook('b'), hook('c')]);
    expect(found.map(({ place }) => place)).toEqual([0, 1, 0, 1, 2]);
  });

  test('without their input are left out', () => {
    expect(recordedHooks([hook('a', { input: undefined }), hook('b')]).map(({ hook: id }) => id)).toEqual([
      'b',
    ]);
  });
});

describe('a replay', () => {
  const recorded = recordedHooks([
    hook('a'),
    hook('b', { output: { kind: 'cancel', reason: 'no' } }),
    hook('c', { error: { code: 'hook.failed', message: 'boom' } }),
  ]);
  const options: HookReplayOptions = { mode: 'exact', compareResults: true, stopOnError: false, changes: [] };
  const same: AskHook = async ({ answer, error }) => ({ answer, durationMs: 1, ...(error && { error }) });

  test('in which all is as it was', async () => {
    const all = await replayHooks(recorded, options, same);
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  test('tells each difference, and what has no handler any more', async () => {
    const ask: AskHook = async (one) =>
      one.hook === 'a' ? undefined : { answer: { kind: 'continue' }, durationMs: 1 };
    const all = await replayHooks(recorded, options, ask);
    expect(all.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(all[0]!.differences[0]!.description).toContain('no handler at P stands for a now');
    expect(all[1]!.differences.map(({ path }) => path)).toEqual(['kind', 'reason']);
    expect(await replayHooks(recorded, { ...options, stopOnError: true }, ask)).toHaveLength(1);
  });

  test('that does not compare minds only new failures', async () => {
    const error = { code: 'hook.timeout', message: 'late' } as const;
    const ask: AskHook = async (one) =>
      one.hook === 'a'
        ? { answer: { error: error.code }, error, durationMs: 1 }
        : { answer: 7, durationMs: 1 };
    const all = await replayHooks(recorded, { ...options, compareResults: false }, ask);
    expect(all.map(({ ok, differences }) => [ok, differences.length])).toEqual([
      [false, 0],
      [true, 0],
      [true, 0],
    ]);
  });

  test('with changes asks something else, and other answers are no failure', async () => {
    const asked: unknown[] = [];
    const ask: AskHook = async (_one, input) => {
      asked.push(input);
      return { answer: { kind: 'replace', data: 1 }, durationMs: 1 };
    };
    const changes = [
      { path: 'data.n', value: 5 },
      { path: 'data.more.deep', value: [1] },
    ];
    const all = await replayHooks(recorded.slice(0, 1), { ...options, mode: 'modified', changes }, ask);
    expect(asked).toEqual([{ n: 5, more: { deep: [1] } }]);
    expect(all[0]).toMatchObject({ ok: true, differences: [{}, {}] });
  });

  test('that simulates asks nothing', async () => {
    const all = await replayHooks(recorded, { ...options, mode: 'simulate' }, () =>
      Promise.reject(new Error('asked')),
    );
    expect(all.map(({ ok }) => ok)).toEqual([true, true, false]);
  });
});
