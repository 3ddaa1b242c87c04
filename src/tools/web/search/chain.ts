import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolHost } from '../../host.js';
import { engineAccess } from './access.js';
import type { SearchEngine, SearchHit, SearchQuery } from './engine.js';
import { ENGINES, FALLBACKS } from './engines.js';
import { credentialsFor, missingFor } from './keys.js';
import type { RateLimits } from './rate-limit.js';

/** What became of one engine. */
export interface Attempt extends JsonObject {
  provider: string;
  outcome: 'used' | 'empty' | 'failed' | 'unknown' | 'rate limited' | 'not configured';
}

/** The hits and the engine that gave them. */
export interface Found {
  provider: string;
  hits: SearchHit[];
  attempts: Attempt[];
}

/** How to search: with which engine first, how long each may take, and what was done before. */
export interface ChainOptions {
  preferred: string;
  timeoutMs: number;
  limits: RateLimits;
}

/**
 * Asks the preferred engine and then the others, until one has hits. Engines without a key, over their rate, without
 * hits or failing are passed over. When none has hits but one worked, there is nothing to be found.
 * @throws when none worked: the failure of the engine that was wanted most, with what the others failed with
 */
export async function searchWith(
  query: SearchQuery,
  options: ChainOptions,
  host: ToolHost,
  context: ExecutionContext,
): Promise<Found> {
  const attempts: Attempt[] = [];
  const failures: LlmspellError[] = [];
  let empty: string | undefined;
  for (const name of namesFrom(options.preferred)) {
    const { attempt, hits, failure } = await ask(name, query, options, host, context);
    attempts.push(attempt);
    if (hits && hits.length > 0) return { provider: name, hits, attempts };
    if (hits) empty ??= name;
    if (failure) failures.push(failure);
  }
  if (empty !== undefined) return { provider: empty, hits: [], attempts };
  throw allFailed(failures, attempts);
}

function namesFrom(preferred: string): string[] {
  return [...new Set([preferred, ...FALLBACKS.map(({ name }) => name)])];
}

type Asked = { attempt: Attempt; hits?: SearchHit[]; failure?: LlmspellError };

async function ask(
  name: string,
  query: SearchQuery,
  { timeoutMs, limits }: ChainOptions,
  host: ToolHost,
  context: ExecutionContext,
): Promise<Asked> {
  const engine = ENGINES.get(name);
  if (!engine) return { attempt: { provider: name, outcome: 'unknown' } };
  const credentials = credentialsFor(engine, host);
  if (!credentials)
    return { attempt: { provider: name, outcome: 'not configured', reason: missingFor(engine) } };
  context.secrets.add(credentials.key);
  const wait = engine.rate ? limits.take(name, engine.rate, context.effects.now()) : 0;
  if (wait > 0)
    return { attempt: { provider: name, outcome: 'rate limited', retry_after_ms: Math.ceil(wait) } };
  const access = engineAccess(engine, credentials, timeoutMs, host, context);
  return asked(
    engine,
    () => engine.search({ ...query, count: Math.min(query.count, engine.maxResults) }, access),
    context,
  );
}

async function asked(
  { name }: SearchEngine,
  search: () => Promise<SearchHit[]>,
  context: ExecutionContext,
): Promise<Asked> {
  try {
    const hits = await search();
    return { attempt: { provider: name, outcome: hits.length > 0 ? 'used' : 'empty' }, hits };
  } catch (failure) {
    if (context.signal.aborted || !(failure instanceof LlmspellError)) throw failure;
    const { message, code } = failure;
    return { attempt: { provider: name, outcome: 'failed', error: message, code }, failure };
  }
}

function allFailed(failures: readonly LlmspellError[], attempts: readonly Attempt[]): LlmspellError {
  const [first] = failures;
  if (failures.length === 1) return first!;
  const reasons = failures.map(({ message }) => message).join('; ');
  return fail(
    first?.code ?? 'tool.failed',
    `All search providers failed: ${reasons || 'none is available'}`,
    {
      ...(first?.hint !== undefined && { hint: first.hint }),
      details: { attempts: attempts.map((attempt) => ({ ...attempt })) },
    },
  );
}
