import { describe, expect, it } from 'vitest';
import type { HookGate } from '../core/component.js';
import type { HookPoint } from '../core/hook-points.js';
import type { HookOutcome } from '../core/hooks.js';
import { testContext } from '../core/testing.js';
import { float, type JsonObject, type ScriptValue } from '../core/values.js';
import { memoryStore } from '../storage/memory.js';
import { State } from './state.js';

type Answer = (data: JsonObject) => Partial<HookOutcome> | undefined;

/** A state whose hook points answer as told, and everything they were fired with. */
function setup(answers: Partial<Record<HookPoint, Answer>>) {
  const fired: [point: string, data: JsonObject][] = [];
  const hooks: HookGate = {
    has: (point) => Object.hasOwn(answers, point),
    fire: async (point, _subject, data) => {
      fired.push([point, data]);
      return { kind: 'continue', data, hook: 'test', ...answers[point]!(data) } as HookOutcome;
    },
  };
  const { context, events } = testContext({ hooks });
  return { state: new State(memoryStore()), context, plain: testContext().context, fired, events };
}

const watch: Answer = () => undefined;

describe('hook points around writes', () => {
  it('are told what was and what is to be, and what became of it', async () => {
    const { state, context, fired } = setup({ BeforeStateWrite: watch, AfterStateWrite: watch });
    await state.save('agent:qa', 'mood', 'good', context);
    await state.save('agent:qa', 'mood', 'bad', context);
    await state.delete('agent:qa', 'mood', context);
    const data = { scope: 'agent', key: 'qa:mood' };
    const writes = [
      { ...data, operation: 'set', old_value: null, new_value: 'good' },
      { ...data, operation: 'set', old_value: 'good', new_value: 'bad' },
      { ...data, operation: 'delete', old_value: 'bad', new_value: null },
    ];
    expect(fired).toEqual(
      writes.flatMap((write) => [
        ['BeforeStateWrite', write],
        ['AfterStateWrite', { ...write, success: true, final_value: write.new_value }],
      ]),
    );
  });

  it.each(['new_value', 'value'])('may change the value by %s', async (field) => {
    const { state, context, fired } = setup({
      BeforeStateWrite: (data) => ({ data: { ...data, [field]: 'changed' } }),
      AfterStateWrite: watch,
    });
    await state.set('a', 'given', context);
    expect(await state.get('a', context)).toBe('changed');
    expect(fired[1]![1]).toMatchObject({ success: true, final_value: 'changed' });
  });

  it('leave kinds of values alone that handlers cannot see', async () => {
    const { state, context } = setup({ BeforeStateWrite: watch, AfterStateRead: watch });
    const value: ScriptValue = { float: float(2), big: 2n ** 60n, bytes: new Uint8Array([255]) };
    await state.set('a', value, context);
    expect(await state.get('a', context)).toStrictEqual(value);
  });

  it('cancel a write, or take it upon themselves', async () => {
    const answers: Record<string, Answer> = {
      BeforeStateWrite: ({ key }) =>
        key === 'no' ? { kind: 'cancel', reason: 'read only' } : { kind: 'replace', value: 'done elsewhere' },
    };
    const { state, context } = setup(answers);
    await expect(state.set('no', 1, context)).rejects.toMatchObject({ code: 'hook.cancelled' });
    await state.set('elsewhere', 1, context);
    expect(await state.keys()).toEqual([]);
  });

  it('cancel a batch whole', async () => {
    const { state, context } = setup({
      BeforeStateWrite: ({ key }) => (key === 'b' ? { kind: 'cancel', reason: 'no' } : undefined),
    });
    const changes = ['a', 'b', 'c'].map((key) => ({ scope: 's', key, value: 1 }));
    await expect(state.batch(changes, context)).rejects.toMatchObject({ code: 'hook.cancelled' });
    expect(await state.keys()).toEqual([]);
  });

  it('are told of a write that failed', async () => {
    const { state, context, fired } = setup({ AfterStateWrite: watch });
    await expect(state.set('a', (() => 1) as never, context)).rejects.toMatchObject({
      code: 'value.unsupported',
    });
    expect(fired).toMatchObject([['AfterStateWrite', { success: false }]]);
  });

  it('are those of a transaction when it commits', async () => {
    const { state, context, fired } = setup({ BeforeStateWrite: watch });
    const transaction = state.begin();
    await transaction.set('a', 1, context);
    expect(fired).toEqual([]);
    await transaction.commit(context);
    expect(fired).toHaveLength(1);
  });
});

describe('hook points around reads', () => {
  it('may give another value, or refuse', async () => {
    const { state, context, plain, fired } = setup({
      BeforeStateRead: ({ key }) => (key === 'no' ? { kind: 'cancel', reason: 'private' } : undefined),
      AfterStateRead: (data) => ({ data: { ...data, result: data.result === 1 ? 'one' : data.result! } }),
    });
    await state.set('a', 1, plain);
    expect(await state.get('a', context)).toBe('one');
    expect(await state.get('missing', context)).toBeUndefined();
    await expect(state.get('no', context)).rejects.toMatchObject({ code: 'hook.cancelled' });
    expect(fired[0]).toEqual(['BeforeStateRead', { operation: 'get', scope: 'global', key: 'a' }]);
    expect(await state.loadWithVersion('global', 'a', context)).toMatchObject({ value: 'one' });
  });

  it('see of a sensitive entry only that it is there', async () => {
    const everything = { BeforeStateWrite: watch, AfterStateWrite: watch, AfterStateRead: watch };
    const { state, context, fired } = setup(everything);
    await state.set('api_token', 'canary', context);
    await state.set('api_token', { deep: 'canary' }, context);
    expect(await state.get('api_token', context)).toEqual({ deep: 'canary' });
    expect(JSON.stringify(fired)).not.toContain('canary');
    expect(JSON.stringify(fired)).toContain('[REDACTED]_');
  });
});

describe('the hook point StateConflict', () => {
  it('is fired for every kind of conflict', async () => {
    const { state, context, plain, fired } = setup({ StateConflict: watch });
    await state.set('a', 1, context);
    expect(await state.compareAndSet('global', 'a', 2, 3, context)).toBe(false);
    await expect(state.saveIfVersion('global', 'a', 3, 7, context)).rejects.toMatchObject({
      code: 'state.conflict',
    });
    const transaction = state.begin();
    await transaction.increment('global', 'a', 1, context);
    await state.set('a', 5, plain);
    await expect(transaction.commit(context)).rejects.toMatchObject({ code: 'state.conflict' });
    const operations = ['compare_and_set', 'save_if_version', 'commit'];
    expect(fired.map(([point, data]) => [point, data.operation])).toEqual(
      operations.map((operation) => ['StateConflict', operation]),
    );
    expect(fired[0]![1]).toMatchObject({ key: 'a', expected_value: 2, old_value: 1, new_value: 3 });
  });
});

describe('without handlers', () => {
  it('nothing is read for them', async () => {
    const store = memoryStore();
    const { context } = testContext();
    let reads = 0;
    const get = store.get.bind(store);
    store.get = (key) => {
      reads++;
      return get(key);
    };
    const state = new State(store);
    await state.set('a', 1, context);
    expect(reads).toBe(0);
  });

  it.each(['test:x', 'benchmark:x'])('of trusted entries such as %s none is asked', async (key) => {
    const { state, context, fired } = setup({ BeforeStateWrite: watch, BeforeStateRead: watch });
    await state.set(key, 1, context);
    expect(await state.get(key, context)).toBe(1);
    expect(fired).toEqual([]);
  });
});
