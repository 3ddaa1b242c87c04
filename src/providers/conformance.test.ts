import { afterEach, describe, expect, it } from 'vitest';
import { startAnthropicServer } from '../../test/support/anthropic-server.js';
import type { ModelServer, ModelServerOptions, Turn } from '../../test/support/model-server.js';
import { startOllamaServer } from '../../test/support/ollama-server.js';
import { startOpenAiServer } from '../../test/support/openai-server.js';
import { testContext } from '../core/testing.js';
import { collect, converse } from './complete.js';
import anthropic from './definitions/anthropic.js';
import ollama from './definitions/ollama.js';
import openai from './definitions/openai.js';
import openaiCompatible from './definitions/openai-compatible.js';
import type { ModelEvent, ModelRequest, ModelTool, ProviderDefinition, ProviderSettings } from './model.js';

/** A provider and the server that plays it. */
interface Kit {
  definition: ProviderDefinition;
  start(options: ModelServerOptions): Promise<ModelServer>;
  model: string;
  /** US dollars for 11 tokens in and 7 out. */
  cost: number;
  /** Where a request carries its answer schema. */
  schemaIn(body: Record<string, unknown>): unknown;
}

const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

const KITS: Record<string, Kit> = {
  openai: {
    definition: openai,
    start: startOpenAiServer,
    model: 'gpt-4o-mini',
    cost: (11 * 0.15 + 7 * 0.6) / 1e6,
    schemaIn: jsonSchema,
  },
  'openai-compatible': {
    definition: openaiCompatible,
    start: startOpenAiServer,
    model: 'local-model',
    cost: 0,
    schemaIn: jsonSchema,
  },
  anthropic: {
    definition: anthropic,
    start: startAnthropicServer,
    model: 'claude-sonnet-4-5',
    cost: (11 * 3 + 7 * 15) / 1e6,
    schemaIn: (body) => (body.output_config as { format: { schema: unknown } }).format.schema,
  },
  ollama: {
    definition: ollama,
    start: startOllamaServer,
    model: 'llama3.2',
    cost: 0,
    schemaIn: (body) => body.format,
  },
};

function jsonSchema(body: Record<string, unknown>): unknown {
  return (body.response_format as { json_schema: { schema: unknown } }).json_schema.schema;
}

const WEATHER: ModelTool = {
  name: 'weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const CALL = { name: 'weather', arguments: { city: 'Köln "am Rhein" 🌧', days: [1, 2.5, null] } };
const KEY = 'test-key-0123456789';

/** Everything a case needs; made anew for each. */
class Bench {
  constructor(
    readonly kit: Kit,
    readonly server: ModelServer,
    readonly streaming: boolean,
  ) {}

  settings(changes: Partial<ProviderSettings> = {}): ProviderSettings {
    return {
      name: 'under-test',
      type: this.kit.definition.type,
      enabled: true,
      baseUrl: this.server.url,
      apiKey: KEY,
      timeoutMs: 20_000,
      streaming: this.streaming,
      retry: { maxRetries: 2, initialDelayMs: 1, maxDelayMs: 5, multiplier: 2 },
      options: {},
      ...changes,
    };
  }

  async events(request: Partial<ModelRequest> = {}, options: AskOptions = {}) {
    const settings = this.settings(options.settings);
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const { context, events: journal } = testContext({
      effects: { sleep },
      ...(options.signal && { signal: options.signal }),
    });
    const model = await this.kit.definition.model(settings, this.kit.model);
    const seen: ModelEvent[] = [];
    const full = { messages: [{ role: 'user' as const, text: 'Hello?' }], ...request };
    for await (const event of converse(model, full, context, settings)) {
      seen.push(event);
      options.onEvent?.(event);
    }
    return { seen, journal, waits };
  }

  async answer(request: Partial<ModelRequest> = {}, options: AskOptions = {}) {
    const { seen, ...rest } = await this.events(request, options);
    const replay = (async function* () {
      yield* seen;
    })();
    return { ...rest, seen, answer: await collect(replay, { provider: 'p', model: 'm' }) };
  }

  /** The error of a turn, and the tool calls that were seen before it. */
  async failure(options: AskOptions = {}) {
    const calls: ModelEvent[] = [];
    const watch = {
      ...options,
      onEvent: (event: ModelEvent) => event.type === 'tool-call' && calls.push(event),
    };
    const error = await this.events({}, watch).then(
      () => expect.unreachable('the turn should have failed'),
      (thrown: unknown) => thrown as { code: string; message: string; hint?: string; details?: object },
    );
    return { error, calls };
  }
}

interface AskOptions {
  settings?: Partial<ProviderSettings>;
  signal?: AbortSignal;
  onEvent?: (event: ModelEvent) => void;
}

interface Case {
  turns: Turn[];
  run(bench: Bench): Promise<void>;
  /** Only with streamed answers. */
  streamedOnly?: boolean;
}

const CASES: Record<string, Case> = {
  'answers with text, usage and cost': {
    turns: [{ text: ['Hel', 'lo ', 'there'] }],
    async run(bench) {
      const { answer, journal } = await bench.answer();
      expect(answer.text).toBe('Hello there');
      expect(answer.finishReason).toBe('stop');
      expect(answer.usage).toMatchObject({ inputTokens: 11, outputTokens: 7, source: 'provider' });
      expect(answer.usage.costUsd).toBeCloseTo(bench.kit.cost, 12);
      expect(journal.filter(({ type }) => type === 'model.usage')).toHaveLength(1);
    },
  },
  'yields text while it arrives': {
    turns: [{ text: ['one ', 'two ', 'three'] }],
    streamedOnly: true,
    async run(bench) {
      const { seen, journal } = await bench.answer();
      expect(seen.filter(({ type }) => type === 'text')).toHaveLength(3);
      expect(journal.filter(({ type }) => type === 'model.delta')).toHaveLength(3);
    },
  },
  'estimates usage that was not counted': {
    turns: [{ text: 'x'.repeat(40), usage: null }],
    async run(bench) {
      const { answer } = await bench.answer();
      expect(answer.usage).toMatchObject({ outputTokens: 10, source: 'estimated' });
      expect(answer.usage.inputTokens).toBeGreaterThan(0);
    },
  },
  'takes an empty answer': {
    turns: [{}],
    async run(bench) {
      const { answer } = await bench.answer();
      expect(answer).toMatchObject({ text: '', toolCalls: [], finishReason: 'stop' });
    },
  },
  'tells reasoning from text': {
    turns: [{ reasoning: 'let me think', text: 'done' }],
    async run(bench) {
      const { answer } = await bench.answer();
      const shown = bench.kit.definition.type === 'openai' ? '' : 'let me think';
      expect(answer).toMatchObject({ text: 'done', reasoning: shown });
    },
  },
  'puts characters together that were cut in half': {
    turns: [{ text: ['Grüße ', '日本語 👩‍👩‍👧 ', 'ende'], pieceBytes: 3 }],
    async run(bench) {
      expect((await bench.answer()).answer.text).toBe('Grüße 日本語 👩‍👩‍👧 ende');
    },
  },
  'reports an answer that hit the token limit': {
    turns: [{ text: 'cut', finish: 'length' }],
    async run(bench) {
      const { answer } = await bench.answer({ maxTokens: 5, temperature: 0.2, stop: ['END'], topP: 0.9 });
      expect(answer.finishReason).toBe('length');
    },
  },
  'calls a tool': {
    turns: [{ text: 'Looking.', toolCalls: [CALL] }],
    async run(bench) {
      const { answer, seen } = await bench.answer({ tools: [WEATHER] });
      expect(answer.toolCalls).toMatchObject([CALL]);
      expect(answer.toolCalls[0]!.id).not.toBe('');
      expect(answer.finishReason).toBe('tool-calls');
      expect(seen.map(({ type }) => type).slice(-2)).toEqual(['tool-call', 'finish']);
      expect(bench.server.requests[0]!.body!.tools).toHaveLength(1);
    },
  },
  'calls several tools in order': {
    turns: [
      { toolCalls: [CALL, { name: 'weather', arguments: {} }, { ...CALL, arguments: { city: 'Bonn' } }] },
    ],
    async run(bench) {
      const { answer } = await bench.answer({ tools: [WEATHER] });
      expect(answer.toolCalls.map((call) => call.arguments)).toEqual([CALL.arguments, {}, { city: 'Bonn' }]);
      expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(3);
    },
  },
  'takes back the results of tools': {
    turns: [{ toolCalls: [CALL, CALL] }, { text: 'It rains.' }],
    async run(bench) {
      const { answer } = await bench.answer({ tools: [WEATHER] });
      const results = answer.toolCalls.map(({ id, name }) => ({
        role: 'tool' as const,
        callId: id,
        name,
        text: 'rain',
      }));
      const second = await bench.answer({
        tools: [WEATHER],
        messages: [
          { role: 'system', text: 'Be brief.' },
          { role: 'user', text: 'Weather?' },
          { role: 'assistant', text: '', toolCalls: answer.toolCalls },
          ...results,
          { role: 'system', text: 'Answer now.' },
        ],
      });
      expect(second.answer.text).toBe('It rains.');
      expect(JSON.stringify(bench.server.requests[1]!.body)).toContain('rain');
    },
  },
  'asks for structured output': {
    turns: [{ text: '{"name":"Ada","age":36}' }],
    async run(bench) {
      const { answer } = await bench.answer({ responseSchema: SCHEMA });
      expect(JSON.parse(answer.text)).toEqual({ name: 'Ada', age: 36 });
      expect(bench.kit.schemaIn(bench.server.requests[0]!.body!)).toMatchObject({
        required: ['name', 'age'],
      });
    },
  },
  'sends images': {
    turns: [{ text: 'a dot' }],
    async run(bench) {
      const data = Buffer.from('not really a picture').toString('base64');
      const media = [{ mediaType: 'image/png', data }];
      await bench.answer({ messages: [{ role: 'user', text: 'What is this?', media }] });
      expect(JSON.stringify(bench.server.requests[0]!.body)).toContain(data);
    },
  },
  'refuses tool arguments of an answer that was cut at the limit': {
    turns: [{ toolCalls: [CALL], finish: 'length' }],
    async run(bench) {
      const { error, calls } = await bench.failure();
      expect(error.code).toBe('provider.tool_call_invalid');
      expect(calls).toEqual([]);
    },
  },
  'explains a refused key without repeating it': {
    turns: [{ status: 401, error: `Incorrect API key provided: ${KEY}` }],
    async run(bench) {
      const { error } = await bench.failure();
      expect(error.code).toBe('provider.unauthorized');
      expect(error.message).toContain('Incorrect API key provided');
      expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(KEY);
      expect(bench.server.requests).toHaveLength(1);
    },
  },
  'explains an unknown model': {
    turns: [{ status: 404, error: 'model not found' }],
    async run(bench) {
      const { error } = await bench.failure();
      expect(error).toMatchObject({ code: 'provider.bad_request' });
      expect(error.hint).toMatch(/model/i);
    },
  },
  'waits as long as a 429 asks for': {
    turns: [
      { status: 429, error: 'slow down', headers: { 'retry-after': '2' } },
      { status: 429, error: 'slow down', headers: { 'retry-after-ms': '120', 'retry-after': '9' } },
      { text: 'now' },
    ],
    async run(bench) {
      const { answer, waits, journal } = await bench.answer();
      expect(answer.text).toBe('now');
      expect(waits).toEqual([2000, 120]);
      expect(journal.filter(({ type }) => type === 'model.retry')).toMatchObject([
        { attempt: 1 },
        { attempt: 2 },
      ]);
    },
  },
  'gives up a 429 that stays': {
    turns: [{ status: 429 }, { status: 429 }, { status: 429, headers: { 'retry-after': '3' } }],
    async run(bench) {
      const { error } = await bench.failure();
      expect(error).toMatchObject({ code: 'provider.rate_limited', details: { retryAfterMs: 3000 } });
      expect(bench.server.requests).toHaveLength(3);
    },
  },
  'repeats after a 500': {
    turns: [{ status: 500, error: 'oops' }, { text: 'fine' }],
    async run(bench) {
      const { answer, waits } = await bench.answer();
      expect(answer.text).toBe('fine');
      expect(waits).toHaveLength(1);
    },
  },
  'does not believe garbage': {
    turns: [{ garbage: '<html>It works!</html>', contentType: 'text/html' }],
    async run(bench) {
      expect((await bench.failure()).error.code).toBe('provider.bad_response');
      expect(bench.server.requests).toHaveLength(1);
    },
  },
  'notices half a stream': {
    turns: [{ text: ['one ', 'two ', 'three '.repeat(200)], cutAt: 700 }],
    streamedOnly: true,
    async run(bench) {
      const { error } = await bench.failure();
      expect(error.code).toBe('provider.stream_broken');
    },
  },
  'notices a connection that breaks': {
    turns: [{ text: ['one ', 'two '.repeat(300)], breakAt: 900 }],
    async run(bench) {
      const { error } = await bench.failure({
        settings: { retry: { ...bench.settings().retry, maxRetries: 0 } },
      });
      expect(error.code).toBe('provider.stream_broken');
    },
  },
  'names the place that cannot be reached': {
    turns: [],
    async run(bench) {
      await bench.server.close();
      const { error } = await bench.failure();
      expect(error.code).toBe('provider.unreachable');
      expect(error.hint).toContain(bench.server.url);
    },
  },
  'gives up a server that says nothing': {
    turns: [{ hangAt: 0 }],
    async run(bench) {
      const { error } = await bench.failure({ settings: { timeoutMs: 300 } });
      expect(error.code).toBe('provider.timeout');
      expect(await bench.server.requests[0]!.closed).toBe('aborted');
    },
  },
  'gives up a stream that stops in the middle': {
    turns: [{ text: 'one', hangAt: 30 }],
    async run(bench) {
      const { error } = await bench.failure({ settings: { timeoutMs: 300 } });
      expect(error.code).toBe('provider.timeout');
      expect(await bench.server.requests[0]!.closed).toBe('aborted');
    },
  },
  'closes its connection when the call is cancelled': {
    turns: [{ text: ['one ', 'two '.repeat(500)], hangAt: 1500 }],
    async run(bench) {
      const controller = new AbortController();
      const abort = () => controller.abort();
      const waiting = bench.failure({ signal: controller.signal, settings: { timeoutMs: 20_000 } });
      while (bench.server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      abort();
      expect((await waiting).error.code).toBe('component.cancelled');
      expect(await bench.server.requests[0]!.closed).toBe('aborted');
    },
  },
  'closes its connection when nobody reads on': {
    turns: [{ text: ['one ', 'two '.repeat(500)], hangAt: 1500 }],
    streamedOnly: true,
    async run(bench) {
      const settings = bench.settings();
      const { context, events: journal } = testContext();
      const model = await bench.kit.definition.model(settings, bench.kit.model);
      const request = { messages: [{ role: 'user' as const, text: 'Hello' }] };
      for await (const event of converse(model, request, context, settings)) if (event.type === 'text') break;
      expect(await bench.server.requests[0]!.closed).toBe('aborted');
      expect(journal.at(-1)).toMatchObject({ type: 'model.usage', usage: { source: 'estimated' } });
    },
  },
  'does not start what is already cancelled': {
    turns: [],
    async run(bench) {
      const { error } = await bench.failure({ signal: AbortSignal.abort() });
      expect(error.code).toBe('component.cancelled');
      expect(bench.server.requests).toHaveLength(0);
    },
  },
};

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function runCase(kit: Kit, { turns, run }: Case, streaming: boolean): Promise<void> {
  const server = await kit.start({ turns });
  servers.push(server);
  await run(new Bench(kit, server, streaming));
}

describe.each(Object.entries(KITS))('%s', (_name, kit) => {
  for (const [title, each] of Object.entries(CASES)) {
    it(`${title} (streamed)`, () => runCase(kit, each, true));
    if (!each.streamedOnly) it(`${title} (plain)`, () => runCase(kit, each, false));
  }

  it('lists the models when it is checked', async () => {
    const server = await kit.start({ turns: [], models: ['m1', 'm2'] });
    servers.push(server);
    const settings = new Bench(kit, server, true).settings();
    await expect(kit.definition.check!(settings, new AbortController().signal)).resolves.toEqual({
      models: ['m1', 'm2'],
    });
  });
});
