import type { ProviderDefinition, ProviderSettings } from './model.js';
import { lacksKey } from './settings.js';

/** A provider as scripts see it. */
export interface ProviderInfo {
  /** `<implementation>/<type>/<model>`, e.g. `ai-sdk/openai/gpt-4o-mini`; the model may contain slashes itself. */
  name: string;
  /** The name to use in front of a model. */
  provider: string;
  type: string;
  enabled: boolean;
  /** Enabled, and nothing it needs is missing. Says nothing about the network. */
  available: boolean;
  default_model: string | null;
  description: string;
  capabilities: {
    supports_streaming: boolean;
    supports_multimodal: boolean;
    supports_tools: boolean;
    max_context_tokens?: number;
    /** The models that can be named without asking the provider; the default one first. */
    available_models: string[];
  };
}

/** The face of a provider. */
export function providerInfo(settings: ProviderSettings, definition: ProviderDefinition): ProviderInfo {
  const model = settings.defaultModel ?? '';
  const can = definition.capabilities(model);
  const models = new Set([...(model ? [model] : []), ...(definition.models ?? [])]);
  return {
    name: `${definition.implementation}/${definition.type}/${model}`,
    provider: settings.name,
    type: definition.type,
    enabled: settings.enabled,
    available: settings.enabled && !lacksKey(settings, definition),
    default_model: model || null,
    description: definition.description,
    capabilities: {
      supports_streaming: can.streaming && settings.streaming,
      supports_multimodal: can.multimodal,
      supports_tools: can.tools,
      ...(can.maxContextTokens !== undefined && { max_context_tokens: can.maxContextTokens }),
      available_models: [...models],
    },
  };
}
