import { checkCompatible, OPENAI_END_MARK } from '../compatible.js';
import { defineProvider, type ModelCapabilities, type ProviderSettings } from '../model.js';
import { fitsStrictMode } from '../schema-dialect.js';
import { sdkCall } from '../sdk-messages.js';
import { sdkModel } from '../sdk-model.js';
import { extraHeaders, keyOrPlaceholder, sdkOptions, versioned } from '../sdk-options.js';

const BASE_URL = 'https://api.openai.com/v1';

/** Context sizes in tokens by the beginning of the model's name; the first match counts. */
const CONTEXT_SIZES: readonly (readonly [string, number])[] = [
  ['gpt-5', 400_000],
  ['gpt-4.1', 1_047_576],
  ['gpt-4o', 128_000],
  ['gpt-4-turbo', 128_000],
  ['gpt-4', 8_192],
  ['gpt-3.5', 16_385],
  ['o1-mini', 128_000],
  ['o1', 200_000],
  ['o3', 200_000],
  ['o4', 200_000],
];

/** The chat completions API, because every server that calls itself OpenAI-compatible speaks that one. */
export default defineProvider({
  type: 'openai',
  implementation: 'ai-sdk',
  description: 'OpenAI',
  keyVariables: ['OPENAI_API_KEY'],
  needsKey: true,
  offline: false,
  baseUrl: BASE_URL,
  baseUrlVariable: 'OPENAI_BASE_URL',
  defaultModel: 'gpt-4o-mini',
  models: ['gpt-5', 'gpt-5-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o', 'gpt-4o-mini', 'o3', 'o4-mini'],
  capabilities,
  model: openaiModel,
  check: (settings, signal) => checkCompatible(settings, baseUrl(settings), signal),
});

async function openaiModel(settings: ProviderSettings, model: string) {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return sdkModel(settings, model, {
    endMark: OPENAI_END_MARK,
    create: (fetch) =>
      createOpenAI({
        apiKey: keyOrPlaceholder(settings),
        baseURL: baseUrl(settings),
        headers: extraHeaders(settings),
        fetch,
      }).chat(model),
    call: (request) => ({
      ...sdkCall(request),
      providerOptions: sdkOptions(settings, 'openai', {
        ...(request.responseSchema && { strictJsonSchema: fitsStrictMode(request.responseSchema) }),
      }),
    }),
  });
}

function baseUrl(settings: ProviderSettings): string {
  return versioned(settings.baseUrl ?? BASE_URL);
}

function capabilities(model: string): ModelCapabilities {
  const size = CONTEXT_SIZES.find(([prefix]) => model.startsWith(prefix))?.[1];
  const multimodal = /^(gpt-5|gpt-4\.1|gpt-4o|gpt-4-turbo|o1(?!-mini)|o3(?!-mini)|o4)/.test(model);
  return { streaming: true, multimodal, tools: true, maxContextTokens: size };
}
