import { describe, expect, it } from 'vitest';
import type { ToolsConfig } from '../../config/types.js';
import { invoke } from '../../core/invoke.js';
import { type TestContextOptions, testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost, type ToolHost } from '../host.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import { type Answering, json, loopback, loopbackOnly } from './loopback.case.js';
import { DUCKDUCKGO_ANSWER, DUCKDUCKGO_CAPTCHA, engineServer } from './search/replies.case.js';
import webSearcher from './web-searcher.js';

const serve = loopback();
type Environment = Record<string, string>;
interface Setting {
  environment?: Environment;
  config?: ToolsConfig;
}

function search(
  input: Record<string, unknown>,
  { environment = {}, config = {} }: Setting = {},
  options: TestContextOptions = {},
) {
  return callTool(webSearcher, input, {
    permissions: loopbackOnly(),
    ...options,
    host: { environment, config },
  });
}

/** The variables that make an engine usable on loopback. */
const usable = (engine: string, origin: string): Environment => ({
  [`WEBSEARCH_${engine.toUpperCase()}_BASE_URL`]: origin,
  [`WEBSEARCH_${engine.toUpperCase()}_API_KEY`]: 'key-0123456789',
  ...(engine === 'google' && { WEBSEARCH_GOOGLE_SEARCH_ENGINE_ID: 'cx-1' }),
});
const params = (path: string) => Object.fromEntries(new URL(path, 'http://x').searchParams);
const urlsOf = (answer: { result: unknown }) =>
  (answer.result as { results: { url: string }[] }).results.map(({ url }) => url);

describe('web-searcher', () => {
  itRunsItsSamples(webSearcher);

  it.each<[string, string, object, object[]]>([
    [
      'brave',
      'web',
      {},
      [
        {
          title: 'Lua',
          url: 'https://lua.org/',
          snippet: 'A language',
          published: '2026-01-02',
          provider: 'brave',
          rank: 1,
        },
      ],
    ],
    [
      'brave',
      'news',
      {},
      [
        {
          title: 'News',
          url: 'https://n.example/1',
          snippet: 'New',
          published: '1 day ago',
          source: 'n.example',
        },
      ],
    ],
    [
      'brave',
      'images',
      {},
      [
        {
          title: 'Moon',
          url: 'https://p.example/moon',
          image_url: 'https://p.example/moon.png',
          thumbnail_url: 'https://imgs.example/t',
        },
      ],
    ],
    ['bing', 'web', {}, [{ title: 'Lua', url: 'https://lua.org/', snippet: 'A language', provider: 'bing' }]],
    [
      'bing',
      'news',
      {},
      [
        {
          title: 'News',
          url: 'https://n.example/1',
          snippet: 'New',
          published: '2026-01-02T03:04:05Z',
          source: 'N',
        },
      ],
    ],
    [
      'bing',
      'images',
      {},
      [{ title: 'Moon', url: 'https://p.example/moon', image_url: 'https://p.example/moon.png' }],
    ],
    [
      'google',
      'web',
      { query: 'lua' },
      [{ title: 'Lua', snippet: 'A language', source: 'lua.org', provider: 'google' }],
    ],
    [
      'google',
      'images',
      {},
      [
        {
          title: 'Lua',
          url: 'https://lua.org/page',
          image_url: 'https://lua.org/',
          thumbnail_url: 'https://t/1',
        },
      ],
    ],
    [
      'serpapi',
      'web',
      {},
      [{ title: 'Lua', url: 'https://lua.org/', snippet: 'A language', provider: 'serpapi (google)' }],
    ],
    [
      'serpapi',
      'news',
      {},
      [{ title: 'News', url: 'https://n.example/1', source: 'N', published: '1 day ago' }],
    ],
    [
      'serpapi',
      'images',
      {},
      [{ title: 'Moon', url: 'https://p.example/moon', image_url: 'https://p.example/moon.png' }],
    ],
    [
      'serperdev',
      'web',
      {},
      [
        {
          title: 'Lua',
          url: 'https://lua.org/about',
          snippet: 'A language',
          provider: 'serperdev (answer)',
          rank: 1,
        },
        { title: 'Lua', url: 'https://lua.org/', provider: 'serperdev', rank: 2 },
      ],
    ],
    [
      'serperdev',
      'news',
      {},
      [{ title: 'News', url: 'https://n.example/1', source: 'N', published: '1 day ago' }],
    ],
    [
      'serperdev',
      'images',
      {},
      [{ title: 'Moon', url: 'https://p.example/moon', image_url: 'https://p.example/moon.png' }],
    ],
    [
      'tavily',
      'web',
      {},
      [
        { title: 'Answer', snippet: 'Lua is a language.', provider: 'tavily (answer)' },
        {
          title: 'Lua',
          url: 'https://lua.org/',
          snippet: 'A language',
          published: 'Mon',
          provider: 'tavily',
        },
      ],
    ],
    [
      'tavily',
      'images',
      {},
      [{ url: 'https://p.example/1.png' }, { title: 'Two', image_url: 'https://p.example/2.png' }],
    ],
    [
      'duckduckgo',
      'web',
      {},
      [
        {
          title: 'Programming in Lua',
          url: 'https://www.lua.org/pil/?a=1&b=2',
          snippet: 'The first edition & Lua for everybody.',
          provider: 'duckduckgo',
        },
        {
          title: 'Lua - Wikipedia',
          url: 'https://en.wikipedia.org/wiki/Lua',
          snippet: 'A programming language.',
        },
      ],
    ],
  ])('reads what %s answers to a search for %s', async (engine, kind, _, results) => {
    const { origin } = await serve(engineServer(engine));
    const answer = await search(
      { query: 'lua', provider: engine, search_type: kind },
      { environment: usable(engine, origin) },
    );
    expect(answer).toMatchObject({
      success: true,
      operation: 'search',
      result: { query: 'lua', search_type: kind, count: results.length, results },
      metadata: { attempts: [{ provider: engine, outcome: 'used' }], filtered: 0 },
    });
  });

  it('asks in the way of each engine', async () => {
    const ask = async (engine: string, input: object) => {
      const { origin, seen } = await serve(engineServer(engine));
      await search(
        { input: 'lua & more', provider: engine, max_results: 3, ...input },
        { environment: usable(engine, origin) },
      );
      return seen[0]!;
    };
    const brave = await ask('brave', { language: 'de-AT' });
    expect(brave.headers['x-subscription-token']).toBe('key-0123456789');
    expect(params(brave.path)).toEqual({
      q: 'lua & more',
      count: '3',
      search_lang: 'de',
      safesearch: 'strict',
      text_decorations: 'false',
    });
    const bing = await ask('bing', { safe_search: false });
    expect(bing.headers['ocp-apim-subscription-key']).toBe('key-0123456789');
    expect(params(bing.path)).toEqual({
      q: 'lua & more',
      count: '3',
      safeSearch: 'Off',
      setLang: 'en',
      mkt: 'en-US',
    });
    const google = await ask('google', { search_type: 'news', max_results: 50 });
    expect(params(google.path)).toEqual({
      key: 'key-0123456789',
      cx: 'cx-1',
      q: 'lua & more news',
      num: '10',
      safe: 'active',
      hl: 'en',
    });
    const serpapi = await ask('serpapi', { search_type: 'images' });
    expect(params(serpapi.path)).toMatchObject({
      engine: 'google',
      api_key: 'key-0123456789',
      tbm: 'isch',
      num: '3',
    });
    const serper = await ask('serperdev', { language: 'en-GB' });
    expect(serper).toMatchObject({
      method: 'POST',
      path: '/search',
      headers: { 'x-api-key': 'key-0123456789' },
    });
    expect(JSON.parse(serper.body)).toEqual({ q: 'lua & more', num: 3, hl: 'en', gl: 'gb', safe: 'active' });
    const tavily = await ask('tavily', { search_type: 'news' });
    expect(tavily.headers.authorization).toBe('Bearer key-0123456789');
    expect(JSON.parse(tavily.body)).toMatchObject({
      query: 'lua & more',
      topic: 'news',
      search_depth: 'advanced',
      max_results: 3,
    });
    const duck = await ask('duckduckgo', { language: 'en-GB', safe_search: false });
    expect(Object.fromEntries(new URLSearchParams(duck.body))).toEqual({
      q: 'lua & more',
      b: '',
      kl: 'uk-en',
      kp: '-2',
    });
    expect(duck.headers['user-agent']).toBe('llmspell-web-search/1.0');
  });

  it('shows results as text', async () => {
    const { origin } = await serve(engineServer('duckduckgo'));
    const { text } = await search({ input: 'lua', limit: 1 }, { environment: usable('duckduckgo', origin) });
    expect(text).toBe(
      '1. Programming in Lua\n   https://www.lua.org/pil/?a=1&b=2\n   The first edition & Lua for everybody.',
    );
  });

  it('takes an unknown kind of search for web', async () => {
    const { origin } = await serve(engineServer('duckduckgo'));
    const answer = await search(
      { input: 'lua', search_type: 'smells' },
      { environment: usable('duckduckgo', origin) },
    );
    expect(answer.result).toMatchObject({ search_type: 'web', count: 2 });
  });
});

describe('the engines that are asked', () => {
  it.each<[string, Setting, object]>([
    ['the one that is named', {}, { provider: 'brave' }],
    ['WEBSEARCH_DEFAULT_PROVIDER', { environment: { WEBSEARCH_DEFAULT_PROVIDER: 'Brave' } }, {}],
    ['tools.search.default_engine', { config: { search: { default_engine: 'brave' } } }, {}],
  ])('begin with %s', async (_, { environment = {}, config = {} }, input) => {
    const first = await serve(engineServer('brave'));
    const second = await serve(engineServer('tavily'));
    const both = { ...usable('brave', first.origin), ...usable('tavily', second.origin), ...environment };
    expect((await search({ input: 'lua', ...input }, { environment: both, config })).result).toMatchObject({
      provider: 'brave',
    });
    expect(second.seen).toHaveLength(0);
  });

  it.each<[string, Environment, ToolsConfig]>([
    [
      'LLMSPELL_API_KEY_BRAVE_SEARCH',
      { WEBSEARCH_BRAVE_API_KEY: 'other-key-1', BRAVE_API_KEY: 'other-key-2' },
      {},
    ],
    ['WEBSEARCH_BRAVE_API_KEY', { BRAVE_API_KEY: 'other-key-2' }, {}],
    ['BRAVE_API_KEY', {}, { search: { default_engine: 'brave', api_key: 'other-key-3' } }],
  ])('take their key from %s first', async (variable, others, config) => {
    const { origin, seen } = await serve(engineServer('brave'));
    const environment = { [variable]: 'wanted-key', ...others, WEBSEARCH_BRAVE_BASE_URL: `${origin}/` };
    await search({ input: 'lua', provider: 'brave' }, { environment, config });
    expect(seen[0]!.headers['x-subscription-token']).toBe('wanted-key');
  });

  it('take the key of the configuration for its own engine only', async () => {
    const { origin, seen } = await serve(engineServer('brave'));
    const config = { search: { default_engine: 'brave', api_key: 'configured-key' } } as const;
    const environment = { WEBSEARCH_BRAVE_BASE_URL: origin };
    await search({ input: 'lua' }, { environment, config });
    expect(seen[0]!.headers['x-subscription-token']).toBe('configured-key');
    const other = { search: { default_engine: 'bing', api_key: 'configured-key' } } as const;
    await expect(
      search({ input: 'lua', provider: 'brave' }, { environment, config: other }),
    ).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('follow each other: unknown, without key, failing, empty, then one that has hits', async () => {
    const failing = await serve(json({}, 500));
    const empty = await serve(json({ web: { results: [] } }));
    const last = await serve(engineServer('duckduckgo'));
    const environment = {
      ...usable('tavily', failing.origin),
      ...usable('brave', empty.origin),
      ...usable('duckduckgo', last.origin),
    };
    expect(await search({ input: 'lua', provider: 'yahoo' }, { environment })).toMatchObject({
      result: { provider: 'duckduckgo', count: 2 },
      metadata: {
        attempts: [
          { provider: 'yahoo', outcome: 'unknown' },
          { provider: 'tavily', outcome: 'failed', error: 'tavily failed: HTTP 500 Internal Server Error' },
          { provider: 'serperdev', outcome: 'not configured', reason: 'not configured (SERPERDEV_API_KEY)' },
          { provider: 'brave', outcome: 'empty' },
          { provider: 'bing', outcome: 'not configured' },
          { provider: 'serpapi', outcome: 'not configured' },
          { provider: 'duckduckgo', outcome: 'used' },
        ],
      },
    });
  });

  it('never include Google unless it is named', async () => {
    const google = await serve(engineServer('google'));
    const duck = await serve(engineServer('duckduckgo'));
    const environment = { ...usable('google', google.origin), ...usable('duckduckgo', duck.origin) };
    await search({ input: 'lua' }, { environment });
    expect(google.seen).toHaveLength(0);
  });

  it('may all find nothing', async () => {
    const { origin } = await serve(({ path }, response) =>
      response.end(path === '/html/' ? '<html></html>' : '{}'),
    );
    expect(await search({ input: 'xyzzy' }, { environment: usable('duckduckgo', origin) })).toMatchObject({
      success: true,
      result: { provider: 'duckduckgo', count: 0, results: [] },
      text: "0 results from duckduckgo for 'xyzzy'",
    });
  });

  it('may all fail: then the most wanted one says why', async () => {
    const refusing = await serve(json({}, 401));
    const limiting = await serve(json({}, 429));
    const environment = { ...usable('brave', refusing.origin), ...usable('tavily', limiting.origin) };
    await expect(search({ input: 'lua', provider: 'brave' }, { environment })).rejects.toThrow(
      /^All search providers failed: brave refused the API key: HTTP 401 Unauthorized; tavily limits requests: HTTP 429 .*html\.duckduckgo\.com/,
    );
  });

  it('name the grant that is missing', async () => {
    const permissions = createPermissions(noGrants(), { cwd: '/' });
    await expect(search({ input: 'lua' }, {}, { permissions })).rejects.toMatchObject({
      code: 'permission.net',
      hint: expect.stringContaining('--allow-net=html.duckduckgo.com'),
    });
    await expect(
      search(
        { input: 'lua', provider: 'brave' },
        { environment: { BRAVE_API_KEY: 'key-0123456789' } },
        { permissions },
      ),
    ).rejects.toMatchObject({ hint: expect.stringContaining('--allow-net=api.search.brave.com') });
  });

  it('have an http or https address', async () => {
    const environment = { WEBSEARCH_DUCKDUCKGO_BASE_URL: 'file:///etc' };
    await expect(search({ input: 'lua' }, { environment })).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('keep their keys to themselves', async () => {
    const { origin } = await serve(json({}, 500));
    const { context, events } = testContext({ permissions: loopbackOnly() });
    const host: ToolHost = bareHost({
      environment: { ...usable('serpapi', origin), WEBSEARCH_DUCKDUCKGO_BASE_URL: origin },
    });
    const run = invoke(
      toolComponent(webSearcher, host),
      normalizeToolInput(webSearcher, { input: 'lua' }),
      context,
    );
    await expect(run).rejects.toThrow(/serpapi failed/);
    expect(JSON.stringify(events)).not.toContain('key-0123456789');
    expect(context.secrets.mask('key-0123456789')).not.toContain('0123456789');
  });
});

describe('DuckDuckGo', () => {
  const answering =
    (page: string, status = 200): Answering =>
    ({ path }, response) =>
      path === '/html/'
        ? response.writeHead(status).end(page)
        : response.end(JSON.stringify(DUCKDUCKGO_ANSWER));

  it.each<[string, Answering]>([
    ['asks for a CAPTCHA', answering(DUCKDUCKGO_CAPTCHA, 202)],
    ['is empty', answering('<html></html>')],
    ['fails', answering('no', 500)],
  ])('gives its instant answers where its page %s', async (_, server) => {
    const { origin } = await serve(server);
    const answer = await search({ input: 'lua' }, { environment: usable('duckduckgo', origin) });
    expect(urlsOf(answer)).toEqual([
      'https://en.wikipedia.org/wiki/Lua',
      'https://www.lua.org',
      'https://duckduckgo.com/c/Languages',
      'https://duckduckgo.com/Moon',
    ]);
  });

  it('says that it asks for a CAPTCHA where there is no instant answer', async () => {
    const { origin } = await serve(({ path }, response) =>
      response.end(path === '/html/' ? DUCKDUCKGO_CAPTCHA : '{}'),
    );
    await expect(search({ input: 'lua' }, { environment: usable('duckduckgo', origin) })).rejects.toThrow(
      /CAPTCHA/,
    );
  });

  it('only supports web search', async () => {
    await expect(search({ input: 'lua', search_type: 'news' })).rejects.toThrow(/only supports web search/);
  });
});

describe('the configuration', () => {
  it('says how many hits there are, and how the tool introduces itself', async () => {
    const { origin, seen } = await serve(engineServer('duckduckgo'));
    const config = { web_search: { max_results: 1, user_agent: 'me/1' } };
    const answer = await search({ input: 'lua' }, { environment: usable('duckduckgo', origin), config });
    expect(answer.result).toMatchObject({ count: 1 });
    expect(seen[0]!.headers['user-agent']).toBe('me/1');
  });

  it.each<[string[], string[], string[]]>([
    [['*'], ['wikipedia.org'], ['www.lua.org']],
    [['lua.org'], [], ['www.lua.org']],
    [['*.wikipedia.org', 'other.example'], [], ['en.wikipedia.org']],
    [['*'], ['*'], []],
    [['wikipedia.org'], ['en.wikipedia.org'], []],
  ])('keeps hits of %j without %j', async (allowed_domains, blocked_domains, hosts) => {
    const { origin } = await serve(engineServer('duckduckgo'));
    const config = { web_search: { allowed_domains, blocked_domains } };
    const answer = await search({ input: 'lua' }, { environment: usable('duckduckgo', origin), config });
    expect(urlsOf(answer).map((url) => new URL(url).hostname)).toEqual(hosts);
    expect(answer.metadata).toMatchObject({ filtered: 2 - hosts.length });
  });

  it('limits searches a minute, and engines have their own limits', async () => {
    const { origin } = await serve(engineServer('serpapi'));
    const duck = await serve(engineServer('duckduckgo'));
    let now = 1_000_000;
    const { context } = testContext({ permissions: loopbackOnly(), effects: { now: () => now } });
    const environment = { ...usable('serpapi', origin), ...usable('duckduckgo', duck.origin) };
    const host = bareHost({ environment, config: { web_search: { rate_limit_per_minute: 4 } } });
    const run = () => invoke(toolComponent(webSearcher, host), { input: 'lua' }, context);
    const providers: unknown[] = [];
    for (let round = 0; round < 4; round++) providers.push((await run()).metadata.attempts);
    expect(providers[1]).toMatchObject([{}, {}, {}, {}, { provider: 'serpapi', outcome: 'used' }]);
    expect(providers[2]).toMatchObject([
      {},
      {},
      {},
      {},
      { provider: 'serpapi', outcome: 'rate limited', retry_after_ms: 60_000 },
      { provider: 'duckduckgo', outcome: 'used' },
    ]);
    await expect(run()).rejects.toMatchObject({
      message: /Rate limit exceeded: more than 4/,
      details: { retry_after_ms: 60_000 },
    });
    now += 60_001;
    await run();
  });
});

describe('the end', () => {
  it('comes when the call is cancelled; no further engine is asked', async () => {
    const abort = new AbortController();
    const silent = await serve(() => abort.abort(new Error('enough')));
    const next = await serve(engineServer('duckduckgo'));
    const environment = { ...usable('tavily', silent.origin), ...usable('duckduckgo', next.origin) };
    await expect(search({ input: 'lua' }, { environment }, { signal: abort.signal })).rejects.toThrow(
      'enough',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(next.seen).toHaveLength(0);
  });
});
