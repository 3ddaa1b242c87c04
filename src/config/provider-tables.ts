import { isRecord } from '../core/values.js';
import type { ProviderConfig, ProvidersConfig } from './types.js';

/** Names that say by themselves which implementation is meant; a table so named needs no `provider_type`. */
export const KNOWN_PROVIDER_TYPES: readonly string[] = [
  'openai',
  'openai-compatible',
  'anthropic',
  'ollama',
  'mock',
  'offline',
  'candle',
  'local',
  'llama-cpp',
  'azure',
  'gemini',
  'google',
  'groq',
  'together',
  'fireworks',
  'perplexity',
  'mistral',
  'cohere',
  'replicate',
  'openrouter',
  'deepseek',
  'xai',
  'lmstudio',
  'vllm',
];

/** The configured providers by name, in the order in which they were written. */
export function providerEntries(providers: ProvidersConfig): [name: string, entry: ProviderConfig][] {
  return Object.entries(providers).filter((pair): pair is [string, ProviderConfig] => isRecord(pair[1]));
}
