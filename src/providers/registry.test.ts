import { describe, expect, it } from 'vitest';
import { startOpenAiServer } from '../../test/support/openai-server.js';
import { testContext } from '../core/testing.js';
import { collect, converse } from './complete.js';
import { Providers, type ProvidersConfig } from './registry.js';

const definitions = {
  anthropic: () => import('./definitions/anthropic.js'),
  mock: () => import('./definitions/mock.js'),
  offline: () => import('./definitions/offline.js'),
  ollama: () => import('./definitions/ollama.js'),
  openai: () => import('./definitions/openai.js'),
  'openai-compatible': () => import('./definitions/openai-compatible.js'),
};

function providers(config: ProvidersConfig = {}, env: Record<string, string> = {}): Providers {
  return new Providers({ config, env, definitions });
}

async function located(spec: string | undefined, config: ProvidersConfig = {}): Promise<string> {
  const { model } = await providers(config, {
    OPENAI_API_KEY: 'k',
    GROQ_API_KEY: 'k',
    OPENROUTER_API_KEY: 'k',
  }).resolve(spec);
  return `${model.provider}: ${model.model}`;
}

describe('Providers.list', () => {
  it('puts offline first when nothing is configured', async () => {
    const names = (await providers().list()).map(({ name }) => name);
    expect(names).toEqual(['builtin/offline/extract', 'builtin/mock/echo']);
  });

  it('puts the default first, then the others by name', async () => {
    const config = {
      default_provider: 'openai',
      ollama: { default_model: 'llama3.2' },
      openai: { default_model: 'gpt-4o', api_key: 'k' },
      groq: { default_model: 'm', enabled: false },
    };
    const list = await providers(config).list();
    expect(list.map(({ name }) => name)).toEqual([
      'ai-sdk/openai/gpt-4o',
      'ai-sdk/groq/m',
      'builtin/mock/echo',
      'builtin/offline/extract',
      'ollama/ollama/llama3.2',
    ]);
    expect(list[0]).toMatchObject({
      enabled: true,
      capabilities: { supports_streaming: true, supports_multimodal: true, max_context_tokens: 128_000 },
    });
    expect(list[0]!.capabilities.available_models[0]).toBe('gpt-4o');
    expect(list[1]).toMatchObject({ enabled: false, available: false });
  });

  it('finds one by full name, table and type', async () => {
    const all = providers({ fast: { provider_type: 'openai', model: 'gpt-4o-mini' } });
    for (const name of ['ai-sdk/openai/gpt-4o-mini', 'fast', 'openai'])
      expect((await all.get(name))?.provider).toBe('fast');
    expect((await all.get('fast'))?.available).toBe(false);
    expect(await all.get('nothing')).toBeUndefined();
  });
});

describe('Providers.resolve', () => {
  const ollama = { ollama: { default_model: 'llama3.2' } };

  it.each<[string | undefined, ProvidersConfig, string]>([
    [undefined, {}, 'offline: extract'],
    [undefined, ollama, 'ollama: llama3.2'],
    ['ollama', ollama, 'ollama: llama3.2'],
    ['qwen3', ollama, 'ollama: qwen3'],
    ['gpt-4o', {}, 'openai: gpt-4o'],
    ['groq/llama-3', {}, 'groq: llama-3'],
    ['openrouter/deepseek/m', {}, 'openrouter: deepseek/m'],
    ['local/llama3.1:8b', {}, 'ollama: llama3.1:8b'],
    ['llama3.1:8b@ollama', {}, 'ollama: llama3.1:8b'],
    ['hf.co/user/m@ollama', {}, 'ollama: hf.co/user/m'],
    ['openrouter/claude@20240620', {}, 'openrouter: claude@20240620'],
    ['claude@20240620', {}, 'openai: claude@20240620'],
    ['openai/gpt-4o', { fast: { provider_type: 'openai', api_key: 'x' } }, 'fast: gpt-4o'],
    ['mock/anything', {}, 'mock: anything'],
  ])('takes %s', async (spec, config, expected) => {
    expect(await located(spec, config)).toBe(expected);
  });

  it.each<[string, ProvidersConfig, string, RegExp]>([
    ['opnai/gpt-4o', {}, 'provider.not_found', /openai/],
    ['meta-llama/x', { default_provider: 'together' }, 'provider.not_found', /together\/meta-llama\/x/],
    ['', {}, 'provider.invalid_model', /cannot be empty/],
    ['openai/gpt-4o@ollama', {}, 'provider.invalid_model', /two providers/],
    ['anthropic/claude-3', {}, 'provider.missing_key', /ANTHROPIC_API_KEY/],
    [
      'x/m',
      { x: { provider_type: 'openai', api_key_env: 'MY_KEY', enabled: false } },
      'provider.not_found',
      /enabled/,
    ],
    ['x/m', { x: { provider_type: 'anthropic', api_key_env: 'MY_KEY' } }, 'provider.missing_key', /MY_KEY/],
    ['x/m', { x: { provider_type: 'opena' } }, 'config.invalid', /openai/],
    ['openai-compatible/m', {}, 'config.invalid', /base_url/],
    ['vllm', {}, 'provider.invalid_model', /default_model/],
    ['offline/other', {}, 'provider.invalid_model', /offline\/extract/],
  ])('refuses %j', async (spec, config, code, words) => {
    const error = await located(spec, config).then(
      () => expect.unreachable('should have been refused'),
      (thrown: unknown) => thrown as { code: string; message: string; hint?: string },
    );
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.hint}`).toMatch(words);
  });

  it('looks for keys in order', async () => {
    const env = { MY: 'named', LLMSPELL_OPENAI_API_KEY: 'prefixed', OPENAI_API_KEY: 'usual' };
    const key = async (config: ProvidersConfig, given: Record<string, string>) =>
      (await providers(config, given).resolve('openai/m')).settings.apiKey;
    expect(await key({ openai: { api_key: 'table', api_key_env: 'MY' } }, env)).toBe('table');
    expect(await key({ openai: { api_key_env: 'MY' } }, env)).toBe('named');
    expect(await key({}, env)).toBe('prefixed');
    expect(await key({}, { OPENAI_API_KEY: ' usual\n' })).toBe('usual');
  });

  it('looks for places in order, and asks for no key at a place of ones own', async () => {
    const url = async (config: ProvidersConfig, env: Record<string, string>) =>
      (await providers(config, env).resolve('openai/m')).settings.baseUrl;
    const env = { LLMSPELL_OPENAI_ENDPOINT: 'http://b', OPENAI_BASE_URL: 'http://c' };
    expect(await url({ openai: { base_url: 'http://a' } }, env)).toBe('http://a');
    expect(await url({}, env)).toBe('http://b');
    expect(await url({}, { OPENAI_BASE_URL: 'http://c' })).toBe('http://c');
  });

  it('never sends a configured key to a place that the caller names', async () => {
    const { settings } = await providers({ openai: { api_key: 'k' } }).resolve('openai/m', {
      baseUrl: 'http://evil',
    });
    expect(settings.apiKey).toBeUndefined();
  });

  it('reads the table', async () => {
    const table = {
      max_tokens: 5,
      timeout_seconds: 2,
      temperature: 0.1,
      streaming: false,
      retry: { max_retries: 7, initial_delay_ms: 1, max_delay_ms: 2, backoff_multiplier: 3 },
      num_ctx: 8192,
      options: { think: true },
    };
    const { settings } = await providers({ ollama: table }).resolve('ollama/m', { temperature: 0.9 });
    expect(settings).toMatchObject({ maxTokens: 5, timeoutMs: 2000, temperature: 0.9, streaming: false });
    expect(settings.retry).toEqual({ maxRetries: 7, initialDelayMs: 1, maxDelayMs: 2, multiplier: 3 });
    expect(settings.options).toEqual({ num_ctx: 8192, think: true });
  });
});

describe('a preset', () => {
  it('speaks to its server, with the schema in the prompt where it knows no other way', async () => {
    const server = await startOpenAiServer({ turns: [{ text: '{}' }], models: ['a'] });
    try {
      const all = providers({ groq: { base_url: server.url, api_key: 'k' } });
      const { model, settings } = await all.resolve('groq/llama');
      const request = {
        messages: [{ role: 'user' as const, text: 'x' }],
        responseSchema: { type: 'object' },
      };
      await collect(converse(model, request, testContext().context, settings), model);
      expect(server.requests[0]!.body).toMatchObject({ response_format: { type: 'json_object' } });
      expect(JSON.stringify(server.requests[0]!.body!.messages)).toContain('JSON Schema');
      expect(server.requests[0]!.headers.authorization).toBe('Bearer k');
      expect(await all.check('groq', new AbortController().signal)).toEqual({ models: ['a'] });
    } finally {
      await server.close();
    }
  });
});
