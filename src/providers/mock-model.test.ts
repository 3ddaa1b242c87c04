import { describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { collect } from './complete.js';
import { mockModel } from './mock-model.js';
import type { LanguageModel, ProviderSettings } from './model.js';

const base: ProviderSettings = {
  name: 'mock',
  type: 'mock',
  enabled: true,
  timeoutMs: 40,
  streaming: true,
  retry: { maxRetries: 0, initialDelayMs: 1, maxDelayMs: 1, multiplier: 1 },
  options: {},
};

function mock(model: string, options: ProviderSettings['options'] = {}): LanguageModel {
  return mockModel({ ...base, options }, model);
}

function say(model: LanguageModel, text = 'Hello  you') {
  return collect(model.ask({ messages: [{ role: 'user', text }] }, testContext().context), model);
}

describe('mockModel', () => {
  it('echoes exactly', async () => {
    expect((await say(mock('echo'), ' a  b\nc ')).text).toBe(' a  b\nc ');
  });

  it('mentions the user without a script, always in the same words', async () => {
    expect((await say(mock('gpt'))).text).toBe("Mock answer of 'gpt' to: Hello  you");
  });

  it('follows its script turn by turn and repeats the last answer', async () => {
    const model = mock('any', {
      script: [
        { text: 'first', tool_calls: [{ name: 't', arguments: { a: 1 } }] },
        { chunks: ['sec', 'ond'] },
      ],
    });
    expect(await say(model)).toMatchObject({
      text: 'first',
      finishReason: 'tool-calls',
      toolCalls: [{ id: 'call_1_1', name: 't', arguments: { a: 1 } }],
    });
    expect((await say(model)).text).toBe('second');
    expect((await say(model)).text).toBe('second');
  });

  it('prefers the script of its own name', async () => {
    const options = { script: ['common'], scripts: { critic: ['no'] } };
    expect((await say(mock('critic', options))).text).toBe('no');
    expect((await say(mock('writer', options))).text).toBe('common');
  });

  it('fails as told', async () => {
    const model = mock('any', { script: [{ error: 'provider.rate_limited', message: 'later' }] });
    await expect(say(model)).rejects.toMatchObject({ code: 'provider.rate_limited', message: 'later' });
  });

  it('times out when its delay is longer than the limit', async () => {
    await expect(say(mock('any', { script: [{ text: 'x', delay_ms: 5000 }] }))).rejects.toMatchObject({
      code: 'provider.timeout',
    });
  });

  it.each([[[{ txt: 'typo' }]], [[]], ['not a list'], [[{ error: 'no.such_code' }]]])(
    'refuses script %j',
    (script) => {
      expect(() => mock('any', { script })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    },
  );
});
