import { fail } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';
import type { ProviderDefinition, ProviderSettings, RetrySettings } from './model.js';
import { DEFAULT_RETRY } from './retry.js';

/** Milliseconds of silence after which a request is given up, unless the table says otherwise. */
export const DEFAULT_TIMEOUT_MS = 120_000;

/** One `[providers.NAME]` table as the configuration has it. */
export interface ProviderTable {
  name?: string | undefined;
  provider_type?: string | undefined;
  enabled?: boolean | undefined;
  base_url?: string | undefined;
  api_key_env?: string | undefined;
  api_key?: string | undefined;
  default_model?: string | undefined;
  /** Older spelling of `default_model`. */
  model?: string | undefined;
  max_tokens?: number | undefined;
  timeout_seconds?: number | undefined;
  max_retries?: number | undefined;
  temperature?: number | undefined;
  streaming?: boolean | undefined;
  retry?:
    | {
        max_retries?: number | undefined;
        initial_delay_ms?: number | undefined;
        max_delay_ms?: number | undefined;
        backoff_multiplier?: number | undefined;
      }
    | undefined;
  options?: unknown;
  [key: string]: unknown;
}

/** What a caller may change for one model. */
export interface ProviderOverrides {
  baseUrl?: string | undefined;
  apiKey?: string | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
  streaming?: boolean | undefined;
  /** Laid over the table's own further keys. */
  options?: JsonObject | undefined;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const OWN_KEYS = new Set([
  'name',
  'provider_type',
  'enabled',
  'base_url',
  'api_key_env',
  'api_key',
  'default_model',
  'model',
  'max_tokens',
  'timeout_seconds',
  'max_retries',
  'temperature',
  'streaming',
  'retry',
  'options',
]);

/**
 * The settings of one provider: its table, the environment and the definition's defaults put together.
 * @param stored the key that is kept for it, for when nothing else names one.
 */
export function providerSettings(
  name: string,
  table: ProviderTable,
  definition: ProviderDefinition,
  env: Environment,
  overrides: ProviderOverrides = {},
  stored?: string,
): ProviderSettings {
  const timeout = table.timeout_seconds === undefined ? DEFAULT_TIMEOUT_MS : table.timeout_seconds * 1000;
  return {
    name,
    type: definition.type,
    enabled: table.enabled ?? true,
    baseUrl: overrides.baseUrl ?? baseUrlOf(name, table, definition, env),
    apiKey: overrides.apiKey ?? configuredKey(name, table, definition, env, overrides, stored),
    defaultModel: table.default_model ?? table.model ?? definition.defaultModel,
    maxTokens: overrides.maxTokens ?? table.max_tokens,
    temperature: overrides.temperature ?? table.temperature,
    timeoutMs: overrides.timeoutMs ?? timeout,
    streaming: overrides.streaming ?? table.streaming ?? true,
    retry: retryOf(table, overrides),
    options: optionsOf(table, overrides),
  };
}

/**
 * Refuses settings that cannot work for want of a key. A place of one's own may well need none.
 * @throws `provider.missing_key`
 */
export function requireKey(
  settings: ProviderSettings,
  table: ProviderTable,
  definition: ProviderDefinition,
): void {
  if (!lacksKey(settings, definition)) return;
  const variable =
    table.api_key_env ?? definition.keyVariables[0] ?? `${variablePrefix(settings.name)}_API_KEY`;
  throw fail('provider.missing_key', `Provider '${settings.name}' needs an API key`, {
    hint: `Set the environment variable ${variable}, or use a model that needs none, e.g. "offline/extract".`,
    details: { provider: settings.name, variable },
  });
}

/** Whether a request would be sent without the key it needs. */
export function lacksKey(settings: ProviderSettings, definition: ProviderDefinition): boolean {
  return definition.needsKey && settings.apiKey === undefined && settings.baseUrl === definition.baseUrl;
}

/** A key never follows a base URL that the caller chose: whoever may name a host must not thereby learn the key. */
function configuredKey(
  name: string,
  table: ProviderTable,
  definition: ProviderDefinition,
  env: Environment,
  overrides: ProviderOverrides,
  stored: string | undefined,
): string | undefined {
  const elsewhere =
    overrides.baseUrl !== undefined && overrides.baseUrl !== baseUrlOf(name, table, definition, env);
  return elsewhere ? undefined : (keyOf(name, table, definition, env) ?? stored);
}

function keyOf(name: string, table: ProviderTable, definition: ProviderDefinition, env: Environment) {
  const variables = keyVariables(name, table, definition.keyVariables);
  const candidates = [table.api_key, ...variables.map((variable) => env[variable])];
  return candidates.find((key) => key?.trim())?.trim();
}

function keyVariables(name: string, table: ProviderTable, usual: readonly string[]): string[] {
  const named = table.api_key_env ? [table.api_key_env] : [];
  return [...named, `${variablePrefix(name)}_API_KEY`, ...usual];
}

/** Where the key of a provider is named, apart from those that are kept; undefined when nowhere. */
export function keyPlace(
  name: string,
  table: ProviderTable,
  usual: readonly string[],
  env: Environment,
): string | undefined {
  if (table.api_key?.trim()) return 'the configuration';
  const variable = keyVariables(name, table, usual).find((each) => env[each]?.trim());
  return variable && `the variable ${variable}`;
}

function baseUrlOf(name: string, table: ProviderTable, definition: ProviderDefinition, env: Environment) {
  const usual = definition.baseUrlVariable ? env[definition.baseUrlVariable] : undefined;
  const candidates = [table.base_url, env[`${variablePrefix(name)}_ENDPOINT`], usual, definition.baseUrl];
  return candidates.find((url) => url?.trim())?.trim();
}

function variablePrefix(name: string): string {
  return `LLMSPELL_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

function retryOf(table: ProviderTable, overrides: ProviderOverrides): RetrySettings {
  const { retry = {} } = table;
  return {
    maxRetries: overrides.maxRetries ?? table.max_retries ?? retry.max_retries ?? DEFAULT_RETRY.maxRetries,
    initialDelayMs: retry.initial_delay_ms ?? DEFAULT_RETRY.initialDelayMs,
    maxDelayMs: retry.max_delay_ms ?? DEFAULT_RETRY.maxDelayMs,
    multiplier: retry.backoff_multiplier ?? DEFAULT_RETRY.multiplier,
  };
}

function optionsOf(table: ProviderTable, overrides: ProviderOverrides): JsonObject {
  const further = Object.entries(table).filter(([key, value]) => !OWN_KEYS.has(key) && value !== undefined);
  const nested = isRecord(table.options) ? table.options : {};
  const merged: Record<string, unknown> = { ...Object.fromEntries(further), ...nested, ...overrides.options };
  return merged as Record<string, JsonValue>;
}
