import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContext } from '../../core/testing.js';
import { State } from '../../state/state.js';
import { openLmdbStore } from '../../storage/lmdb.js';
import { memoryStore } from '../../storage/memory.js';
import { callTool } from '../run-tool.case.js';
import { findMismatch } from '../sample-match.js';
import toolState from './tool-state.js';

interface Found {
  metadata: { cached_count: number };
  result_cache: Record<string, { result: unknown }>;
}

function setup(store = memoryStore()) {
  const state = new State(store);
  const clock = { now: Date.UTC(2026, 0, 1) };
  const host = { state: async () => state };
  const effects = { now: () => clock.now };
  const use = async (input: object): Promise<Found> =>
    (
      await callTool(toolState, 'agent_id' in input ? input : { tool_id: 'crawler', ...input }, {
        host,
        effects,
      })
    ).result as unknown as Found;
  return { state, clock, use, host };
}

describe('tool-state', () => {
  it('describes every parameter', () => {
    for (const field of Object.values(toolState.input.shape)) expect(field.description).toBeTruthy();
  });

  it('runs its samples one after the other', async () => {
    const { host } = setup();
    for (const { input, expect: expected, error, title } of toolState.samples) {
      const call = callTool(toolState, input, { host });
      if (error) await expect(call, title).rejects.toMatchObject({ code: error });
      else expect(findMismatch(expected ?? {}, await call), title).toBeUndefined();
    }
  });

  it('keeps values where scripts find them', async () => {
    const { use, state } = setup();
    expect(await use({ operation: 'set', key: 'seen', value: [1, 'two', { three: null }] })).toMatchObject({
      stored: 1,
    });
    expect(await use({ operation: 'set', values: { a: 1, b: false } })).toMatchObject({ keys: ['a', 'b'] });
    expect(await state.toolGet('crawler', 'seen', testContext().context)).toEqual([
      1,
      'two',
      { three: null },
    ]);
    expect(await use({ operation: 'get', key: 'seen' })).toMatchObject({
      found: true,
      value: [1, 'two', { three: null }],
    });
    expect(await use({ operation: 'get', key: 'none', default: 7 })).toMatchObject({
      found: false,
      value: 7,
    });
    expect(await use({ operation: 'list' })).toMatchObject({ keys: ['a', 'b', 'seen'], truncated: false });
    expect(await use({ operation: 'list', limit: 1 })).toMatchObject({ keys: ['a'], truncated: true });
    expect(await use({ operation: 'list', prefix: 'se' })).toMatchObject({ keys: ['seen'] });
    expect(await use({ operation: 'delete', key: 'a' })).toEqual({ deleted: true });
    expect(await use({ operation: 'delete', key: 'a' })).toEqual({ deleted: false });
  });

  it('keeps null and false apart from nothing', async () => {
    const { use } = setup();
    await use({ operation: 'set', values: { no: false, nothing: null } });
    expect(await use({ operation: 'get', key: 'no', default: 1 })).toMatchObject({
      found: true,
      value: false,
    });
    expect(await use({ operation: 'get', key: 'nothing', default: 1 })).toMatchObject({ found: true });
  });

  it('keeps tools apart and names those that have state', async () => {
    const { use } = setup();
    await use({ operation: 'set', key: 'k', value: 1 });
    await use({ operation: 'set', key: 'k', value: 2, agent_id: 'writer' });
    expect(await use({ operation: 'get', key: 'k', tool_id: 'writer' })).toMatchObject({ value: 2 });
    expect(await use({ operation: 'list', tool_id: undefined })).toMatchObject({
      tool_ids: ['crawler', 'writer'],
    });
    await use({ operation: 'clear' });
    expect(await use({ operation: 'list', tool_id: undefined })).toMatchObject({ tool_ids: ['writer'] });
  });

  it('gives a kept result until its time is over', async () => {
    const { use, clock } = setup();
    const ask = (more: object = {}) =>
      use({ operation: 'get_or', input: { b: 1, a: [2] }, ttl: 60, ...more });
    expect(await ask()).toMatchObject({ hit: false, stored: false, value: null });
    expect(await ask({ value: 'first' })).toMatchObject({ hit: false, stored: true, value: 'first' });
    clock.now += 59_000;
    expect(await ask({ value: 'second', input: { a: [2], b: 1 } })).toMatchObject({
      hit: true,
      value: 'first',
      age_seconds: 59,
    });
    clock.now += 1000;
    expect(await ask()).toMatchObject({ hit: false, value: null });
    expect(await ask({ value: 'third' })).toMatchObject({
      value: 'third',
      expires_at: '2026-01-01T00:02:00.000Z',
    });
    expect(await ask({ value: 'fourth', refresh: true })).toMatchObject({ hit: false, value: 'fourth' });
    expect(await ask()).toMatchObject({ hit: true, value: 'fourth' });
    expect(await use({ operation: 'delete', input: { a: [2], b: 1 } })).toEqual({ deleted: true });
    expect(await use({ operation: 'stats' })).toMatchObject({
      cache_hits: 2,
      cache_misses: 5,
      cache_hit_ratio: (100 * 2) / 7,
    });
  });

  it('forgets what has expired and keeps the number of results bounded', async () => {
    const { use, clock } = setup();
    for (let n = 0; n < 3; n++)
      await use({ operation: 'cache', cache_key: `k${n}`, value: n, ttl_seconds: 10 + n });
    clock.now += 11_000;
    expect(await use({ operation: 'purge' })).toEqual({ purged: 2 });
    for (let n = 0; n < 1100; n++) {
      clock.now++;
      await use({ operation: 'cache', cache_key: `many${n}`, value: n });
    }
    const { metadata } = await use({ operation: 'get', limit: 5 });
    expect(metadata.cached_count).toBeLessThan(1050);
    expect(await use({ operation: 'cache', cache_key: 'many0' })).toMatchObject({ hit: false });
    expect(await use({ operation: 'cache', cache_key: 'many1099' })).toMatchObject({
      hit: true,
      value: 1099,
    });
  });

  it('counts executions, also those that end at the same moment', async () => {
    const { use } = setup();
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        use({
          operation: 'record_execution',
          success: n % 4 !== 0,
          duration_ms: 10,
          resource_usage: { bytes: 2 },
        }),
      ),
    );
    expect(await use({ operation: 'stats' })).toMatchObject({
      total_executions: 40,
      successful_executions: 30,
      failed_executions: 10,
      average_execution_time_ms: 10,
      last_execution: '2026-01-01T00:00:00.000Z',
      resource_usage: { bytes: 80 },
    });
  });

  it('shows the whole record, without results that are sensitive', async () => {
    const { use } = setup();
    await use({ operation: 'set', key: 'page', value: 3 });
    await use({ operation: 'cache', cache_key: 'open', value: 'shown' });
    await use({ operation: 'cache', cache_key: 'closed', value: 'hidden', contains_sensitive_data: true });
    const record = await use({ operation: 'get' });
    expect(record).toMatchObject({
      tool_id: 'crawler',
      custom_state: { page: 3 },
      execution_stats: { cache_misses: 2 },
      last_updated: '2026-01-01T00:00:00.000Z',
    });
    const results = Object.values(record.result_cache).map((entry) => entry.result);
    expect(results.sort()).toEqual(['shown', null].sort());
  });

  it('clears one part at a time', async () => {
    const { use } = setup();
    await use({ operation: 'set', key: 'page', value: 3 });
    await use({ operation: 'cache', cache_key: 'x', value: 1 });
    expect(await use({ operation: 'clear', part: 'cache' })).toEqual({ cleared: 1, part: 'cache' });
    expect(await use({ operation: 'clear', part: 'stats' })).toEqual({ cleared: 1, part: 'stats' });
    expect(await use({ operation: 'get', key: 'page' })).toMatchObject({ value: 3 });
    expect(await use({ operation: 'clear' })).toEqual({ cleared: 1, part: 'all' });
  });

  it.each([
    [{ operation: 'get', tool_id: 'a:b', key: 'x' }],
    [{ operation: 'get', tool_id: '', key: 'x' }],
    [{ operation: 'set', key: '@stats', value: 1 }],
    [{ operation: 'set', values: { '@cache/x': 1 } }],
    [{ operation: 'set', key: 'x' }],
    [{ operation: 'cache', value: 1 }],
    [{ operation: 'forget' }],
  ])('refuses %j', async (input) => {
    await expect(setup().use(input)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('refuses keys that the state refuses, and values that are too large', async () => {
    const { use } = setup();
    await expect(use({ operation: 'set', key: 'a\nb', value: 1 })).rejects.toMatchObject({
      code: 'state.invalid_key',
    });
    const large = 'x'.repeat(11_000_000);
    await expect(use({ operation: 'set', key: 'a', value: large })).rejects.toMatchObject({
      code: 'state.value_too_large',
    });
  });

  it('stops when the call is cancelled', async () => {
    const { host, use } = setup();
    await use({ operation: 'set', key: 'a', value: 1 });
    const { context } = testContext({ signal: AbortSignal.abort(new Error('enough')) });
    const input = toolState.input.parse({ operation: 'clear', tool_id: 'crawler' });
    await expect(toolState.run(input, context, host as never)).rejects.toThrow('enough');
    expect(await use({ operation: 'get', key: 'a' })).toMatchObject({ found: true });
  });

  it('survives the end of the store that held it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'llmspell-tool-state-'));
    try {
      const first = await openLmdbStore(directory);
      await setup(first).use({ operation: 'set', key: 'kept', value: 'yes' });
      await first.close();
      const second = await openLmdbStore(directory);
      expect(await setup(second).use({ operation: 'get', key: 'kept' })).toMatchObject({ value: 'yes' });
      await second.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
