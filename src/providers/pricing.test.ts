import { describe, expect, it } from 'vitest';
import { costOf, priceOf } from './pricing.js';

describe('priceOf', () => {
  it.each([
    ['openai', 'gpt-4o', 2.5],
    ['openai', 'gpt-4o-mini', 0.15],
    ['openai', 'gpt-4o-2024-08-06', 2.5],
    ['openai', 'gpt-4-0613', 30],
    ['anthropic', 'claude-3-5-sonnet-20241022', 3],
    ['anthropic', 'claude-opus-4-1-20250805', 15],
    ['anthropic', 'claude-3-5-haiku-latest', 0.8],
  ])('knows %s/%s', (type, model, input) => {
    expect(priceOf(type, model)?.input).toBe(input);
  });

  it.each([
    ['openai', 'gpt-5-pro'],
    ['openai', 'gpt-4o-audio-preview'],
    ['ollama', 'gpt-4o'],
    ['openai', 'something-new'],
  ])('does not guess the price of %s/%s', (type, model) => {
    expect(priceOf(type, model)).toBeUndefined();
  });
});

describe('costOf', () => {
  it('charges cached tokens at their own price', () => {
    const tokens = { inputTokens: 1000, outputTokens: 100, cachedTokens: 600 };
    expect(costOf({ input: 10, output: 20, cached: 1 }, tokens)).toBeCloseTo(
      (400 * 10 + 600 + 100 * 20) / 1e6,
      12,
    );
  });

  it('is nothing for an unknown price', () => {
    expect(costOf(undefined, { inputTokens: 1e6, outputTokens: 1e6 })).toBe(0);
  });
});
