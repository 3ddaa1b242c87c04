import type { ErrorCode } from '../core/error-codes.js';
import { fail, LlmspellError } from '../core/errors.js';
import { isRecord } from '../core/values.js';
import type { ProviderSettings } from './model.js';

/** What error messages need to know of a provider; the key only to keep it out of them. */
export type ProviderIdentity = Pick<ProviderSettings, 'name' | 'type' | 'baseUrl' | 'apiKey'>;

/** An HTTP answer that is not a success. */
export interface FailedResponse {
  status: number;
  headers: Headers;
  body: string;
}

/** The longest part of a provider's own words that enters a message. */
const MAX_REASON = 500;
/** Longer waits than this are not what a provider means by "retry after". */
const MAX_RETRY_AFTER_MS = 60_000;
/** Nobody listens there, or there is no such place: trying again a second later is only a slower answer. */
const PERMANENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ERR_INVALID_URL', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** The error of an HTTP answer: refused key, unknown model, too many requests, failure of the server. */
export function httpError(
  response: FailedResponse,
  provider: ProviderIdentity,
  now = Number.NaN,
): LlmspellError {
  const { status } = response;
  const reason = reasonOf(response.body, provider);
  const code = codeOfStatus(status);
  const retryAfterMs = retryAfter(response.headers, now);
  const exhausted = status === 429 && /insufficient_quota|billing/i.test(response.body);
  return fail(code, `Provider '${provider.name}' ${VERBS[code]} (HTTP ${status})${reason && `: ${reason}`}`, {
    hint: exhausted
      ? 'The account has no credit left; check its billing page.'
      : hintFor(code, status, provider),
    details: {
      provider: provider.name,
      status,
      retryable: isTransientStatus(status) && !exhausted,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  });
}

/** The error of a connection that failed before or while an answer was read. */
export function networkError(thrown: unknown, provider: ProviderIdentity, started: boolean): LlmspellError {
  const known = findKnown(thrown);
  if (known) return known;
  const code = networkCode(thrown);
  const details = { provider: provider.name, reason: code, retryable: !PERMANENT.has(code) };
  if (TIMEOUTS.has(code))
    return fail('provider.timeout', `Provider '${provider.name}' did not answer in time`, { details });
  if (started) return brokenStream(provider, code, thrown);
  return fail('provider.unreachable', `Provider '${provider.name}' could not be reached: ${code}`, {
    hint: unreachableHint(provider),
    details,
    cause: thrown,
  });
}

/** The error of an answer that ended before its end mark. */
export function brokenStream(
  provider: ProviderIdentity,
  reason = 'no end mark',
  cause?: unknown,
): LlmspellError {
  return fail('provider.stream_broken', `The stream from provider '${provider.name}' broke off (${reason})`, {
    hint: 'Try again; if a gateway in between cannot stream, set `streaming = false` for this provider.',
    details: { provider: provider.name, reason, retryable: true },
    ...(cause !== undefined && { cause }),
  });
}

/** The error of an answer that is not the provider's protocol. */
export function badResponse(provider: ProviderIdentity, what: string, cause?: unknown): LlmspellError {
  return fail('provider.bad_response', `Provider '${provider.name}' answered with ${what}`, {
    hint: `Check that base_url is the API of a provider of type '${provider.type}'${at(provider)}.`,
    details: { provider: provider.name, retryable: false },
    ...(cause !== undefined && { cause }),
  });
}

/** The error that a provider reports inside a stream that began well, e.g. `{ type: 'overloaded_error' }`. */
export function streamError(reported: unknown, provider: ProviderIdentity): LlmspellError {
  const text = JSON.stringify(reported) ?? '';
  const code = codeOfReport(text);
  const reason = reasonOf(text, provider);
  return fail(code, `Provider '${provider.name}' ${VERBS[code]}${reason && `: ${reason}`}`, {
    details: {
      provider: provider.name,
      retryable: code === 'provider.server_error' || code === 'provider.rate_limited',
    },
  });
}

/** Whatever an SDK or the platform threw, as the `provider.*` error it stands for. */
export function toProviderError(thrown: unknown, provider: ProviderIdentity): LlmspellError {
  const known = findKnown(thrown);
  if (known) return known;
  if (!(thrown instanceof Error)) return streamError(thrown, provider);
  if (thrown.name === 'AI_UnsupportedFunctionalityError')
    return fail('provider.bad_request', `Provider '${provider.name}': ${thrown.message}`, { cause: thrown });
  return badResponse(provider, `something unexpected: ${redact(thrown.message, provider)}`, thrown);
}

/** Whether the same request may succeed if it is sent again. */
export function isRetryable(error: unknown): error is LlmspellError {
  return error instanceof LlmspellError && error.details?.retryable === true;
}

const VERBS: Partial<Record<ErrorCode, string>> = {
  'provider.unauthorized': 'refused the credentials',
  'provider.rate_limited': 'is limiting requests',
  'provider.bad_request': 'refused the request',
  'provider.server_error': 'failed',
  'provider.timeout': 'gave up waiting',
};

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'provider.unauthorized';
  if (status === 408) return 'provider.timeout';
  if (status === 429) return 'provider.rate_limited';
  return status >= 500 ? 'provider.server_error' : 'provider.bad_request';
}

function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function codeOfReport(text: string): ErrorCode {
  if (/rate_limit|too_many_requests/i.test(text)) return 'provider.rate_limited';
  if (/authentication|permission|invalid_api_key/i.test(text)) return 'provider.unauthorized';
  return /invalid_request|not_found/i.test(text) ? 'provider.bad_request' : 'provider.server_error';
}

function hintFor(code: ErrorCode, status: number, provider: ProviderIdentity): string {
  if (code === 'provider.unauthorized')
    return `Check the API key of [providers.${provider.name}]${at(provider)}.`;
  if (status === 404) {
    const pull = provider.type === 'ollama' ? ' `ollama pull MODEL` fetches a model that is missing.' : '';
    return `Check the model's name, and base_url${at(provider)}.${pull}`;
  }
  if (code === 'provider.bad_request') return 'The request itself has to change; repeating it will not help.';
  return 'Try again later, or use another model.';
}

function unreachableHint(provider: ProviderIdentity): string {
  const start = provider.type === 'ollama' ? 'Start it with `ollama serve`, or set' : 'Check the network and';
  return `${start} base_url of [providers.${provider.name}]${at(provider)}.`;
}

function at(provider: ProviderIdentity): string {
  return provider.baseUrl ? ` (now ${withoutCredentials(provider.baseUrl)})` : '';
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, '');
}

/** `retry-after-ms`, then `retry-after` in seconds or as a date; unreasonable values are not believed. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  const text = headers.get('retry-after') ?? '';
  const seconds = /^\s*[\d.]+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  const wait = [exact, seconds].find((ms) => ms >= 0 && ms <= MAX_RETRY_AFTER_MS);
  return wait === undefined ? undefined : Math.ceil(wait);
}

/** The sentence in which a provider says what was wrong: JSON in one of the usual shapes, or plain text. */
function reasonOf(body: string, provider: ProviderIdentity): string {
  const text = messageIn(body) ?? (/^\s*</.test(body) ? '' : body);
  return redact(text.replace(/\s+/g, ' ').trim(), provider).slice(0, MAX_REASON);
}

function messageIn(body: string): string | undefined {
  try {
    const data: unknown = JSON.parse(body);
    const error = isRecord(data) ? (data.error ?? data.detail ?? data) : data;
    const message = isRecord(error) ? error.message : error;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Providers like to quote the key they refused. */
function redact(text: string, provider: ProviderIdentity): string {
  const hidden = provider.apiKey ? text.replaceAll(provider.apiKey, '***') : text;
  return hidden.replace(/\b(sk|gsk|xai|pplx|key)[-_][\w*.-]{8,}/g, '***');
}

function findKnown(thrown: unknown): LlmspellError | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++)
    if (error instanceof LlmspellError) return error;
  return undefined;
}

/** The platform's own code of a network failure, however deeply `fetch` has wrapped it. */
function networkCode(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string') return code;
    error = error instanceof AggregateError ? error.errors[0] : error.cause;
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
