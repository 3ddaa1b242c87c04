import { describe, expect, it } from 'vitest';
import { httpError, isRetryable, networkError, streamError, toProviderError } from './errors.js';

const provider = {
  name: 'p',
  type: 'ollama',
  baseUrl: 'http://user:secret@host:1/v1?key=k',
  apiKey: 'sk-abcdef123456',
};
const failed = (status: number, body = '', headers: Record<string, string> = {}) =>
  httpError({ status, body, headers: new Headers(headers) }, provider, Date.parse('2024-01-01T00:00:00Z'));

describe('httpError', () => {
  it.each([
    [400, 'provider.bad_request', false],
    [401, 'provider.unauthorized', false],
    [403, 'provider.unauthorized', false],
    [404, 'provider.bad_request', false],
    [408, 'provider.timeout', true],
    [429, 'provider.rate_limited', true],
    [500, 'provider.server_error', true],
    [503, 'provider.server_error', true],
    [529, 'provider.server_error', true],
  ])('turns %i into %s', (status, code, retryable) => {
    const error = failed(status);
    expect(error.code).toBe(code);
    expect(isRetryable(error)).toBe(retryable);
  });

  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:00:30 GMT' }, 30_000],
    [{ 'retry-after-ms': '15.5', 'retry-after': '7' }, 16],
    [{ 'retry-after-ms': '-4', 'retry-after': '7' }, 7000],
    [{ 'retry-after': '3600' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %j as %s ms', (headers, expected) => {
    expect(failed(429, '', headers as unknown as Record<string, string>).details?.retryAfterMs).toBe(
      expected,
    );
  });

  it('does not repeat when the account is empty', () => {
    expect(isRetryable(failed(429, '{"error":{"code":"insufficient_quota","message":"x"}}'))).toBe(false);
  });

  it.each([
    ['{"error":{"message":"bad thing"}}', 'bad thing'],
    ['{"error":"bad thing"}', 'bad thing'],
    ['{"detail":"bad thing"}', 'bad thing'],
    ['{"message":"bad thing"}', 'bad thing'],
    ['bad  thing', 'bad thing'],
  ])('quotes the reason in %s', (body, reason) => {
    expect(failed(400, body).message.endsWith(`: ${reason}`)).toBe(true);
  });

  it('shows neither pages nor secrets', () => {
    expect(failed(502, '<html>nginx</html>').message).not.toContain('nginx');
    const error = failed(
      401,
      '{"error":{"message":"key sk-abcdef123456 and sk-proj-other-99999999 are wrong"}}',
    );
    expect(JSON.stringify([error.message, error.hint])).not.toMatch(/abcdef|other-|secret|key=k/);
  });
});

describe('networkError', () => {
  const wrapped = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

  it('finds the cause, and repeats only what may pass', () => {
    expect(networkError(wrapped('ECONNREFUSED'), provider, false)).toMatchObject({
      code: 'provider.unreachable',
      details: { reason: 'ECONNREFUSED', retryable: false },
    });
    expect(isRetryable(networkError(wrapped('ECONNRESET'), provider, false))).toBe(true);
    expect(networkError(wrapped('ECONNRESET'), provider, true).code).toBe('provider.stream_broken');
    expect(networkError(wrapped('UND_ERR_HEADERS_TIMEOUT'), provider, false).code).toBe('provider.timeout');
  });
});

describe('streamError', () => {
  it.each([
    [{ type: 'overloaded_error', message: 'busy' }, 'provider.server_error'],
    [{ type: 'rate_limit_error', message: 'slow' }, 'provider.rate_limited'],
    [{ type: 'invalid_request_error', message: 'no' }, 'provider.bad_request'],
    [{ type: 'authentication_error', message: 'who' }, 'provider.unauthorized'],
    ['odd', 'provider.server_error'],
  ])('reads %j', (reported, code) => {
    expect(streamError(reported, provider).code).toBe(code);
  });
});

describe('toProviderError', () => {
  it('finds our own error under the wrappings of an SDK', () => {
    const own = failed(429);
    expect(toProviderError(new Error('a', { cause: new Error('b', { cause: own }) }), provider)).toBe(own);
  });
});
