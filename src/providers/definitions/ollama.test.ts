import { describe, expect, it } from 'vitest';
import { startOllamaServer } from '../../../test/support/ollama-server.js';
import { testContext } from '../../core/testing.js';
import { collect } from '../complete.js';
import ollama, { ollamaHost } from './ollama.js';

describe('ollamaHost', () => {
  it.each([
    [undefined, 'http://127.0.0.1:11434'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['box:9000', 'http://box:9000'],
    ['http://box', 'http://box:11434'],
    ['http://box:11434/api/', 'http://box:11434'],
    ['http://box:11434/v1', 'http://box:11434'],
    ['https://box.example', 'https://box.example'],
    ['http://box/ollama', 'http://box/ollama'],
  ])('reads %s', (text, url) => {
    expect(ollamaHost(text)).toBe(url);
  });
});

describe('ollama', () => {
  it('sends its own options where Ollama reads them', async () => {
    const server = await startOllamaServer({ turns: [{ text: 'ok' }] });
    try {
      const model = await ollama.model(
        {
          name: 'ollama',
          type: 'ollama',
          enabled: true,
          baseUrl: server.url,
          timeoutMs: 5000,
          streaming: true,
          retry: { maxRetries: 0, initialDelayMs: 1, maxDelayMs: 1, multiplier: 1 },
          options: { num_ctx: 8192, keep_alive: '10m', think: false, unrelated: 1 },
        },
        'qwen3',
      );
      const request = {
        messages: [{ role: 'user' as const, text: 'x' }],
        temperature: 0,
        maxTokens: 9,
        seed: 4,
      };
      await collect(model.ask(request, testContext().context), model);
      expect(server.requests[0]!.body).toMatchObject({
        keep_alive: '10m',
        think: false,
        options: { num_ctx: 8192, temperature: 0, num_predict: 9, seed: 4 },
      });
      expect(JSON.stringify(server.requests[0]!.body)).not.toContain('unrelated');
    } finally {
      await server.close();
    }
  });

  it('passes on an error that is reported in the middle of a stream', async () => {
    const garbage = '{"message":{"content":"a"},"done":false}\n{"error":"model runner stopped"}\n';
    const server = await startOllamaServer({ turns: [{ garbage, contentType: 'application/x-ndjson' }] });
    try {
      const model = await ollama.model(
        {
          name: 'ollama',
          type: 'ollama',
          enabled: true,
          baseUrl: server.url,
          timeoutMs: 5000,
          streaming: true,
          retry: { maxRetries: 0, initialDelayMs: 1, maxDelayMs: 1, multiplier: 1 },
          options: {},
        },
        'm',
      );
      const turn = collect(
        model.ask({ messages: [{ role: 'user', text: 'x' }] }, testContext().context),
        model,
      );
      await expect(turn).rejects.toThrow('model runner stopped');
    } finally {
      await server.close();
    }
  });
});
