import { describe, expect, it } from 'vitest';
import { parseModel } from './specifier.js';

describe('parseModel', () => {
  it.each([
    ['openai/gpt-4o', { provider: 'openai', model: 'gpt-4o' }],
    [' openai / gpt-4o ', { provider: 'openai', model: 'gpt-4o' }],
    ['gpt-4o', { provider: 'openai', model: 'gpt-4o' }],
    ['openrouter/deepseek/m', { provider: 'openrouter', model: 'deepseek/m' }],
    ['local/llama3.1:8b', { provider: 'ollama', model: 'llama3.1:8b', backend: 'ollama' }],
    ['local/tiny:Q4@candle', { provider: 'candle', model: 'tiny:Q4', backend: 'candle' }],
    ['llama3.1:8b@ollama', { provider: 'ollama', model: 'llama3.1:8b', backend: 'ollama' }],
    ['a/b@c@ollama', { provider: 'a', model: 'b@c', backend: 'ollama' }],
  ])('reads %s', (text, expected) => {
    expect(parseModel(text)).toEqual(expected);
  });

  it('uses the default provider for bare names', () => {
    expect(parseModel('m', { defaultProvider: 'groq' })).toEqual({ provider: 'groq', model: 'm' });
  });

  it.each(['', '   ', '@ollama'])('refuses %j as empty', (text) => {
    expect(() => parseModel(text)).toThrow('Model specification cannot be empty');
  });

  it.each(['openai/', '/gpt-4o', 'm@'])('refuses %j', (text) => {
    expect(() => parseModel(text)).toThrow(expect.objectContaining({ code: 'provider.invalid_model' }));
  });
});
