import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { type GuardedResponse, guardedRequest } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';
import type { EngineAccess, EngineRequest, SearchEngine } from './engine.js';
import { type Credentials, variableOf } from './keys.js';

/** The most bytes of one answer. */
const MAX_BYTES = 2_000_000;
const USER_AGENT = 'llmspell-web-search/1.0';

/** What an engine is lent for one search: requests to its own address, or to the one that is configured instead. */
export function engineAccess(
  engine: SearchEngine,
  credentials: Credentials,
  timeoutMs: number,
  host: ToolHost,
  context: ExecutionContext,
): EngineAccess {
  const configured = configuredBase(engine, host);
  const userAgent = host.config.web_search?.user_agent ?? USER_AGENT;
  const text = async (request: EngineRequest): Promise<string> => {
    const { path, query, headers, form, json } = request;
    const url = addressOf(configured ?? request.baseUrl ?? engine.baseUrl, path, query);
    const body = form
      ? new URLSearchParams(form).toString()
      : json === undefined
        ? undefined
        : JSON.stringify(json);
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const response = await guardedRequest(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'user-agent': userAgent, ...(body !== undefined && { 'content-type': type }), ...headers },
        body,
        timeoutMs,
        maxBytes: MAX_BYTES,
      },
      context,
    );
    return textOf(engine, response);
  };
  return { ...credentials, text, json: async (request) => parsed(engine, await text(request)) };
}

function configuredBase(engine: SearchEngine, host: ToolHost): string | undefined {
  const variable = variableOf(engine, 'BASE_URL');
  const base = host.environment[variable];
  if (!base) return undefined;
  if (/^https?:$/.test(URL.canParse(base) ? new URL(base).protocol : '')) return base;
  throw fail('config.invalid', `The variable ${variable} is not an http or https address`);
}

function addressOf(base: string, path: string, query: EngineRequest['query'] = {}): string {
  const url = new URL(base.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** DuckDuckGo answers 202 where it wants to see a person first, so any 2xx is read. */
function textOf(engine: SearchEngine, { status, statusText, body }: GuardedResponse): string {
  const text = new TextDecoder().decode(body);
  if (status >= 200 && status < 300) return text;
  const why =
    status === 401 || status === 403 ? 'refused the API key' : status === 429 ? 'limits requests' : 'failed';
  throw fail('tool.failed', `${engine.name} ${why}: HTTP ${status} ${statusText}`.trim(), {
    details: { provider: engine.name, status },
  });
}

function parsed(engine: SearchEngine, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw fail('tool.failed', `${engine.name} answered with something that is not JSON`);
  }
}
