import { describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { collect, converse } from './complete.js';
import offline from './definitions/offline.js';
import type { ModelMessage, ModelRequest, ProviderSettings } from './model.js';

const settings: ProviderSettings = {
  name: 'offline',
  type: 'offline',
  enabled: true,
  timeoutMs: 1000,
  streaming: true,
  retry: { maxRetries: 0, initialDelayMs: 1, maxDelayMs: 1, multiplier: 1 },
  options: {},
};

async function answer(messages: ModelMessage[], extra: Partial<ModelRequest> = {}) {
  const model = await offline.model(settings, 'extract');
  const { context, events } = testContext();
  const result = await collect(converse(model, { messages, ...extra }, context, settings), model);
  return { ...result, deltas: events.filter(({ type }) => type === 'model.delta').length };
}

const user = (text: string): ModelMessage => ({ role: 'user', text });
const PORT =
  'The server listens on port 4242. It writes its log to server.log. Every request is answered within a second.';

describe('offline/extract', () => {
  it('quotes with citations, says what it is, streams, and costs nothing', async () => {
    const text = `Which port does the server use?\n<document path="docs/run.md">\n# Running\n\n${PORT}\n</document>`;
    const result = await answer([user(text)]);
    expect(result.text).toMatch(/^Extract made offline, not a language model's own words\./);
    expect(result.text).toContain('The server listens on port 4242. [docs/run.md:3]');
    expect(result.deltas).toBeGreaterThan(10);
    expect(result.usage).toMatchObject({ costUsd: 0, source: 'estimated' });
    expect(result.finishReason).toBe('stop');
  });

  it.each<[string, ModelMessage[], string]>([
    [
      'a system message',
      [{ role: 'system', text: `<document path="a.md">${PORT}</document>` }, user('Which port?')],
      'a.md:1',
    ],
    [
      'context in a system message',
      [{ role: 'system', text: `Be kind.\nContext:\n${PORT}` }, user('Which port?')],
      'context:3',
    ],
    [
      'a tool',
      [
        user('Which port?'),
        { role: 'tool', callId: '1', name: 'read', text: JSON.stringify({ text: PORT }) },
      ],
      'tool:read:1',
    ],
    [
      'an earlier message',
      [user(PORT), { role: 'assistant', text: 'Thanks.' }, user('Which port?')],
      'message:1',
    ],
    ['text below the question', [user(`Which port is used?\n\n${PORT}`)], 'message:3'],
    ['text above the question', [user(`${PORT}\n\nQuestion: which port`)], 'message:1'],
    ['text after a colon', [user(`Find the port in this text: ${PORT}`)], 'message:1'],
    [
      'grep output',
      [user(`Which port?\nconf/a.toml:7: port = 4242\nconf/a.toml:9: log = "x"`)],
      'conf/a.toml:7',
    ],
  ])('reads %s', async (_title, messages, citation) => {
    const { text } = await answer(messages);
    expect(text).toContain(`[${citation}]`);
    expect(text).toContain('4242');
  });

  it('does not quote instructions, answers or the question', async () => {
    const { text } = await answer([
      {
        role: 'system',
        text: 'You are a port expert who always answers politely and in complete sentences about ports.',
      },
      { role: 'assistant', text: 'The port is 1.' },
      user('Which port?'),
    ]);
    expect(text).toMatch(/can only quote from text that it is given/);
  });

  it('says when the text does not answer', async () => {
    const { text } = await answer([user(`What do penguins eat?\n<document path="a.md">${PORT}</document>`)]);
    expect(text).toMatch(/Nothing in the given text \(a\.md\) answers/);
  });

  it('calls no tools and refuses structures', async () => {
    const tools = [{ name: 'port', description: 'The port', parameters: { type: 'object' } }];
    expect((await answer([user(`Which port?\n\n${PORT}`)], { tools })).toolCalls).toEqual([]);
    await expect(answer([user('x')], { responseSchema: { type: 'object' } })).rejects.toMatchObject({
      code: 'provider.bad_request',
    });
  });
});
