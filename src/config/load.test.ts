import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LlmspellError } from '../core/errors.js';
import { DEFAULT_CONFIG } from './defaults.js';
import { loadConfig } from './load.js';
import type { LoadOptions } from './options.js';
import { TestPlace } from './testing.js';
import type { OriginKind } from './types.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

async function failure(options: LoadOptions): Promise<LlmspellError> {
  return loadConfig(options).then(
    () => expect.unreachable('loading should fail'),
    (error: LlmspellError) => error,
  );
}

/** Each layer sets the same key to a value of its own; `rag-dev` sets it to 256. */
const LAYERS: { kind: OriginKind; value: number; add(options: LoadOptions): LoadOptions; where?: RegExp }[] =
  [
    { kind: 'default', value: 512, add: (options) => options },
    {
      kind: 'profile',
      value: 256,
      add: (options) => ({ ...options, profile: 'rag-dev' }),
      where: /^rag-dev$/,
    },
    {
      kind: 'user',
      value: 301,
      add: (options) => {
        place.write(
          'home/.llmspell/config.toml',
          'default_engine = "lua"\n\n[rag.chunking]\nchunk_size = 301\n',
        );
        return options;
      },
      where: /home\/\.llmspell\/config\.toml:4$/,
    },
    {
      kind: 'project',
      value: 302,
      add: (options) => {
        place.write('project/llmspell.toml', 'rag.chunking.chunk_size = 302\n');
        return options;
      },
      where: /project\/llmspell\.toml:1$/,
    },
    {
      kind: 'environment',
      value: 303,
      add: (options) => ({ ...options, env: { ...options.env, LLMSPELL_RAG_CHUNKING_CHUNK_SIZE: '303' } }),
      where: /^LLMSPELL_RAG_CHUNKING_CHUNK_SIZE$/,
    },
    {
      kind: 'flag',
      value: 304,
      add: (options) => ({ ...options, overrides: { rag: { chunking: { chunk_size: 304 } } } }),
    },
  ];

describe('precedence', () => {
  const pairs = LAYERS.flatMap((strong, index) => LAYERS.slice(0, index).map((weak) => ({ strong, weak })));

  test.each(pairs)('$strong.kind wins over $weak.kind', async ({ strong, weak }) => {
    const loaded = await loadConfig(strong.add(weak.add(place.options())));
    expect(loaded.config.rag.chunking.chunk_size).toBe(strong.value);
    const origin = loaded.origins.get('rag.chunking.chunk_size');
    expect(origin?.kind).toBe(strong.kind);
    if (strong.where) expect(origin?.where).toMatch(strong.where);
  });

  test('layers that set different keys all count', async () => {
    place.write('home/.config/llmspell/config.toml', '[runtime]\nmax_concurrent_scripts = 3\n');
    place.write('project/llmspell.toml', '[runtime]\nscript_timeout_seconds = 60\n');
    const { config, files } = await loadConfig(place.options({ profile: 'state,rag-dev' }));
    expect(config.runtime.max_concurrent_scripts).toBe(3);
    expect(config.runtime.script_timeout_seconds).toBe(60);
    expect(config.runtime.state_persistence.backend_type).toBe('memory');
    expect(config.rag.enabled).toBe(true);
    expect(files.map((file) => path.basename(file))).toEqual(['config.toml', 'llmspell.toml']);
  });

  test('later profiles of a list win', async () => {
    const { config, origins } = await loadConfig(place.options({ profile: 'rag-perf, rag-dev' }));
    expect(config.rag.vector_storage.dimensions).toBe(384);
    expect(origins.get('rag.vector_storage.dimensions')).toEqual({ kind: 'profile', where: 'rag-dev' });
    expect(origins.get('rag.vector_storage.persistence_path')?.where).toBe('rag-perf');
  });

  test('lists replace, tables merge', async () => {
    const text =
      '[tools.file_operations]\nallowed_paths = ["/a"]\n[tools.http_request.default_headers]\nX-Team = "t"\n';
    place.write('project/llmspell.toml', text);
    const { config } = await loadConfig(place.options());
    expect(config.tools.file_operations.allowed_paths).toEqual(['/a']);
    expect(config.tools.http_request.default_headers).toEqual({
      'User-Agent': 'llmspell-http/1.0',
      'X-Team': 't',
    });
  });
});

describe('defaults', () => {
  test('nothing configured gives the defaults, frozen, each with its origin', async () => {
    const loaded = await loadConfig(place.options());
    expect(loaded.config).toEqual(DEFAULT_CONFIG);
    expect(loaded.origins.get('runtime.security.max_memory_bytes')).toEqual({ kind: 'default' });
    expect(Object.isFrozen(loaded.config.runtime.security)).toBe(true);
    expect(loaded.files).toEqual([]);
  });

  test('what is loaded from a file is frozen too', async () => {
    place.write('project/llmspell.toml', '[providers.ollama]\nextra = { deep = [1] }\n');
    const { config } = await loadConfig(place.options());
    const ollama = config.providers.ollama as unknown as { extra: { deep: number[] } };
    expect(() => ollama.extra.deep.push(2)).toThrow(TypeError);
  });

  test('flags alone win over defaults', async () => {
    const { config, origins } = await loadConfig(
      place.options({ overrides: { permissions: { net: ['*'] } } }),
    );
    expect(config.permissions.net).toEqual(['*']);
    expect(origins.get('permissions.net')).toEqual({ kind: 'flag' });
    expect(origins.get('permissions.read')).toEqual({ kind: 'default' });
  });
});

describe('files', () => {
  const names = ['llmspell.toml', '.llmspell.toml', 'config/llmspell.toml', '.config/llmspell.toml'];

  test.each(names)('finds ./%s', async (name) => {
    const file = place.write(`project/${name}`, 'default_engine = "typescript"\n');
    const { config, files } = await loadConfig(place.options());
    expect(config.default_engine).toBe('typescript');
    expect(files).toEqual([file]);
  });

  test.each([
    ['xdg/llmspell/config.toml', { XDG_CONFIG_HOME: 'xdg' }],
    ['home/.config/llmspell/config.toml', {}],
    ['home/.llmspell/config.toml', {}],
    ['home/.llmspell.toml', {}],
  ])('finds the user file %s', async (name, env: Record<string, string>) => {
    const file = place.write(name, 'default_engine = "javascript"\n');
    const absolute = Object.fromEntries(
      Object.entries(env).map(([key, value]) => [key, path.join(place.root, value)]),
    );
    const { config, files, origins } = await loadConfig(place.options({ env: absolute }));
    expect(config.default_engine).toBe('javascript');
    expect(files).toEqual([file]);
    expect(origins.get('default_engine')).toEqual({ kind: 'user', where: `${file}:1` });
  });

  test('the nearest parent wins, and its relative paths count from there', async () => {
    place.write('project/llmspell.toml', '[permissions]\nread = ["docs", "*", "/abs"]\n');
    place.write('llmspell.toml', 'default_engine = "js"\n');
    const cwd = path.join(place.cwd, 'a/b');
    mkdirSync(cwd, { recursive: true });
    const { config } = await loadConfig(place.options({ cwd }));
    expect(config.default_engine).toBe('lua');
    expect(config.permissions.read).toEqual([path.join(place.cwd, 'docs'), '*', '/abs']);
  });

  test('a parent that everybody may write to is passed over', async () => {
    place.write('llmspell.toml', '[permissions]\nread = ["*"]\n');
    expect((await loadConfig(place.options())).config.permissions.read).toEqual(['*']);
    chmodSync(place.root, 0o777);
    expect((await loadConfig(place.options())).config.permissions.read).toEqual([]);
  });

  test("the user's file is not taken for a project's when working below the home directory", async () => {
    const file = place.write('home/.llmspell.toml', 'default_engine = "js"\n');
    const cwd = path.join(place.home, 'work');
    mkdirSync(cwd);
    const { files } = await loadConfig(place.options({ cwd }));
    expect(files).toEqual([file]);
  });

  test.each([{ file: 'other.toml' }, { env: { LLMSPELL_CONFIG: 'other.toml' } }])(
    'a named file replaces the project file: %o',
    async (named) => {
      place.write('project/llmspell.toml', '[runtime]\nmax_concurrent_scripts = 1\n');
      place.write('project/other.toml', 'default_engine = "js"\n');
      place.write('home/.llmspell.toml', '[hooks]\ntimeout_ms = 7\n');
      const { config, files } = await loadConfig(place.options(named));
      expect(files.at(-1)).toBe(path.join(place.cwd, 'other.toml'));
      expect(config.default_engine).toBe('js');
      expect(config.runtime.max_concurrent_scripts).toBe(10);
      expect(config.hooks.timeout_ms).toBe(7);
    },
  );

  test('a named file that is missing, a directory or not UTF-8 is refused', async () => {
    expect(await failure(place.options({ file: 'nope.toml' }))).toMatchObject({ code: 'config.not_found' });
    expect(await failure(place.options({ file: '.' }))).toMatchObject({ code: 'config.unreadable' });
    place.write('project/latin.toml', Uint8Array.of(0x61, 0x3d, 0x22, 0xe4, 0x22));
    expect(await failure(place.options({ file: 'latin.toml' }))).toMatchObject({ code: 'config.syntax' });
  });

  test('home is filled in', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is what is tested
    place.write('project/llmspell.toml', '[permissions]\nread = ["${HOME}/notes", "~/more"]\n');
    const { config } = await loadConfig(place.options());
    expect(config.permissions.read).toEqual([`${place.home}/notes`, `${place.home}/more`]);
  });
});

describe('mistakes', () => {
  async function load(text: string, more: Partial<LoadOptions> = {}) {
    place.write('project/llmspell.toml', text);
    return loadConfig(place.options(more));
  }
  async function refusal(text: string, more: Partial<LoadOptions> = {}): Promise<LlmspellError> {
    place.write('project/llmspell.toml', text);
    return failure(place.options(more));
  }

  test('broken TOML is reported with its position and without its text', async () => {
    const error = await refusal('default_engine = "lua"\n\n[providers.openai]\napi_key = "sk-secret\n');
    expect(error.code).toBe('config.syntax');
    expect(error.message).toMatch(/llmspell\.toml:4:\d+: /);
    expect(error.details).toMatchObject({ line: 4 });
    expect(JSON.stringify([error.message, error.details])).not.toContain('sk-secret');
  });

  test.each([
    [
      '[engines.lua]\ntimout_ms = 5\n',
      "unknown key 'timout_ms' in [engines.lua], did you mean 'timeout_ms'?",
      2,
    ],
    ['[runtim]\nx = 1\n', "unknown key 'runtim' at the top level, did you mean 'runtime'?", 1],
    ['[runtime.security]\nfoo = 1\n', "unknown key 'foo' in [runtime.security]", 2],
    [
      '[providers.ollama]\nbase_ulr = "x"\n',
      "unknown key 'base_ulr' in [providers.ollama], did you mean 'base_url'?",
      2,
    ],
    ['[providers.ollama.retry]\nretries = 1\n', "unknown key 'retries' in [providers.ollama.retry]", 2],
    [
      '[tools.file_operation]\nx = 1\n',
      "unknown key 'file_operation' in [tools], did you mean 'file_operations'?",
      1,
    ],
  ])('%j is a warning', async (text, message, line) => {
    const { warnings } = await load(text);
    expect(warnings).toMatchObject([
      { code: 'unknown_key', where: expect.stringMatching(new RegExp(`toml:${line}$`)) },
    ]);
    expect(warnings[0]!.message).toContain(message);
  });

  test('unknown keys do not reach the configuration, options of providers do', async () => {
    const { config, warnings } = await load(
      '[runtime]\nlog_level = "x"\n[providers.ollama]\nkeep_alive = "5m"\n',
    );
    expect(config.runtime).not.toHaveProperty('log_level');
    expect(config.providers.ollama).toMatchObject({ keep_alive: '5m' });
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ['runtime.max_concurrent_scripts = 0', 'runtime.max_concurrent_scripts: expected at least 1, got 0'],
    ['runtime.max_concurrent_scripts = "x"', "runtime.max_concurrent_scripts: expected a number, got 'x'"],
    [
      'runtime.max_concurrent_scripts = 1.5',
      'runtime.max_concurrent_scripts: expected a whole number, got 1.5',
    ],
    ['runtime = 3', 'runtime: expected a table, got 3'],
    ['default_engine = "pyhton"', 'default_engine: expected one of lua, javascript, js, typescript'],
    ['engines.lua.stdlib = "standard"', "did you mean 'Standard'?"],
    ['runtime.state_persistence.backend_type = "sled"', 'no such backend; the backends are memory and lmdb'],
    ['tools.file_operations.allowed_paths = []', 'allowed_paths: the list must not be empty'],
    ['events.export.webhook = "ftp://x"', 'events.export.webhook: expected an http:// or https:// address'],
    ['providers.default_provider = "acme"', 'providers.default_provider: there is no table [providers.acme]'],
    [
      '[providers.opnai]',
      "provider_type, such as openai, openai-compatible, anthropic, ollama; did you mean 'openai'?",
    ],
    ['[providers.x]\nprovider_type = ""', 'providers.x.provider_type: must not be empty'],
    ['[providers.ollama.retry]\nbackoff_multiplier = 0', 'backoff_multiplier: expected more than 0'],
    ['runtime.state_persistence.backup.compression_level = 10', 'compression_level: expected at most 9'],
    ['events.filtering.exclude_types = ["*"]', "exclude_types: '*' is both included and excluded"],
    ['rag.chunking.overlap = 512', 'rag.chunking.overlap: must be smaller than chunk_size'],
  ])('%j is refused', async (text, message) => {
    const error = await refusal(text);
    expect(error.code).toBe('config.invalid');
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/llmspell\.toml(:\d+)?\)/);
    expect(error.details?.issues).toHaveLength(1);
  });

  test('the allowed values are in the details', async () => {
    const error = await refusal('[debug]\nlevel = "loud"');
    expect(error.details?.issues).toMatchObject(
      [
        { path: 'debug.level', allowed: ['off', 'error', 'warn', 'info', 'debug', 'trace'], where: /:2$/ },
      ].map((issue) => ({ ...issue, where: expect.stringMatching(issue.where) })),
    );
  });

  test('a refused secret is not shown', async () => {
    const error = await refusal('[providers.openai]\napi_key = ["sk-very-secret"]');
    expect(JSON.stringify([error.message, error.details])).not.toContain('sk-very-secret');
  });

  test('an unknown profile names the closest', async () => {
    const error = await failure(place.options({ profile: 'rag-dve' }));
    expect(error).toMatchObject({ code: 'config.unknown_profile', hint: "Did you mean 'rag-dev'?" });
    expect(error.message).toContain('minimal, development');
  });

  test('keys named like parts of objects are data', async () => {
    const text = [
      '[providers.ollama.__proto__]',
      'polluted = true',
      '[tools.http_request.default_headers]',
      '__proto__ = "x"',
      'constructor = "y"',
      '[tools.__proto__]',
      'polluted = true',
      '[__proto__]',
      'polluted = true',
    ].join('\n');
    const { config, warnings, origins } = await load(text);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(config.providers.ollama)).toBe(Object.prototype);
    expect(Object.keys(config.tools.http_request.default_headers)).toEqual([
      'User-Agent',
      '__proto__',
      'constructor',
    ]);
    expect(origins.get('tools.http_request.default_headers.__proto__')?.kind).toBe('project');
    expect(warnings).toMatchObject([{ code: 'unknown_key', path: '__proto__' }]);
  });
});

describe('providers', () => {
  async function provider(text: string, name: string) {
    place.write('project/llmspell.toml', text);
    return (await loadConfig(place.options())).config.providers[name];
  }

  test('a table named after a type needs nothing else', async () => {
    expect(await provider('[providers.ollama]', 'ollama')).toEqual({
      name: 'ollama',
      provider_type: 'ollama',
      enabled: true,
      streaming: true,
    });
  });

  test('sub-tables get their defaults once they are written', async () => {
    expect(await provider('[providers.mock.retry]\nmax_retries = 1', 'mock')).toMatchObject({
      retry: { max_retries: 1, initial_delay_ms: 1000, max_delay_ms: 30_000, backoff_multiplier: 2 },
    });
  });

  test('the short max_retries is not hidden by the default of a retry table', async () => {
    const text = '[providers.mock]\nmax_retries = 7\n[providers.mock.retry]\ninitial_delay_ms = 1\n';
    expect(await provider(text, 'mock')).toMatchObject({ retry: { max_retries: 7, initial_delay_ms: 1 } });
  });

  test('other spellings are understood', async () => {
    const text = '[providers.providers.openai]\nmodel = "m"\n[engines.js]\ntimeout_ms = 9\n';
    place.write('project/llmspell.toml', text);
    const { config, warnings } = await loadConfig(place.options());
    expect(config.providers.openai).toMatchObject({ default_model: 'm', provider_type: 'openai' });
    expect(config.engines.javascript.timeout_ms).toBe(9);
    expect(warnings).toEqual([]);
  });

  test('a log file gets its defaults', async () => {
    place.write('project/llmspell.toml', '[debug.output.file]\npath = "x.log"');
    const { config } = await loadConfig(place.options());
    expect(config.debug.output.file).toEqual({
      path: 'x.log',
      append: true,
      max_size: 10_000_000,
      max_files: 5,
    });
  });
});
