import type { LanguageModelV3CallOptions } from '@ai-sdk/provider';
import { isRecord, type JsonObject } from '../core/values.js';
import type { ProviderSettings } from './model.js';

type SdkOptions = NonNullable<LanguageModelV3CallOptions['providerOptions']>;

/** The table's `headers`: further headers of every request, e.g. for a gateway. */
export function extraHeaders(settings: ProviderSettings): Record<string, string> {
  const headers = isRecord(settings.options.headers) ? settings.options.headers : {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The table's `provider_options`, handed to the SDK as they are, after the ones llmspell sets itself. */
export function sdkOptions(settings: ProviderSettings, key: string, own: JsonObject = {}): SdkOptions {
  const given = isRecord(settings.options.provider_options) ? settings.options.provider_options : {};
  return { [key]: { ...own, ...given } } as SdkOptions;
}

/** Stands in the key's place where a server of one's own asks for none but the SDK insists. */
export function keyOrPlaceholder(settings: ProviderSettings): string {
  return settings.apiKey ?? 'none';
}

/** A base URL with the API's version: `http://localhost:1234` becomes `http://localhost:1234/v1`. */
export function versioned(url: string): string {
  const trimmed = url.replace(/\/+$/, '');
  return /^https?:\/\/[^/]+$/.test(trimmed) ? `${trimmed}/v1` : trimmed;
}
