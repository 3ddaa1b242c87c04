import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../core/values.js';
import { redact, redactWhole } from './redaction.js';

const REPLACED = /^\[REDACTED\]_[0-9a-f]{8}$/;

describe('redact', () => {
  it.each([
    'api_key',
    'apikey',
    'api-key',
    'X-Api-Key',
    'secret',
    'secret_key',
    'clientSecret',
    'password',
    'PASSWD',
    'pwd',
    'token',
    'access_token',
    'access_tokens',
    'authToken',
    'bearer_token',
    'private_key',
    'private-key',
    'privatekey',
    'credential',
    'credentials',
    'Authorization',
    'auth',
  ])('replaces whatever stands under %j', (name) => {
    for (const value of ['hidden', 42, { deep: ['hidden'] }, ['hidden']] as JsonValue[]) {
      const shown = redact({ [name]: value, other: 'seen' }) as Record<string, string>;
      expect(shown[name]).toMatch(REPLACED);
      expect(shown.other).toBe('seen');
    }
  });

  it.each([
    'max_tokens',
    'prompt_tokens',
    'tokens',
    'token_count',
    'author',
    'authors',
    'co_author',
    'tokenizer',
    'key',
    'monkey',
  ])('leaves %j alone', (name) => expect(redact({ [name]: 12 })).toEqual({ [name]: 12 }));

  it.each([
    `sk-${'a1B2'.repeat(12)}`,
    `sk-proj-${'a1B2'.repeat(12)}`,
    `sk-ant-${'a1-B'.repeat(24)}`,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'a1'.repeat(18)}`,
    `gho_${'a1'.repeat(18)}`,
  ])('replaces %s in text', (secret) => {
    const shown = redact(['before ', secret, ' after'].join('')) as string;
    expect(shown).toMatch(/^before \[REDACTED\]_[0-9a-f]{8} after$/);
    expect(redact({ deep: [{ note: secret }] })).toEqual({
      deep: [{ note: expect.stringMatching(REPLACED) }],
    });
  });

  it.each([
    ['api_key = "abcdefghijklmnopqrstuv"', 'api_key = "', '"'],
    ['access_token: abcdefghijklmnopqrstuv.', 'access_token: ', ''],
    ['password=hunter2hunter2; x', 'password=', '; x'],
    ['Authorization: Bearer abcdefghijklmnopqrstuvw', 'Authorization: Bearer ', ''],
  ])('replaces only the secret of %j', (text, before, after) => {
    const shown = redact(text) as string;
    expect(shown.startsWith(`${before}[REDACTED]_`)).toBe(true);
    expect(shown.endsWith(after)).toBe(true);
    expect(shown).not.toMatch(/hunter2|abcdef/);
  });

  it('leaves ordinary text, what is not set, flags and numbers alone', () => {
    const value = {
      text: 'the password is short: abc',
      token: null,
      secret: '',
      has_token: true,
      n: [1.5, 'sk-short'],
    };
    expect(redact(value)).toEqual(value);
  });

  it('gives the same replacement for the same secret, and another for another', () => {
    const shown = redact({ token: 'a-secret', secret: 'a-secret', pwd: 'b-secret' }) as Record<
      string,
      string
    >;
    expect(shown.token).toBe(shown.secret);
    expect(shown.token).not.toBe(shown.pwd);
  });

  it('is done already when it is done again', () => {
    const once = redact({ text: 'password=hunter2hunter2', list: [{ token: 'x' }] });
    expect(redact((once as { text: string }).text)).toBe((once as { text: string }).text);
  });

  it('takes names and patterns of its own, and leaves out hashes', () => {
    const rules = { fieldNames: ['Iban'], patterns: [/emp-\d{4}/, /pin (?<secret>\d+)/i], hash: false };
    expect(redact({ my_iban: 'DE00', text: 'emp-1234 and emp-5678, PIN 4321' }, rules)).toEqual({
      my_iban: '[REDACTED]',
      text: '[REDACTED] and [REDACTED], PIN [REDACTED]',
    });
  });

  it('changes nothing that it was given, and keeps hostile keys as keys', () => {
    const given = JSON.parse('{"__proto__": {"token": "x"}, "a": {"token": "y"}}') as JsonValue;
    const before = JSON.stringify(given);
    const shown = redact(given) as object;
    expect(JSON.stringify(given)).toBe(before);
    expect(Object.keys(shown)).toEqual(['__proto__', 'a']);
    expect(({} as Record<string, unknown>).token).toBeUndefined();
  });
});

describe('redactWhole', () => {
  it('replaces anything that is set', () => {
    expect(redactWhole({ a: 1 })).toMatch(REPLACED);
    expect([redactWhole(null), redactWhole(''), redactWhole(false)]).toEqual([null, '', false]);
  });
});
