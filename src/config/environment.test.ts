import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REGISTRY } from './environment-registry.js';
import { loadConfig } from './load.js';
import { getAt } from './paths.js';
import { TestPlace } from './testing.js';
import { type LeafNode, leaves, nodeAt, schemaTree } from './tree.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

const load = (env: Record<string, string>) => loadConfig(place.options({ env }));

/** A text that is legal for most keys of a kind, and the value it becomes. */
const SAMPLES: Readonly<Record<LeafNode['type'], [text: string, value: unknown]>> = {
  boolean: ['true', true],
  integer: ['7', 7],
  number: ['0.5', 0.5],
  string: ['some text', 'some text'],
  list: ['a, b', ['a', 'b']],
  map: ['', undefined],
};

const SPECIAL: Readonly<Record<string, [text: string, value: unknown]>> = {
  default_engine: ['javascript', 'javascript'],
  'runtime.state_persistence.backend_type': ['memory', 'memory'],
  'runtime.sessions.storage_backend': ['lmdb', 'lmdb'],
  'tools.media.image_max_dimensions': ['1920,1080', [1920, 1080]],
  'tools.search.default_engine': ['bing', 'bing'],
  'providers.openai.base_url': ['http://localhost:1', 'http://localhost:1'],
  'providers.anthropic.base_url': ['http://localhost:1', 'http://localhost:1'],
  'events.overflow': ['sample', 'sample'],
  'events.export.webhook': ['https://example.com/hook', 'https://example.com/hook'],
  'debug.level': ['trace', 'trace'],
  'tracing.format': ['json', 'json'],
};

describe('registry', () => {
  const tree = schemaTree();

  test.each(Object.entries(REGISTRY))('LLMSPELL_%s sets %s', async (name, path) => {
    const leaf = nodeAt(tree, path.split('.')) as LeafNode;
    expect(leaf?.kind, 'the path is a key of the schema').toBe('leaf');
    const [text, value] = SPECIAL[path] ?? SAMPLES[leaf.type];
    const loaded = await load({ [`LLMSPELL_${name}`]: text });
    expect(getAt(loaded.config, path.split('.'))).toEqual(value);
    expect(loaded.origins.get(path)).toEqual({ kind: 'environment', where: `LLMSPELL_${name}` });
    expect(loaded.warnings).toEqual([]);
  });

  test('no two keys share a general variable, and none is shadowed by a registered one', () => {
    const general = [...leaves(tree)].map(([path]) => path.join('_').toUpperCase());
    expect(new Set(general).size).toBe(general.length);
    const shadowed = [...leaves(tree)].filter(([path]) => {
      const registered = REGISTRY[path.join('_').toUpperCase()];
      return registered !== undefined && registered !== path.join('.');
    });
    expect(shadowed).toEqual([]);
  });
});

describe('general rule', () => {
  test.each([
    ['LLMSPELL_ENGINES_LUA_STDLIB', 'None', 'engines.lua.stdlib', 'None'],
    ['LLMSPELL_RUNTIME_BUDGET_COST_USD', '0.25', 'runtime.budget.cost_usd', 0.25],
    ['LLMSPELL_PERMISSIONS_NET', 'a.com,b.com:8080', 'permissions.net', ['a.com', 'b.com:8080']],
    ['LLMSPELL_PERMISSIONS_NET', '', 'permissions.net', []],
    ['LLMSPELL_RAG_ENABLED', 'on', 'rag.enabled', true],
    ['LLMSPELL_RUNTIME_SECURITY_MAX_MEMORY_BYTES', '1_000', 'runtime.security.max_memory_bytes', 1000],
    ['LLMSPELL_PROVIDERS_DEFAULT_PROVIDER', 'mock', 'providers.default_provider', 'mock'],
    ['LLMSPELL_PROVIDERS_MOCK_RETRY_MAX_RETRIES', '0', 'providers.mock.retry.max_retries', 0],
    ['LLMSPELL_PROVIDER_GROQ_MODEL', '4', 'providers.groq.default_model', '4'],
    [
      'LLMSPELL_PROVIDER_OPENAI_COMPATIBLE_BASE_URL',
      'http://h/v1',
      'providers.openai-compatible.base_url',
      'http://h/v1',
    ],
    ['LLMSPELL_DEBUG_OUTPUT', 'colored,file:/x.log', 'debug.output.stdout', false],
    ['LLMSPELL_DEBUG_OUTPUT', 'stdout,file:/x.log', 'debug.output.file.path', '/x.log'],
    ['LLMSPELL_DEBUG_MODULES', '+a,-b,c', 'debug.module_filters.enabled', ['a', 'c']],
    ['LLMSPELL_DEBUG_MODULES', '+a,-b,c', 'debug.module_filters.disabled', ['b']],
  ])('%s=%s', async (name, text, path, value) => {
    const { config, warnings } = await load({ [name]: text });
    expect(getAt(config, path.split('.'))).toEqual(value);
    expect(warnings).toEqual([]);
  });

  test('the registered name wins over the general spelling of the same key', async () => {
    const { config } = await load({
      LLMSPELL_STATE_ENABLED: 'false',
      LLMSPELL_RUNTIME_STATE_PERSISTENCE_ENABLED: 'true',
    });
    expect(config.runtime.state_persistence.enabled).toBe(false);
  });

  test('an empty variable counts as not set', async () => {
    expect((await load({ LLMSPELL_MAX_CONCURRENT_SCRIPTS: '' })).config.runtime.max_concurrent_scripts).toBe(
      10,
    );
  });
});

describe('mistakes', () => {
  test.each([
    ['LLMSPELL_DEFAULT_ENGINE', 'cobol', /default_engine: expected one of lua.*\(LLMSPELL_DEFAULT_ENGINE\)/],
    [
      'LLMSPELL_MAX_CONCURRENT_SCRIPTS',
      'many',
      /expected a number, got 'many' \(LLMSPELL_MAX_CONCURRENT_SCRIPTS\)/,
    ],
    ['LLMSPELL_HOOKS_ENABLED', 'maybe', /hooks\.enabled: expected true or false, got 'maybe'/],
    ['LLMSPELL_STATE_BACKEND', 'redis', /the backends are memory and lmdb/],
  ])('%s=%s is refused', async (name, text, message) => {
    await expect(load({ [name]: text })).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(message),
    });
  });

  test('a misspelt variable is a warning with a suggestion', async () => {
    const { warnings } = await load({ LLMSPELL_TOOLS_ALOWED_PATHS: '/x' });
    expect(warnings).toMatchObject([
      {
        code: 'unknown_variable',
        path: 'LLMSPELL_TOOLS_ALOWED_PATHS',
        suggestion: 'LLMSPELL_TOOLS_ALLOWED_PATHS',
      },
    ]);
  });

  test('variables of other parts of the program are left alone', async () => {
    const env = {
      LLMSPELL_RAG_ENABLED: '1',
      LLMSPELL_API_KEY_TAVILY: 'k',
      LLMSPELL_GROQ_ENDPOINT: 'http://x',
    };
    const { warnings } = await load({
      ...env,
      LLMSPELL_ENGINE: 'js',
      LLMSPELL_KERNEL_ID: 'k',
      LLMSPELL_LOG_FILE: '/l',
    });
    expect(warnings).toEqual([]);
  });
});

describe('provider keys', () => {
  test('a bare key creates no provider', async () => {
    expect((await load({ OPENAI_API_KEY: 'k' })).config.providers).toEqual({});
    expect((await load({ OPENAI_API_KEY: 'k', LLMSPELL_RAG_ENABLED: '1' })).config.providers).toEqual({});
  });

  test('it fills the provider that is configured', async () => {
    place.write('project/llmspell.toml', '[providers.openai]\napi_key = "file"\n[providers.anthropic]\n');
    const { config, origins } = await load({ OPENAI_API_KEY: 'k1', ANTHROPIC_API_KEY: 'k2' });
    expect(config.providers).toMatchObject({ openai: { api_key: 'k1' }, anthropic: { api_key: 'k2' } });
    expect(origins.get('providers.openai.api_key')).toEqual({ kind: 'environment', where: 'OPENAI_API_KEY' });
  });

  test('it does not displace the variable that the configuration names', async () => {
    place.write('project/llmspell.toml', '[providers.openai]\napi_key_env = "WORK_KEY"\n');
    expect((await load({ OPENAI_API_KEY: 'k' })).config.providers.openai).not.toHaveProperty('api_key');
  });

  test('our own variable wins over the plain one', async () => {
    const { config } = await load({ OPENAI_API_KEY: 'plain', LLMSPELL_PROVIDER_OPENAI_API_KEY: 'own' });
    expect(config.providers.openai).toMatchObject({ api_key: 'own', provider_type: 'openai' });
  });
});
