import { fail } from '../core/errors.js';
import type { ModelRequest, ProviderDefinition, ProviderSettings } from './model.js';
import { listModels } from './model-list.js';
import type { Preset } from './presets.js';
import { fitsStrictMode, schemaInstruction } from './schema-dialect.js';
import { sdkCall } from './sdk-messages.js';
import { sdkModel } from './sdk-model.js';
import { extraHeaders, sdkOptions, versioned } from './sdk-options.js';

/** The line that ends a complete stream of chat completions. A line break inside an answer is always escaped. */
export const OPENAI_END_MARK = /(^|\n)data:\s*\[DONE\]/;

/** The part of a preset that may be left open. */
export type CompatibleKind = Omit<Preset, 'baseUrl'> & { baseUrl?: string };

/** A provider type for servers that speak OpenAI's chat completions. */
export function compatibleProvider(type: string, kind: CompatibleKind): ProviderDefinition {
  return {
    type,
    implementation: 'ai-sdk',
    description: kind.description,
    keyVariables: kind.keyVariables,
    needsKey: kind.keyVariables.length > 0,
    offline: false,
    baseUrl: kind.baseUrl,
    capabilities: () => ({ streaming: true, multimodal: false, tools: true }),
    model: (settings, model) => compatibleModel(settings, model, kind),
    ...(kind.listsModels && {
      check: (settings: ProviderSettings, signal: AbortSignal) =>
        checkCompatible(settings, requireBaseUrl(settings, kind), signal),
    }),
  };
}

/** Asks `GET /models`, as every server of this kind offers it. */
export function checkCompatible(
  settings: ProviderSettings,
  baseUrl: string,
  signal: AbortSignal,
): Promise<{ models: string[] }> {
  const headers = {
    ...(settings.apiKey !== undefined && { authorization: `Bearer ${settings.apiKey}` }),
    ...extraHeaders(settings),
  };
  return listModels(settings, { url: `${baseUrl}/models`, headers, list: 'data', id: 'id' }, signal);
}

async function compatibleModel(settings: ProviderSettings, model: string, kind: CompatibleKind) {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const native = structured(settings, kind);
  const baseURL = requireBaseUrl(settings, kind);
  return sdkModel(settings, model, {
    endMark: OPENAI_END_MARK,
    create: (fetch) =>
      createOpenAICompatible({
        name: 'openaiCompatible',
        baseURL,
        ...(settings.apiKey !== undefined && { apiKey: settings.apiKey }),
        headers: extraHeaders(settings),
        includeUsage: true,
        supportsStructuredOutputs: native,
        fetch,
      }).chatModel(model),
    call: (request) => ({
      ...sdkCall(native ? request : withSchemaInPrompt(request)),
      providerOptions: sdkOptions(settings, 'openaiCompatible', {
        ...(request.responseSchema && { strictJsonSchema: fitsStrictMode(request.responseSchema) }),
      }),
    }),
  });
}

function structured(settings: ProviderSettings, kind: CompatibleKind): boolean {
  const chosen = settings.options.structured_outputs;
  return typeof chosen === 'boolean' ? chosen : kind.structuredOutputs;
}

function withSchemaInPrompt(request: ModelRequest): ModelRequest {
  if (!request.responseSchema) return request;
  const instruction = { role: 'system' as const, text: schemaInstruction(request.responseSchema) };
  return { ...request, messages: [instruction, ...request.messages] };
}

function requireBaseUrl(settings: ProviderSettings, kind: CompatibleKind): string {
  const url = settings.baseUrl ?? kind.baseUrl;
  if (url) return url === kind.baseUrl ? url : versioned(url);
  throw fail('config.invalid', `Provider '${settings.name}' has no base_url`, {
    hint: `Set base_url under [providers.${settings.name}], e.g. "http://127.0.0.1:8080/v1".`,
  });
}
