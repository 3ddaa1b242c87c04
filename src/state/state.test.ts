import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { float, isFloat, reference, type ScriptValue } from '../core/values.js';
import { openLmdbStore } from '../storage/lmdb.js';
import { memoryStore } from '../storage/memory.js';
import { tenantStore } from '../storage/prefixed.js';
import { State } from './state.js';

function setup() {
  const { context, events } = testContext();
  const store = memoryStore();
  const changes = () =>
    events
      .filter((event) => event.type === 'state.changed')
      .map(({ scope, key, operation }) => `${operation} ${scope}|${key}`);
  return { state: new State(store), store, context, changes };
}

describe('State', () => {
  it('loads what was saved, lists it, and forgets what was deleted', async () => {
    const { state, context } = setup();
    await state.save('global', 'v', { a: 1 }, context);
    expect(await state.load('global', 'v', context)).toEqual({ a: 1 });
    expect(await state.listKeys('global')).toEqual(['v']);
    expect(await state.delete('global', 'v', context)).toBe(true);
    expect(await state.delete('global', 'v', context)).toBe(false);
    expect(await state.load('global', 'v', context)).toBeUndefined();
    expect(await state.listKeys('global')).toEqual([]);
  });

  it('finds one entry under all its spellings', async () => {
    const { state, context } = setup();
    await state.save('custom', ':checkpoint:x', 7, context);
    expect(await state.load('custom', 'checkpoint:x', context)).toBe(7);
    expect(await state.load('custom:', 'checkpoint:x', context)).toBe(7);
    expect(await state.load('custom:checkpoint', 'x', context)).toBe(7);
    expect(await state.get('custom:checkpoint:x', context)).toBe(7);
    expect(await state.get('custom::checkpoint:x', context)).toBe(7);
    expect(await state.listKeys('custom:')).toEqual(['checkpoint:x']);
    expect(await state.listKeys('custom:checkpoint')).toEqual(['x']);
    expect(await state.keys()).toEqual(['custom:checkpoint:x']);
  });

  it('keeps bare flat keys in the scope global', async () => {
    const { state, context } = setup();
    await state.set('queue_lock', false, context);
    expect(await state.get('queue_lock', context)).toBe(false);
    expect(await state.load('global', 'queue_lock', context)).toBe(false);
    expect(await state.get('global:queue_lock', context)).toBe(false);
    expect(await state.keys()).toEqual(['queue_lock']);
  });

  it('removes with set(key, null), but saves null', async () => {
    const { state, context } = setup();
    await state.set('a', 1, context);
    await state.set('a', null, context);
    await state.save('global', 'b', null, context);
    expect(await state.get('a', context)).toBeUndefined();
    expect(await state.get('b', context)).toBeNull();
    expect(await state.keys()).toEqual(['b']);
  });

  it('shares one space with the helpers for workflows, agents and tools', async () => {
    const { state, context } = setup();
    await state.save('workflow', 'p:status', 'done', context);
    await state.save('workflow:p', 'fetch', 'ok', context);
    await state.save('workflow:pq', 'other', 'no', context);
    expect(await state.workflowGet('p', 'status', context)).toBe('done');
    expect(await state.workflowList('p')).toEqual(['fetch', 'status']);
    await state.agentSet('a1', 'n', 5, context);
    expect(await state.agentGet('a1', 'n', context)).toBe(5);
    expect(await state.get('agent:a1:n', context)).toBe(5);
    await state.toolSet('t', 'n', 6, context);
    expect(await state.toolGet('t', 'n', context)).toBe(6);
    await expect(state.workflowList('')).rejects.toMatchObject({ code: 'state.invalid_key' });
  });

  it('gives copies', async () => {
    const { state, context } = setup();
    const value = { list: [1] };
    await state.set('v', value, context);
    value.list.push(2);
    const loaded = (await state.get('v', context)) as { list: number[] };
    expect(loaded).toEqual({ list: [1] });
    loaded.list.push(3);
    expect(await state.get('v', context)).toEqual({ list: [1] });
  });

  it('gives all entries by flat key, whatever they are called', async () => {
    const { state, context } = setup();
    await state.set('a', [], context);
    await state.set('__proto__', { own: true }, context);
    await state.save('x:y', ':z', float(1), context);
    const all = await state.all(context);
    expect(Object.keys(all)).toEqual(['__proto__', 'a', 'x:y:z']);
    expect(Object.getOwnPropertyDescriptor(all, '__proto__')!.value).toEqual({ own: true });
    expect(isFloat(all['x:y:z'])).toBe(true);
  });

  it('journals every change that is made, and only those', async () => {
    const { state, context, changes } = setup();
    await state.set('a', 1, context);
    await state.save('agent:1', 'k', 1, context);
    await state.delete('missing', 'k', context);
    await state.set('missing', null, context);
    await state.set('a', null, context);
    await expect(state.set('a', reference('fn', 1), context)).rejects.toMatchObject({
      code: 'value.unsupported',
    });
    expect(changes()).toEqual(['set global|a', 'set agent|1:k', 'delete global|a']);
  });

  it('keeps the old value when the new one is refused', async () => {
    const { store, context } = setup();
    const state = new State(store, { maxValueBytes: 100 });
    await state.set('a', 'short', context);
    await expect(state.set('a', 'x'.repeat(200), context)).rejects.toMatchObject({
      code: 'state.value_too_large',
    });
    expect(await state.get('a', context)).toBe('short');
  });

  it('refuses bad keys everywhere', async () => {
    const { state, context } = setup();
    const refused = { code: 'state.invalid_key' };
    await expect(state.save('', 'k', 1, context)).rejects.toMatchObject(refused);
    await expect(state.load('s', '', context)).rejects.toMatchObject(refused);
    await expect(state.delete('s', 'a\nb', context)).rejects.toMatchObject(refused);
    await expect(state.listKeys('')).rejects.toMatchObject(refused);
    await expect(state.get('', context)).rejects.toMatchObject(refused);
    await expect(state.set('x'.repeat(300), 1, context)).rejects.toMatchObject(refused);
  });

  it('keeps tenants apart', async () => {
    const { store, context } = setup();
    const [one, two] = ['one', 'two'].map((tenant) => new State(tenantStore(store, tenant)));
    await one!.set('k', 1, context);
    expect(await two!.get('k', context)).toBeUndefined();
    expect(await two!.keys()).toEqual([]);
    await two!.set('k', 2, context);
    expect(await one!.get('k', context)).toBe(1);
  });
});

describe('State, property: every way to an entry leads to the same entry', () => {
  const scopes = ['global', 'a', 'a:', 'a:b', 'a::', 'custom'];
  const keys = ['k', ':k', '::k', 'b:k', 'k:', 'b::k', ' ', 'ä', 'global:k', '__proto__'];
  const pairs = scopes.flatMap((scope) => keys.map((key) => ({ scope, key })));

  it.each(pairs)('$scope | $key', async ({ scope, key }) => {
    const { state, context } = setup();
    for (const other of pairs) await state.save(other.scope, other.key, 'other', context);
    const count = (await state.keys()).length;
    const value: ScriptValue = { scope, key };
    await state.save(scope, key, value, context);
    expect(await state.load(scope, key, context)).toEqual(value);

    const listed: string[] = [];
    for (const candidate of await state.listKeys(scope)) {
      const loaded = await state.load(scope, candidate, context);
      if (loaded !== 'other') listed.push(candidate);
      expect(loaded).toBeDefined();
    }
    expect(listed).toHaveLength(1);
    const flat = Object.entries(await state.all(context)).filter(([, stored]) => stored !== 'other');
    expect(flat).toHaveLength(1);
    expect(await state.get(flat[0]![0], context)).toEqual(value);
    expect(await state.keys()).toHaveLength(count);

    expect(await state.delete(scope, listed[0]!, context)).toBe(true);
    expect(await state.get(flat[0]![0], context)).toBeUndefined();
    expect(await state.load(scope, key, context)).toBeUndefined();
    expect(await state.keys()).toHaveLength(count - 1);
  });
});

describe('State on LMDB', () => {
  it('outlives the process’s handle, kinds of values included', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'llmspell-'));
    const { context } = testContext();
    const value = { float: float(2), big: 2n ** 60n, bytes: new Uint8Array([255]), none: null };
    let store = await openLmdbStore(directory);
    await new State(store).save('global', 'v', value, context);
    await store.close();
    store = await openLmdbStore(directory);
    expect(await new State(store).get('v', context)).toEqual(value);
    await store.close();
    await rm(directory, { recursive: true });
  });
});
