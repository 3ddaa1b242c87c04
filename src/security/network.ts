import type { ExecutionContext } from '../core/context.js';
import { fail, LlmspellError } from '../core/errors.js';
import { type ExchangeRequest, type ExchangeResponse, exchange } from './http-exchange.js';
import { verifiesTls } from './permissions.js';
import { type Resolver, resolveHost } from './resolve-host.js';

export { canonicalHost, specialAddress } from './addresses.js';
export { joinHostPort, splitHostPort } from './net-patterns.js';
export { type PinnedAddress, type ResolveOptions, type Resolver, resolveHost } from './resolve-host.js';

/** What to send and how long and large the answer may be. */
export interface GuardedRequest {
  /** `GET` unless said otherwise; `CONNECT` is refused. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
  /** 5 unless said otherwise; 0 gives back the redirect itself. */
  maxRedirects?: number;
  /** Largest body, before and after decoding; 10 MB unless said otherwise. */
  maxBytes?: number;
  /** Milliseconds for everything, redirects included; 30 000 unless said otherwise. */
  timeoutMs?: number;
  /** Ends the request besides the context's own signal. */
  signal?: AbortSignal | undefined;
  /** How names become addresses; the system's resolver unless said otherwise. */
  resolver?: Resolver | undefined;
}

/** A complete answer, whatever its status. */
export interface GuardedResponse extends ExchangeResponse {
  /** Where the answer came from, after redirects. */
  url: string;
  /** The addresses that redirected, first one first. */
  redirects: string[];
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that say where a message goes or ends; whoever sets them could smuggle a second request. */
const REFUSED_HEADERS = new Set(['host', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect']);
/** Headers that follow from the message itself; ours are used. */
const IGNORED_HEADERS = new Set(['content-length', 'connection', 'keep-alive']);
/** Headers that may hold a secret; they stay with the origin they were meant for. */
const SECRET_HEADER = /auth|cookie|token|secret|key|credential|passw|passphrase|session|signature/;

/**
 * Fetches over http or https. The host must be granted; its name is resolved once and the connection goes to
 * the addresses that were checked; every redirect is checked as if it were a new request. Raises
 * `permission.net`, `input.invalid` for a bad URL or header, `component.timeout`, and `tool.failed` when there
 * is no complete answer (`details.errno` then names the cause) or it is too large.
 */
export async function guardedRequest(
  url: string,
  options: GuardedRequest,
  context: ExecutionContext,
): Promise<GuardedResponse> {
  const { timeoutMs = 30_000 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout, ...(options.signal ? [options.signal] : [])]);
  const first = parseUrl(url);
  try {
    signal.throwIfAborted();
    return await followRedirects(firstRequest(first, options, signal), options, context);
  } catch (error) {
    if (signal.aborted && signal.reason !== timeout.reason) throw signal.reason;
    if (timeout.aborted)
      throw fail(
        'component.timeout',
        `Request timeout: no complete answer from ${first.host} in ${timeoutMs} ms`,
      );
    throw requestError(error, first);
  }
}

/** Reads an http or https URL. Raises `input.invalid` for other schemes, credentials and what is no URL. */
export function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('input.invalid', `Invalid URL: '${text}'`, { hint: 'Write it as https://host/path.' });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw fail('input.invalid', `Invalid URL: Blocked scheme '${url.protocol.slice(0, -1)}'`, {
      hint: 'Only http and https are supported.',
    });
  if (url.username || url.password)
    throw fail('input.invalid', 'Invalid URL: it contains a user name or password', {
      hint: 'Pass credentials in the Authorization header.',
    });
  return url;
}

type Request = Omit<ExchangeRequest, 'addresses' | 'verifyTls'>;

async function followRedirects(
  request: Request,
  options: GuardedRequest,
  context: ExecutionContext,
): Promise<GuardedResponse> {
  const { maxRedirects = 5, resolver } = options;
  const redirects: string[] = [];
  for (;;) {
    const { url, signal } = request;
    const addresses = await resolveHost(url.hostname, portOf(url), context, { resolver, signal });
    const response = await exchange({ ...request, addresses, verifyTls: verifiesTls(context) });
    const next = maxRedirects > 0 ? redirectTarget(url, response) : undefined;
    if (!next) return { ...response, url: url.href, redirects };
    if (redirects.length >= maxRedirects)
      throw fail('tool.failed', `Too many redirects: more than ${maxRedirects} from ${url.host}`);
    redirects.push(url.href);
    request = redirected(request, next, response.status);
  }
}

function firstRequest(url: URL, options: GuardedRequest, signal: AbortSignal): Request {
  const method = (options.method ?? 'GET').toUpperCase();
  if (!/^[A-Z]+$/.test(method) || method === 'CONNECT')
    throw fail('input.invalid', `The HTTP method '${options.method}' is not supported`);
  const { body } = options;
  return {
    url,
    method,
    headers: requestHeaders(options.headers ?? {}),
    body: typeof body === 'string' ? Buffer.from(body) : body,
    maxBytes: options.maxBytes ?? 10_000_000,
    signal,
  };
}

function requestHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'llmspell-http/1.0',
  };
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (REFUSED_HEADERS.has(key) || key.startsWith('proxy-'))
      throw fail('input.invalid', `The header '${name}' may not be set`);
    if (!IGNORED_HEADERS.has(key)) headers[key] = value;
  }
  return headers;
}

function redirectTarget(from: URL, response: ExchangeResponse): URL | undefined {
  const { location } = response.headers;
  if (!REDIRECTS.has(response.status) || location === undefined) return undefined;
  const to = redirectUrl(from, location);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw fail(
      'tool.failed',
      `The redirect from ${from.host} to ${to.host} would leave https and was refused`,
    );
  return to;
}

/** Where a server sends its caller; that it is no good address is the server's mistake, not the caller's. */
function redirectUrl(from: URL, location: string): URL {
  try {
    return parseUrl(URL.canParse(location, from.href) ? new URL(location, from).href : location);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw fail('tool.failed', `The redirect from ${from.host} leads nowhere: ${reason}`, { cause });
  }
}

/** 303 always becomes GET, and 301 and 302 do after POST, as browsers do; the body goes with the method. */
function redirected(request: Request, url: URL, status: number): Request {
  const toGet = (status === 303 && request.method !== 'HEAD') || (status < 303 && request.method === 'POST');
  const headers = { ...request.headers };
  for (const name of Object.keys(headers)) {
    if (url.origin !== request.url.origin && SECRET_HEADER.test(name)) delete headers[name];
    if (toGet && name.startsWith('content-')) delete headers[name];
  }
  return toGet ? { ...request, url, headers, method: 'GET', body: undefined } : { ...request, url, headers };
}

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}

function requestError(error: unknown, url: URL): LlmspellError {
  if (error instanceof LlmspellError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN')
    return fail('input.invalid', `A header has a name or value that HTTP does not allow: ${message}`);
  return fail('tool.failed', `HTTP request failed: ${url.host}: ${message || code} (${code ?? 'no code'})`, {
    details: { host: url.host, errno: code ?? 'UNKNOWN' },
    cause: error,
  });
}
