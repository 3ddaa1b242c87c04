import { describe, expect, it } from 'vitest';
import { startAnthropicServer } from '../../test/support/anthropic-server.js';
import type { ModelServerOptions, Turn } from '../../test/support/model-server.js';
import { startOllamaServer } from '../../test/support/ollama-server.js';
import { startOpenAiServer } from '../../test/support/openai-server.js';
import { LlmspellError } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import anthropic from './definitions/anthropic.js';
import ollama from './definitions/ollama.js';
import openai from './definitions/openai.js';
import openaiCompatible from './definitions/openai-compatible.js';
import type { ModelEvent, ProviderDefinition, ProviderSettings } from './model.js';

/** The first call is complete long before the answer is. */
const TURN: Turn = {
  toolCalls: [
    { name: 'delete', arguments: '{"path":"/a"}' },
    { name: 'count', arguments: '{"n":12}' },
  ],
  argumentPieces: 2,
};

const KITS = [
  { definition: openai, start: startOpenAiServer, path: '/chat/completions', end: 'data: [DONE]' },
  { definition: openaiCompatible, start: startOpenAiServer, path: '/chat/completions', end: 'data: [DONE]' },
  { definition: anthropic, start: startAnthropicServer, path: '/messages', end: '{"type":"message_stop"}' },
  { definition: ollama, start: startOllamaServer, path: '/api/chat', end: '"eval_count":7}' },
];

type Start = (options: ModelServerOptions) => ReturnType<typeof startOpenAiServer>;

/** What one answer gave before it ended or failed. */
interface Outcome {
  events: ModelEvent[];
  code: string | undefined;
}

async function askOnce(definition: ProviderDefinition, url: string): Promise<Outcome> {
  const settings = settingsFor(definition, url);
  const { context } = testContext();
  const events: ModelEvent[] = [];
  try {
    const model = await definition.model(settings, 'gpt-4o-mini');
    for await (const event of model.ask({ messages: [{ role: 'user', text: 'Go' }] }, context))
      events.push(event);
    return { events, code: undefined };
  } catch (error) {
    return { events, code: error instanceof LlmspellError ? error.code : String(error) };
  }
}

function settingsFor(definition: ProviderDefinition, baseUrl: string): ProviderSettings {
  return {
    name: 'cut',
    type: definition.type,
    enabled: true,
    baseUrl,
    apiKey: 'k',
    timeoutMs: 20_000,
    streaming: true,
    retry: { maxRetries: 0, initialDelayMs: 1, maxDelayMs: 1, multiplier: 1 },
    options: {},
  };
}

/** The body of the complete answer up to its end mark, in bytes. */
async function sizeOfAnswer(start: Start, path: string, end: string): Promise<number> {
  const server = await start({ turns: [TURN] });
  const body = { model: 'm', max_tokens: 9, stream: true, stream_options: { include_usage: true } };
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ ...body, messages: [{ role: 'user', content: 'Go' }] }),
  });
  const text = await response.text();
  await server.close();
  expect(text).toContain(end);
  return text.lastIndexOf(end) + end.length;
}

describe.each(KITS)('a stream of $definition.type that is cut', ({ definition, start, path, end }) => {
  // The answer ends as HTTP wants it, like behind a proxy that gave up: only the end mark can tell.
  it('never gives a tool call, at whatever byte it is cut', { timeout: 120_000 }, async () => {
    const complete = await sizeOfAnswer(scripted(start), path, end);
    const turns = Array.from({ length: complete }, (_, cutAt) => ({ ...TURN, cutAt }));
    const server = await scripted(start)({ turns: [...turns, TURN] });
    try {
      for (let at = 0; at < complete; at++)
        expect({ at, ...(await askOnce(definition, server.url)) }).toEqual({
          at,
          events: [],
          code: 'provider.stream_broken',
        });
      const whole = await askOnce(definition, server.url);
      expect(whole.events.map(({ type }) => type)).toEqual(['tool-call', 'tool-call', 'finish']);
    } finally {
      await server.close();
    }
  });
});

/** Ollama sends arguments as objects, the others as text. */
function scripted(start: Start): Start {
  if (start !== startOllamaServer) return start;
  const parsed = (turn: Turn): Turn => ({
    ...turn,
    toolCalls: turn.toolCalls!.map((call) => ({
      ...call,
      arguments: JSON.parse(String(call.arguments)) as unknown,
    })),
  });
  return (options) => start({ ...options, turns: options.turns.map((turn) => parsed(turn as Turn)) });
}
