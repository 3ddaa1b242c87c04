import type { Variables } from './environment-registry.js';
import { getAt } from './paths.js';
import { providerEntries } from './provider-tables.js';
import type { Config, ConfigIssue, ConfigIssueCode, ProviderConfig } from './types.js';

/** Work without a key, or with services that often need none. */
const KEYLESS = new Set([
  'ollama',
  'mock',
  'offline',
  'candle',
  'local',
  'llama-cpp',
  'lmstudio',
  'vllm',
  'openai-compatible',
]);

/** Above these values a slip of the hand is likelier than intent. */
const IMPLAUSIBLE: Readonly<Record<string, number>> = {
  'runtime.max_concurrent_scripts': 1000,
  'runtime.script_timeout_seconds': 86_400,
  'runtime.security.max_memory_bytes': 64 * 2 ** 30,
  'runtime.security.max_execution_time_ms': 86_400_000,
  'engines.lua.max_memory_bytes': 4 * 2 ** 30,
  'engines.javascript.max_heap_size_bytes': 4 * 2 ** 30,
  'runtime.sessions.max_sessions': 100_000,
  'tools.file_operations.max_file_size': 10 * 2 ** 30,
  'tools.file_operations.max_depth': 1000,
  'tools.http_request.max_redirects': 50,
  'tools.http_request.timeout_seconds': 3600,
  'rag.vector_storage.dimensions': 65_536,
};

/** What is allowed but may not be what was meant: for `config validate`, not for every start. */
export function advise(config: Config, env: Variables): ConfigIssue[] {
  return [...providerAdvice(config, env), ...networkAdvice(config), ...sizeAdvice(config)];
}

function warning(code: ConfigIssueCode, path: string, message: string): ConfigIssue {
  return { code, path, message };
}

function providerAdvice(config: Config, env: Variables): ConfigIssue[] {
  const entries = providerEntries(config.providers);
  if (entries.length === 0)
    return [
      warning(
        'no_providers',
        'providers',
        'No providers configured; spells answer with the offline extractor',
      ),
    ];
  const preferred = entries.find(([name]) => name === config.providers.default_provider);
  const missing = entries
    .filter(([name, entry]) => entry.enabled && lacksKey(name, entry, env))
    .map(([name]) => missingKey(name));
  if (preferred?.[1].enabled !== false) return missing;
  const message = `The default provider '${preferred[0]}' is disabled`;
  return [warning('provider_disabled', 'providers.default_provider', message), ...missing];
}

function missingKey(name: string): ConfigIssue {
  const path = `providers.${name}`;
  return warning(
    'missing_credentials',
    path,
    `Provider '${name}' has no API key: set api_key_env or its variable`,
  );
}

function lacksKey(name: string, entry: ProviderConfig, env: Variables): boolean {
  if (KEYLESS.has(entry.provider_type) || entry.api_key) return false;
  if (entry.api_key_env && env[entry.api_key_env]) return false;
  const upper = (text: string) => text.replaceAll('-', '_').toUpperCase();
  const type = upper(entry.provider_type);
  const variables = [`LLMSPELL_${upper(name)}_API_KEY`, `${type}_API_KEY`, `${type}_API_TOKEN`];
  return !variables.some((variable) => env[variable]);
}

function networkAdvice(config: Config): ConfigIssue[] {
  const granted = [...config.permissions.net, ...config.tools.http_request.allowed_hosts];
  if (config.runtime.security.allow_network_access || granted.length > 0) return [];
  const message = 'Network access is disabled for tools; grant hosts in permissions.net';
  return [warning('network_disabled', 'permissions.net', message)];
}

function sizeAdvice(config: Config): ConfigIssue[] {
  return Object.entries(IMPLAUSIBLE).flatMap(([path, limit]) => {
    const value = getAt(config, path.split('.'));
    if (typeof value !== 'number' || value <= limit) return [];
    return [warning('implausible_value', path, `${path}: ${value} is unusually high`)];
  });
}
