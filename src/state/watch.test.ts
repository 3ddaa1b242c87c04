import { afterEach, describe, expect, it, vi } from 'vitest';
import { fail } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import { memoryStore } from '../storage/memory.js';
import { State } from './state.js';
import type { StateChange } from './watch.js';

/** Lets everything happen that waits for nothing else. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setup() {
  const { context, events } = testContext();
  const clock = { now: 0 };
  const seen: string[] = [];
  const note = async ({ key, operation, value }: StateChange) => {
    seen.push(`${operation} ${key}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`);
  };
  const warnings = () => events.flatMap((event) => (event.type === 'log' ? event.message : []));
  return { state: new State(memoryStore(), { now: () => clock.now }), context, clock, seen, note, warnings };
}

afterEach(() => vi.useRealTimers());

describe('watching', () => {
  it('tells of every change in its scope that matches, in order', async () => {
    const { state, context, seen, note } = setup();
    state.watch('agent:qa', 'm*', note, context);
    await state.save('agent:qa', 'mood', 'good', context);
    await state.save('agent', 'qa:memory', [1], context);
    await state.save('agent:qa', 'other', 1, context);
    await state.save('agent:qab', 'mood', 1, context);
    await state.delete('agent:qa', 'mood', context);
    await state.delete('agent:qa', 'missing', context);
    await state.batch(
      [
        { scope: 'agent:qa', key: 'm1', value: 1 },
        { scope: 'agent:qa', key: 'm2' },
      ],
      context,
    );
    const transaction = state.begin();
    await transaction.save('agent:qa', 'm3', 3, context);
    await settled();
    expect(seen).toEqual(['set mood "good"', 'set memory [1]', 'delete mood', 'set m1 1', 'delete m2']);
    await transaction.commit(context);
    await settled();
    expect(seen.at(-1)).toBe('set m3 3');
  });

  it('tells of what expires, and of what is only in memory', async () => {
    const { state, context, clock, seen, note } = setup();
    state.watch('temp', '*', note, context);
    state.watch('s', '*', note, context);
    await state.save('temp', 'a', 1, context);
    await state.save('s', 'b', 1, context, { ttlSeconds: 1 });
    clock.now += 1000;
    await state.listKeys('s');
    await settled();
    expect(seen).toEqual(['set a 1', 'set b 1', 'expire b']);
  });

  it('tells the one who writes before the write returns', async () => {
    const { state, context, seen, note } = setup();
    state.watch('s', '*', note, context);
    await state.save('s', 'a', 1, context);
    expect(seen).toEqual(['set a 1']);
  });

  it('ends when it is told to, once', async () => {
    const { state, context, seen, note } = setup();
    const ended = vi.fn();
    const watch = state.watch('s', '*', note, context, ended);
    expect([watch.active, watch.unsubscribe(), watch.unsubscribe(), watch.active]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await state.save('s', 'a', 1, context);
    await settled();
    expect(seen).toEqual([]);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('refuses a scope that cannot be', () => {
    const { state, context, note } = setup();
    expect(() => state.watch('', '*', note, context)).toThrowError(
      expect.objectContaining({ code: 'state.invalid_key' }),
    );
  });
});

describe('a handler', () => {
  it('that fails is warned of, and called again', async () => {
    const { state, context, warnings } = setup();
    let calls = 0;
    state.watch('s', '*', async () => Promise.reject(fail('script.error', `boom ${++calls}`)), context);
    await state.save('s', 'a', 1, context);
    await state.save('s', 'b', 1, context);
    await settled();
    expect(warnings()).toEqual([1, 2].map((n) => `A handler of State.watch failed: boom ${n}`));
  });

  it('whose script is gone is forgotten, quietly', async () => {
    const { state, context, warnings } = setup();
    const gone = async () => Promise.reject(fail('session.closed', 'The session is closed'));
    const watch = state.watch('s', '*', gone, context);
    await state.save('s', 'a', 1, context);
    await settled();
    expect(watch.active).toBe(false);
    expect(warnings()).toEqual([]);
  });

  it('that is slow misses the oldest changes, and hears how many', async () => {
    const { state, context } = setup();
    const changes: StateChange[] = [];
    let go = () => {};
    const ready = new Promise<void>((resolve) => {
      go = resolve;
    });
    state.watch(
      's',
      '*',
      async (change) => {
        changes.push(change);
        await ready;
      },
      context,
    );
    for (let at = 0; at < 1005; at++) await state.save('s', 'k', at, context);
    go();
    await settled();
    expect(changes).toHaveLength(1001);
    expect(changes[0]).toMatchObject({ value: 0, missed: 0 });
    expect(changes[1]).toMatchObject({ value: 5, missed: 4 });
    expect(changes.at(-1)!.value).toBe(1004);
    expect(changes.reduce((sum, { missed }) => sum + missed, 0)).toBe(4);
  });

  it('that never returns holds up nobody, and is given up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { state, context, seen, note, warnings } = setup();
    const watch = state.watch('s', '*', () => new Promise(() => {}), context);
    state.watch('s', '*', note, context);
    await state.save('s', 'a', 1, context);
    await state.save('s', 'b', 1, context);
    await settled();
    expect(seen).toEqual(['set a 1', 'set b 1']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(watch.active).toBe(false);
    expect(warnings()).toEqual(['A State.watch subscription was ended: it did not return within 30 seconds']);
  });

  it('that causes what it watches is given up', async () => {
    const { state, context, warnings } = setup();
    const watch = state.watch(
      's',
      '*',
      async () => void (await state.increment('s', 'n', 1, context)),
      context,
    );
    await state.save('s', 'n', 0, context);
    for (let turn = 0; turn < 100 && watch.active; turn++) await settled();
    expect(watch.active).toBe(false);
    expect(warnings()).toHaveLength(1);
    expect(await state.load('s', 'n', context)).toBe(17);
  });
});
