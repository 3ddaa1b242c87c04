import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { searchWith } from './search/chain.js';
import { domainFilter } from './search/domains.js';
import type { SearchHit } from './search/engine.js';
import { RateLimits } from './search/rate-limit.js';

const inputSchema = z.object({
  input: z.string().trim().min(1, { error: 'the query is empty' }).max(2000).describe('What to search for.'),
  provider: z
    .string()
    .optional()
    .describe(
      'The engine to ask first: tavily, serperdev, brave, bing, serpapi, duckduckgo or google; the others follow where it gives nothing.',
    ),
  max_results: z.number().int().min(1).max(100).optional().describe('How many hits; 10 unless configured.'),
  search_type: z
    .enum(['web', 'news', 'images'])
    .catch('web')
    .default('web')
    .describe('web, news or images; anything else means web.'),
  safe_search: z.boolean().optional().describe('Leave out adult content; true unless configured.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z]{2})?$/, { error: 'write en or en-GB' })
    .default('en')
    .describe('The language of the hits, e.g. en or en-GB.'),
});
type Input = z.output<typeof inputSchema>;

/** Asked first where neither the call nor the configuration names an engine. */
const FIRST_ENGINE = 'tavily';

/** What each kernel searched lately; it goes with the kernel. */
const limitsOf = new WeakMap<ToolHost, RateLimits>();

/**
 * Searches the web with whichever engine is configured. Keys are taken from `LLMSPELL_API_KEY_<SERVICE>`,
 * `WEBSEARCH_<ENGINE>_API_KEY`, `<ENGINE>_API_KEY` and `tools.search.api_key`, in this order; DuckDuckGo needs none.
 * `WEBSEARCH_<ENGINE>_BASE_URL` replaces the address of an engine.
 */
export default defineTool({
  name: 'web-searcher',
  aliases: ['web-search'],
  category: 'web',
  level: 'restricted',
  description:
    'Searches the web, news or images with Tavily, Serper, Brave, Bing, SerpApi, Google or DuckDuckGo. The host of the engine must be granted; without any key that is html.duckduckgo.com.',
  capabilities: ['net'],
  input: inputSchema,
  parameterAliases: {
    query: 'input',
    q: 'input',
    limit: 'max_results',
    count: 'max_results',
    engine: 'provider',
    type: 'search_type',
  },
  timeoutMs: 180_000,
  samples: [
    {
      title: 'Without a key DuckDuckGo is asked, whose host must be granted',
      input: { input: 'lua tutorial', max_results: 5 },
      error: 'permission.net',
    },
    {
      title: 'News from an engine that needs no key, which has none',
      input: { input: 'lua', search_type: 'news', provider: 'duckduckgo' },
      error: 'tool.failed',
    },
    { title: 'A query is needed', input: { input: '   ' }, error: 'input.invalid' },
    {
      title: 'A language that is none',
      input: { input: 'lua', language: 'English, please' },
      error: 'input.invalid',
    },
  ],
  run: search,
});

async function search(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const { web_search: general = {}, search: engines = {} } = host.config;
  const limits = limitsFor(host);
  checkRate(limits, general.rate_limit_per_minute, context);
  const count = input.max_results ?? engines.max_results ?? general.max_results ?? 10;
  const query = {
    text: input.input,
    kind: input.search_type,
    count: Math.min(count, 100),
    safe: input.safe_search ?? engines.safe_search ?? true,
    language: input.language,
  };
  const preferred =
    input.provider?.toLowerCase() ||
    host.environment.WEBSEARCH_DEFAULT_PROVIDER?.toLowerCase() ||
    engines.default_engine ||
    FIRST_ENGINE;
  const timeoutMs = (engines.timeout_seconds ?? general.timeout_seconds ?? 30) * 1000;
  const { provider, hits, attempts } = await searchWith(
    query,
    { preferred, timeoutMs, limits },
    host,
    context,
  );
  const keep = domainFilter(
    general.allowed_domains as string[] | undefined,
    general.blocked_domains as string[] | undefined,
  );
  const kept = hits.filter(keep).slice(0, query.count);
  return outcome(input, provider, kept, { attempts, filtered: hits.length - hits.filter(keep).length });
}

function limitsFor(host: ToolHost): RateLimits {
  const known = limitsOf.get(host) ?? new RateLimits();
  limitsOf.set(host, known);
  return known;
}

function checkRate(limits: RateLimits, perMinute: number | undefined, context: ExecutionContext): void {
  if (perMinute === undefined) return;
  const wait = limits.take('all', { count: perMinute, perMs: 60_000 }, context.effects.now());
  if (wait > 0)
    throw fail('tool.failed', `Rate limit exceeded: more than ${perMinute} searches a minute`, {
      hint: 'Wait, or raise tools.web_search.rate_limit_per_minute.',
      details: { retry_after_ms: Math.ceil(wait) },
    });
}

function outcome(
  input: Input,
  provider: string,
  hits: readonly SearchHit[],
  metadata: JsonObject,
): ToolOutcome {
  const results: JsonObject[] = hits.map((hit, index) => ({
    ...hit,
    provider: hit.provider ?? provider,
    rank: index + 1,
  }));
  const text = results.map(({ rank, title, url, snippet }) =>
    [`${rank}. ${title}`, url, snippet].filter(Boolean).join('\n   '),
  );
  const message = `${results.length} ${results.length === 1 ? 'result' : 'results'} from ${provider} for '${input.input}'`;
  return {
    operation: 'search',
    result: {
      query: input.input,
      provider: results[0]?.provider ?? provider,
      search_type: input.search_type,
      count: results.length,
      results,
    },
    text: text.length > 0 ? text.join('\n') : message,
    message,
    metadata,
  };
}
