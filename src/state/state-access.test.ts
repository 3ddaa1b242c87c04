import { describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { float, reference, type ScriptValue } from '../core/values.js';
import { memoryStore } from '../storage/memory.js';
import type { KeyValueStore } from '../storage/store.js';
import { State, type StateOptions } from './state.js';

const conflict = { code: 'state.conflict', hint: expect.any(String) };
const invalid = { code: 'state.invalid' };

function setup(options: StateOptions = {}, store: KeyValueStore = memoryStore()) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const { context, events } = testContext();
  return { state: new State(store, { now: () => clock.now, ...options }), store, context, events, clock };
}

describe('times to live', () => {
  it('end entries, for everybody and in every list', async () => {
    const { state, store, context, clock } = setup();
    await state.save('s', 'short', 1, context, { ttlSeconds: 10 });
    await state.set('long', 2, context, { ttlSeconds: 20.5 });
    await state.set('ever', 3, context);
    clock.now += 9_999;
    expect(await state.keys()).toEqual(['ever', 'long', 's:short']);
    clock.now += 1;
    expect(await state.load('s', 'short', context)).toBeUndefined();
    expect(await state.exists('s', 'short', context)).toBe(false);
    expect(await state.keys()).toEqual(['ever', 'long']);
    clock.now += 10_500;
    expect(await state.all(context)).toEqual({ ever: 3 });
    expect(await store.keys('')).toEqual(['global:ever']);
  });

  it('are those of the last write', async () => {
    const { state, store, context, clock } = setup();
    await state.save('s', 'k', 1, context, { ttlSeconds: 10 });
    await state.save('s', 'k', 2, context, { ttlSeconds: 100 });
    await state.save('s', 'l', 1, context, { ttlSeconds: 10 });
    await state.save('s', 'l', 2, context);
    expect((await store.keys('\u0001')).length).toBe(2);
    clock.now += 50_000;
    expect(await state.listKeys('s')).toEqual(['k', 'l']);
    expect((await store.keys('\u0001')).length).toBe(1);
    clock.now += 100_000;
    expect(await state.listKeys('s')).toEqual(['l']);
    expect(await store.keys('\u0001')).toEqual([]);
  });

  it('count for other processes, too', async () => {
    const { state, store, context, clock } = setup();
    await state.save('s', 'k', 1, context, { ttlSeconds: 10 });
    clock.now += 10_000;
    const other = new State(store, { now: () => clock.now });
    expect(await other.load('s', 'k', context)).toBeUndefined();
    expect(await state.keys()).toEqual([]);
  });

  it('bring nothing back when the clock is set back, not even in another process', async () => {
    const { state, store, context, clock } = setup();
    await state.save('s', 'read', 1, context, { ttlSeconds: 10 });
    await state.save('s', 'listed', 1, context, { ttlSeconds: 10 });
    clock.now += 10_000;
    expect(await state.load('s', 'read', context)).toBeUndefined();
    expect(await state.keys()).toEqual([]);
    clock.now -= 3_600_000;
    expect(await state.load('s', 'read', context)).toBeUndefined();
    expect(await state.keys()).toEqual([]);
    expect(await new State(store, { now: () => clock.now }).keys()).toEqual([]);
  });

  it('are as long as they were given when the clock is set back, and lose nothing', async () => {
    const { state, context, clock } = setup();
    await state.save('s', 'before', 1, context, { ttlSeconds: 10 });
    clock.now -= 3_600_000;
    await state.save('s', 'after', 1, context, { ttlSeconds: 10 });
    clock.now += 9_999;
    expect(await state.listKeys('s')).toEqual(['after', 'before']);
    clock.now += 1;
    expect(await state.listKeys('s')).toEqual([]);
  });

  it('show nothing that has expired when the store can be read only', async () => {
    const store = memoryStore();
    const { state, context, clock } = setup({}, store);
    await state.save('s', 'k', 1, context, { ttlSeconds: 10 });
    store.batchIf = store.delete = async () => {
      throw new Error('read only');
    };
    clock.now += 10_000;
    expect(await state.load('s', 'k', context)).toBeUndefined();
    expect(await state.listKeys('s')).toEqual([]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e11])('cannot be %d seconds', async (ttlSeconds) => {
    const { state, context } = setup();
    await expect(state.save('s', 'k', 1, context, { ttlSeconds })).rejects.toMatchObject(invalid);
    expect(await state.keys()).toEqual([]);
  });
});

describe('compare and set', () => {
  it('stores only what is expected to be replaced', async () => {
    const { state, context } = setup();
    const cas = (expected: ScriptValue, next: ScriptValue) =>
      state.compareAndSet('s', 'k', expected, next, context);
    expect(await cas(1, 2)).toBe(false);
    expect(await cas(null, { a: [1] })).toBe(true);
    expect(await cas(null, 'x')).toBe(false);
    expect(await cas({ a: [2] }, 'x')).toBe(false);
    expect(await cas({ a: [float(1)] }, 'x')).toBe(true);
    expect(await cas('x', null)).toBe(true);
    expect(await state.exists('s', 'k', context)).toBe(false);
    expect(await cas(null, null)).toBe(true);
  });

  it('lets one of many win', async () => {
    const { state, context } = setup();
    const wins = await Promise.all(
      Array.from({ length: 50 }, (_, index) => state.compareAndSet('s', 'k', null, index, context)),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
  });
});

describe('increment', () => {
  it('counts as a script would', async () => {
    const { state, context } = setup();
    const add = (delta: ScriptValue) => state.increment('s', 'k', delta, context);
    expect(await add(1)).toBe(1);
    expect(await add(-3)).toBe(-2);
    expect(await add(2n ** 62n)).toBe(2n ** 62n - 2n);
    expect(await add(-(2n ** 62n))).toBe(-2);
    expect(await add(float(0))).toEqual(float(-2));
    expect(await add(0.5)).toBe(-1.5);
  });

  it('loses nothing to others who count', async () => {
    const { state, store, context } = setup();
    const other = new State(store);
    const adds = Array.from({ length: 100 }, (_, index) =>
      (index % 2 ? state : other).increment('s', 'k', 1, context),
    );
    const sums = await Promise.all(adds);
    expect(new Set(sums).size).toBe(100);
    expect(await state.load('s', 'k', context)).toBe(100);
  });

  it.each<[string, ScriptValue, ScriptValue]>([
    ['text', 'one', 1],
    ['a table', {}, 1],
    ['by text', 1, 'one'],
    ['past 64 bits', 2n ** 63n - 1n, 1],
  ])('refuses to count %s', async (_, value, delta) => {
    const { state, context } = setup();
    await state.save('s', 'k', value, context);
    await expect(state.increment('s', 'k', delta, context)).rejects.toMatchObject(invalid);
    expect(await state.load('s', 'k', context)).toEqual(value);
  });
});

describe('versions', () => {
  it('let a write pass only if nobody else wrote', async () => {
    const { state, context } = setup();
    expect(await state.loadWithVersion('s', 'k', context)).toEqual({ value: undefined, version: 0 });
    const first = await state.saveIfVersion('s', 'k', 'one', 0, context);
    expect(await state.loadWithVersion('s', 'k', context)).toEqual({ value: 'one', version: first });
    await expect(state.saveIfVersion('s', 'k', 'two', 0, context)).rejects.toMatchObject(conflict);
    await state.save('s', 'k', 'one', context);
    await expect(state.saveIfVersion('s', 'k', 'two', first, context)).rejects.toMatchObject(conflict);
    expect(await state.load('s', 'k', context)).toBe('one');
  });

  it('are not the same again when an entry comes back', async () => {
    const { state, context } = setup();
    const first = await state.saveIfVersion('s', 'k', 1, 0, context);
    await state.delete('s', 'k', context);
    await state.save('s', 'k', 1, context);
    await expect(state.saveIfVersion('s', 'k', 2, first, context)).rejects.toMatchObject(conflict);
  });
});

describe('batches', () => {
  it('make all changes in their order', async () => {
    const { state, context, events } = setup();
    await state.save('s', 'gone', 1, context);
    await state.batch(
      [
        { scope: 's', key: 'a', value: 1 },
        { scope: 's', key: 'gone' },
        { scope: 's', key: 'a', value: 2 },
        { scope: 'temp', key: 'x', value: 3, ttlSeconds: 5 },
      ],
      context,
    );
    expect(await state.all(context)).toEqual({ 's:a': 2 });
    expect(await state.load('temp', 'x', context)).toBe(3);
    expect(events.filter(({ type }) => type === 'state.changed')).toHaveLength(5);
  });

  it.each([
    ['a bad key', { scope: 's', key: '', value: 1 }, 'state.invalid_key'],
    ['a value that is none', { scope: 's', key: 'b', value: reference('fn', 1) }, 'value.unsupported'],
    ['a bad time to live', { scope: 's', key: 'b', value: 1, ttlSeconds: -1 }, 'state.invalid'],
  ])('make none for %s', async (_, change, code) => {
    const { state, context } = setup();
    await expect(state.batch([{ scope: 's', key: 'a', value: 1 }, change], context)).rejects.toMatchObject({
      code,
    });
    expect(await state.keys()).toEqual([]);
  });
});

describe('transactions', () => {
  it('show what they gathered to themselves alone, until they commit', async () => {
    const { state, context } = setup();
    await state.set('old', 1, context);
    const transaction = state.begin();
    await transaction.set('new', { deep: [1] }, context);
    await transaction.set('old', null, context);
    await transaction.increment('global', 'n', 5, context);
    expect(await transaction.increment('global', 'n', 1, context)).toBe(6);
    expect(await transaction.keys()).toEqual(['n', 'new']);
    expect(await transaction.all(context)).toEqual({ n: 6, new: { deep: [1] } });
    expect(transaction.size).toBe(3);
    expect(await state.all(context)).toEqual({ old: 1 });
    await transaction.commit(context);
    expect(await state.all(context)).toEqual({ n: 6, new: { deep: [1] } });
    await expect(transaction.commit(context)).rejects.toMatchObject(invalid);
    await expect(transaction.get('n', context)).rejects.toMatchObject(invalid);
  });

  it('leave nothing behind when they are rolled back', async () => {
    const { state, context } = setup();
    const transaction = state.begin();
    await transaction.set('a', 1, context);
    transaction.rollback();
    expect(await state.keys()).toEqual([]);
    expect(() => transaction.rollback()).toThrowError(expect.objectContaining(invalid));
  });

  it('fail whole when something they read was changed meanwhile', async () => {
    const { state, context } = setup();
    await state.set('balance', 10, context);
    const transaction = state.begin();
    const seen = (await transaction.get('balance', context)) as number;
    await transaction.set('balance', seen - 5, context);
    await transaction.set('paid', 5, context);
    await state.set('balance', 7, context);
    expect(await transaction.get('balance', context)).toBe(5);
    await expect(transaction.commit(context)).rejects.toMatchObject(conflict);
    expect(await state.all(context)).toEqual({ balance: 7 });
  });

  it('do not mind what they only wrote', async () => {
    const { state, context } = setup();
    const transaction = state.begin();
    await transaction.set('a', 1, context);
    await state.set('a', 2, context);
    await transaction.commit(context);
    expect(await state.get('a', context)).toBe(1);
  });

  it('keep versions and comparisons inside', async () => {
    const { state, context } = setup();
    const transaction = state.begin();
    const version = await transaction.saveIfVersion('s', 'k', 1, 0, context);
    expect(await transaction.compareAndSet('s', 'k', 1, 2, context)).toBe(true);
    await expect(transaction.saveIfVersion('s', 'k', 3, version, context)).rejects.toMatchObject(conflict);
    expect(await transaction.delete('s', 'k', context)).toBe(true);
    expect(await transaction.delete('s', 'k', context)).toBe(false);
    await transaction.commit(context);
    expect(await state.keys()).toEqual([]);
  });
});

describe('classes of keys', () => {
  it('keep what is ephemeral in memory only, unlisted', async () => {
    const { state, store, context } = setup();
    await state.set('temp:a', 1, context);
    await state.save('workflow:1', 'cache:b', 2, context);
    expect(await state.get('temp:a', context)).toBe(1);
    expect(await state.load('workflow', '1:cache:b', context)).toBe(2);
    expect(await store.keys('')).toEqual([]);
    expect(await state.keys()).toEqual([]);
    expect(await state.increment('temp', 'a', 1, context)).toBe(2);
    expect(await state.delete('temp', 'a', context)).toBe(true);
    expect(await new State(store).load('workflow:1', 'cache:b', context)).toBeUndefined();
  });
});

describe('damaged entries', () => {
  it('are named, listed, and can be replaced and removed', async () => {
    const { state, store, context } = setup();
    await state.set('a', { text: 'a value' }, context);
    const bytes = (await store.get('global:a'))!;
    bytes[bytes.length - 1]! ^= 1;
    for (const key of ['a', 'b', 'c']) await store.set(`global:${key}`, bytes);
    await expect(state.get('a', context)).rejects.toMatchObject({
      code: 'state.corrupt',
      message: expect.stringContaining('global:a'),
    });
    expect(await state.keys()).toEqual(['a', 'b', 'c']);
    await state.set('a', 'new', context);
    expect(await state.delete('global', 'b', context)).toBe(true);
    const { version } = await state.begin().loadWithVersion('global', 'a', context);
    expect(version).toBeGreaterThan(0);
    expect(await state.get('a', context)).toBe('new');
  });
});

describe('re-encryption', () => {
  const keys = ['aa', 'bb'].map((byte) => byte.repeat(32));
  const locked = (...texts: string[]): StateOptions => ({
    encryption: { all: true, sources: [{ name: 'a test', read: async () => texts }] },
  });

  it('locks everything with the newest key, and changes nothing else', async () => {
    const { state: plain, store, context, clock } = setup();
    const now = () => clock.now;
    for (let at = 0; at < 250; at++) await plain.save('s', `k${at}`, { at }, context);
    await plain.save('s', 'short', 1, context, { ttlSeconds: 10 });
    const { version } = await plain.loadWithVersion('s', 'k7', context);
    const old = new State(store, { ...locked(keys[0]!), now });
    expect(await old.reencryptAll()).toEqual({ rewritten: 251, unchanged: 0, unreadable: [] });
    expect(await old.reencryptAll()).toEqual({ rewritten: 0, unchanged: 251, unreadable: [] });
    const both = new State(store, { ...locked(keys[1]!, keys[0]!), now });
    expect(await both.reencryptAll()).toMatchObject({ rewritten: 251 });
    const fresh = new State(store, { ...locked(keys[1]!), now });
    expect(await fresh.load('s', 'k249', context)).toEqual({ at: 249 });
    expect((await fresh.loadWithVersion('s', 'k7', context)).version).toBe(version);
    await expect(old.load('s', 'k7', context)).rejects.toMatchObject({ code: 'state.encrypted' });
    clock.now += 10_000;
    expect(await fresh.exists('s', 'short', context)).toBe(false);
  });

  it('leaves alone what it cannot read, and says so', async () => {
    const { store, context } = setup();
    await new State(store, locked(keys[0]!)).save('s', 'foreign', 1, context);
    const state = new State(store, locked(keys[1]!));
    await state.save('s', 'own', 1, context);
    expect(await state.reencryptAll()).toEqual({ rewritten: 0, unchanged: 1, unreadable: ['s:foreign'] });
  });

  it('gives way to those who write meanwhile', async () => {
    const { state, store, context } = setup();
    for (let at = 0; at < 20; at++) await state.save('s', `k${at}`, at, context);
    const locking = new State(store, locked(keys[0]!));
    const entries = store.entries.bind(store);
    store.entries = async (...args) => {
      const page = await entries(...args);
      await state.save('s', 'k3', 'changed', context);
      return page;
    };
    expect(await locking.reencryptAll()).toEqual({ rewritten: 20, unchanged: 0, unreadable: [] });
    expect(await locking.load('s', 'k3', context)).toBe('changed');
  });
});

describe('waiting', () => {
  it('gives what is there at once, and nothing in the end', async () => {
    const { state, context } = setup();
    await state.set('a', false, context);
    expect(await state.waitFor('global', 'a', 0, context)).toBe(false);
    expect(await state.waitFor('global', 'b', 1, context)).toBeUndefined();
  });

  it('wakes at a change of another process, and of this', async () => {
    const { state, store, context } = setup();
    const own = state.waitFor('global', 'own', 60_000, context);
    const foreign = state.waitFor('global', 'foreign', 60_000, context);
    await state.set('own', 1, context);
    await new State(store).set('foreign', 2, context);
    expect(await Promise.all([own, foreign])).toEqual([1, 2]);
  });

  it('ends with its run', async () => {
    const abort = new AbortController();
    const { context } = testContext({ signal: abort.signal });
    const waiting = setup().state.waitFor('global', 'a', 60_000, context);
    abort.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    await expect(setup().state.waitFor('global', 'a', 60_000, context)).rejects.toThrow('interrupted');
  });

  it('refuses a wait that is none', async () => {
    const { state, context } = setup();
    await expect(state.waitFor('global', 'a', -1, context)).rejects.toMatchObject(invalid);
    await expect(state.waitFor('global', 'a', Number.NaN, context)).rejects.toMatchObject(invalid);
  });
});
