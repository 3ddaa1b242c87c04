import { describe, expect, test } from 'vitest';
import { isSecretKey, REDACTED, redactSecrets } from './redact.js';

describe('isSecretKey', () => {
  test.each([
    'api_key',
    'apiKey',
    'APIKEY',
    'X-Api-Key',
    'citation_api_key',
    'client_secret',
    'smtp_password',
    'passwd',
    'token',
    'access_token',
    'authToken',
    'access_tokens',
    'private_key',
    'credentials',
    'Authorization',
    'Proxy-Authorization',
    'Set-Cookie',
  ])('%s', (key) => expect(isSecretKey(key)).toBe(true));

  test.each([
    'max_tokens',
    'maxTokens',
    'tokens',
    'tokens_per_minute',
    'prompt_tokens',
    'total_tokens',
    'token_count',
    'tokenizer',
    'base_url',
    'key',
    'author',
    'compass',
  ])('not %s', (key) => expect(isSecretKey(key)).toBe(false));
});

describe('redactSecrets', () => {
  test('at every depth, in tables and lists', () => {
    const value = {
      a: [{ b: { api_key: 'k1', other: 1 } }],
      headers: { Authorization: 'Bearer k2' },
      token: 'k3',
    };
    expect(redactSecrets(value)).toEqual({
      a: [{ b: { api_key: REDACTED, other: 1 } }],
      headers: { Authorization: REDACTED },
      token: REDACTED,
    });
    expect(value.token).toBe('k3');
  });

  test('a table or list under a secret name is hidden whole', () => {
    expect(redactSecrets({ credentials: { user: 'u' }, secrets: ['a'] })).toEqual({
      credentials: REDACTED,
      secrets: REDACTED,
    });
  });

  test('what is not set or cannot be a secret stays', () => {
    const value = { api_key: '', password: null, access_secrets: false, max_tokens: 5, token: undefined };
    expect(redactSecrets(value)).toEqual(value);
  });

  test('the name of a variable stays, a key pasted in its place does not', () => {
    expect(redactSecrets({ api_key_env: 'OPENAI_API_KEY' })).toEqual({ api_key_env: 'OPENAI_API_KEY' });
    for (const pasted of ['sk-abcdef', 'ABCDEF0123456789', 'abc_def'])
      expect(redactSecrets({ api_key_env: pasted })).toEqual({ api_key_env: REDACTED });
  });

  test('passwords inside addresses', () => {
    expect(redactSecrets({ url: 'postgres://me:pw@db/x', plain: 'http://h:80/a@b' })).toEqual({
      url: `postgres://me:${REDACTED}@db/x`,
      plain: 'http://h:80/a@b',
    });
  });

  test('hostile keys are data', () => {
    const copy = redactSecrets(JSON.parse('{"__proto__": {"api_key": "k"}}') as object);
    expect(JSON.stringify(copy)).toBe(`{"__proto__":{"api_key":"${REDACTED}"}}`);
  });
});
