import { describe, expect, it } from 'vitest';
import { fail } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import { collect, converse } from './complete.js';
import { mockModel } from './mock-model.js';
import type { LanguageModel, ModelRequest, ProviderSettings } from './model.js';
import { retryDelay } from './retry.js';

const REQUEST: ModelRequest = { messages: [{ role: 'user', text: 'x'.repeat(400) }] };

function settings(options: ProviderSettings['options'] = {}): ProviderSettings {
  return {
    name: 'mock',
    type: 'mock',
    enabled: true,
    timeoutMs: 5000,
    streaming: true,
    retry: { maxRetries: 2, initialDelayMs: 100, maxDelayMs: 150, multiplier: 2 },
    options,
  };
}

function bench(script: ProviderSettings['options'], limits = {}) {
  const waits: number[] = [];
  const effects = { random: () => 0, sleep: async (ms: number) => void waits.push(ms) };
  const { context, events } = testContext({ limits, effects });
  const configured = settings(script);
  const model = mockModel(configured, 'script');
  return {
    context,
    events,
    waits,
    model,
    configured,
    run: () => converse(model, REQUEST, context, configured),
  };
}

describe('converse', () => {
  it('counts a repeated turn as one call and journals every retry', async () => {
    const kit = bench(
      { script: [{ error: 'provider.server_error' }, { error: 'provider.rate_limited' }, 'done'] },
      { calls: 1 },
    );
    const answer = await collect(kit.run(), kit.model);
    expect(answer).toMatchObject({ provider: 'mock', model: 'script', text: 'done' });
    expect(kit.waits).toEqual([100, 150]);
    expect(kit.context.budget.calls).toBe(1);
    expect(kit.events.map(({ type }) => type)).toEqual([
      'model.retry',
      'model.retry',
      'model.delta',
      'model.usage',
    ]);
    await expect(collect(kit.run(), kit.model)).rejects.toMatchObject({ code: 'budget.calls' });
  });

  it('does not repeat what cannot pass', async () => {
    const kit = bench({ script: [{ error: 'provider.unauthorized' }, 'never'] });
    await expect(collect(kit.run(), kit.model)).rejects.toMatchObject({ code: 'provider.unauthorized' });
    expect(kit.waits).toEqual([]);
  });

  it('gives up after the last retry', async () => {
    const kit = bench({ script: [{ error: 'provider.server_error' }] });
    await expect(collect(kit.run(), kit.model)).rejects.toMatchObject({ code: 'provider.server_error' });
    expect(kit.waits).toHaveLength(2);
  });

  it('does not repeat once something was said, and still settles', async () => {
    const { context, events } = testContext();
    const broken: LanguageModel = {
      provider: 'p',
      model: 'm',
      async *ask() {
        yield { type: 'text', text: 'half an ans' };
        throw fail('provider.stream_broken', 'gone', { details: { retryable: true } });
      },
    };
    const turn = collect(converse(broken, REQUEST, context, settings()), broken);
    await expect(turn).rejects.toMatchObject({ code: 'provider.stream_broken' });
    expect(events.at(-1)).toMatchObject({
      type: 'model.usage',
      usage: { outputTokens: 3, source: 'estimated' },
    });
    expect(context.budget.usage.inputTokens).toBe(100);
  });

  it('ends when the token budget is crossed, and refuses the next turn before asking', async () => {
    const usage = { input_tokens: 90, output_tokens: 20 };
    const kit = bench({ script: [{ text: 'a', usage }] }, { tokens: 100 });
    await expect(collect(kit.run(), kit.model)).rejects.toMatchObject({ code: 'budget.tokens' });
    expect(kit.events.map(({ type }) => type)).toContain('model.usage');
    await expect(collect(kit.run(), kit.model)).rejects.toMatchObject({ code: 'budget.tokens' });
  });

  it('prices an estimate with the price of the table', async () => {
    const kit = bench({ script: ['y'.repeat(40)], price: { input: 1000, output: 2000 } });
    const { usage } = await collect(kit.run(), kit.model);
    expect(usage).toEqual({
      inputTokens: 100,
      outputTokens: 10,
      costUsd: (100 * 1000 + 10 * 2000) / 1e6,
      source: 'estimated',
    });
  });

  it('stops waiting for a retry when cancelled', async () => {
    const controller = new AbortController();
    const { context } = testContext({ signal: controller.signal });
    const configured = {
      ...settings({ script: [{ error: 'provider.server_error' }] }),
      retry: { maxRetries: 1, initialDelayMs: 60_000, maxDelayMs: 60_000, multiplier: 1 },
    };
    const model = mockModel(configured, 'script');
    const turn = collect(converse(model, REQUEST, context, configured), model);
    setImmediate(() => controller.abort());
    await expect(turn).rejects.toMatchObject({ code: 'component.cancelled' });
  });
});

describe('retryDelay', () => {
  const retry = { maxRetries: 9, initialDelayMs: 100, maxDelayMs: 1000, multiplier: 3 };
  const error = (retryAfterMs?: number) => fail('provider.rate_limited', 'x', { details: { retryAfterMs } });

  it('grows up to the limit, takes off at most half, and obeys the provider', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelay(error(), attempt, retry, () => 0))).toEqual([
      100, 300, 900, 1000,
    ]);
    expect(retryDelay(error(), 2, retry, () => 1)).toBe(150);
    expect(retryDelay(error(0), 3, retry, () => 0)).toBe(0);
  });
});
