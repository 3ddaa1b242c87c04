import { defineProvider, type ModelCapabilities, type ProviderSettings } from '../model.js';
import { listModels } from '../model-list.js';
import { sdkCall, systemFirst } from '../sdk-messages.js';
import { sdkModel } from '../sdk-model.js';
import { extraHeaders, keyOrPlaceholder, sdkOptions, versioned } from '../sdk-options.js';

const BASE_URL = 'https://api.anthropic.com/v1';
const API_VERSION = '2023-06-01';
/** The event that ends a complete message. Inside an answer's text the quotes would be escaped. */
const END_MARK = /"type"\s*:\s*"message_stop"\s*[,}]/;

/** Anthropic and what speaks its protocol. */
export default defineProvider({
  type: 'anthropic',
  implementation: 'ai-sdk',
  description: 'Anthropic',
  keyVariables: ['ANTHROPIC_API_KEY'],
  needsKey: true,
  offline: false,
  baseUrl: BASE_URL,
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  defaultModel: 'claude-sonnet-4-5',
  models: [
    'claude-opus-4-5',
    'claude-opus-4-1',
    'claude-sonnet-4-5',
    'claude-haiku-4-5',
    'claude-3-5-haiku-latest',
  ],
  capabilities,
  model: anthropicModel,
  check: (settings, signal) => {
    const headers = {
      'anthropic-version': API_VERSION,
      'x-api-key': keyOrPlaceholder(settings),
      ...extraHeaders(settings),
    };
    const url = `${versioned(settings.baseUrl ?? BASE_URL)}/models`;
    return listModels(settings, { url, headers, list: 'data', id: 'id' }, signal);
  },
});

async function anthropicModel(settings: ProviderSettings, model: string) {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  return sdkModel(settings, model, {
    endMark: END_MARK,
    create: (fetch) =>
      createAnthropic({
        apiKey: keyOrPlaceholder(settings),
        baseURL: versioned(settings.baseUrl ?? BASE_URL),
        headers: extraHeaders(settings),
        fetch,
      }).languageModel(model),
    call: (request) => ({
      ...sdkCall({ ...request, messages: systemFirst(request.messages) }),
      providerOptions: sdkOptions(settings, 'anthropic'),
    }),
  });
}

function capabilities(model: string): ModelCapabilities {
  const known = /^claude-(3|opus|sonnet|haiku)/.test(model);
  return { streaming: true, multimodal: known, tools: true, maxContextTokens: known ? 200_000 : 100_000 };
}
