import { describe, expect, it } from 'vitest';
import { entryName, flatKey, flatName, keyInScope, scopeOf, scopePrefix } from './keys.js';

/** Every text of up to four tokens: all the ways in which colons can meet scopes and keys. */
const TEXTS = ['', ...upTo(4, ['a', 'b', ':', 'global'])];

function upTo(length: number, tokens: string[]): string[] {
  if (length === 0) return [];
  return tokens.flatMap((token) => [token, ...upTo(length - 1, tokens).map((rest) => token + rest)]);
}

/** What `work` returns, or undefined where it refuses. */
function valid<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'state.invalid_key', hint: expect.any(String) });
    return undefined;
  }
}

describe('entryName', () => {
  it.each([
    ['global', 'x', 'global:x'],
    ['custom', ':checkpoint:x', 'custom:checkpoint:x'],
    ['custom:', 'x', 'custom:x'],
    ['custom:', ':x', 'custom:x'],
    ['custom', '::x', 'custom::x'],
    ['workflow:42', 'step', 'workflow:42:step'],
    ['workflow', '42:step', 'workflow:42:step'],
    ['a', 'trailing:', 'a:trailing:'],
    ['https', '//example.org/..\\', 'https://example.org/..\\'],
    ['__proto__', '__proto__', '__proto__:__proto__'],
    ['cafe\u0301', 'x', 'caf\u00e9:x'],
  ])('of %j and %j is %j', (scope, key, name) => expect(entryName(scope, key)).toBe(name));

  it.each([
    ['', 'x', 'is empty'],
    [':', 'x', 'is empty'],
    [':a', 'x', 'begins with a colon'],
    ['a', '', 'is empty'],
    ['a', ':', 'is empty'],
    ['a', 'line\nbreak', 'control character'],
    ['a', 'nul\0', 'control character'],
    ['a\r', 'x', 'control character'],
    ['a', 'half \ud83d', 'not well-formed'],
    ['a', 'x'.repeat(257), 'more than 256 characters'],
    ['a'.repeat(300), 'x'.repeat(250), 'more than 512 characters'],
    ['a'.repeat(600), 'x', 'more than 512 characters'],
  ])('refuses %j with %j', (scope, key, problem) => {
    expect(() => entryName(scope, key)).toThrowError(
      expect.objectContaining({ code: 'state.invalid_key', message: expect.stringContaining(problem) }),
    );
  });

  it('takes the longest keys', () => {
    expect(entryName('a'.repeat(255), 'x'.repeat(256))).toHaveLength(512);
    expect(() => entryName('a'.repeat(256), 'x'.repeat(256))).toThrow();
  });
});

describe('flatName', () => {
  it.each([
    ['x', 'global:x'],
    [':x', 'global:x'],
    ['global:x', 'global:x'],
    ['a:b', 'a:b'],
    ['custom::checkpoint:x', 'custom:checkpoint:x'],
    ['workflow:42:step', 'workflow:42:step'],
  ])('of %j is %j', (flat, name) => expect(flatName(flat)).toBe(name));

  it.each(['', ':', '::x', 'a:', 'a::'])('refuses %j', (flat) => {
    expect(() => flatName(flat)).toThrowError(expect.objectContaining({ code: 'state.invalid_key' }));
  });

  it('agrees with entryName for every scope without a colon', () => {
    for (const scope of TEXTS.filter((text) => text !== '' && !text.includes(':'))) {
      for (const key of TEXTS)
        expect(valid(() => flatName(`${scope}:${key}`))).toBe(valid(() => entryName(scope, key)));
    }
  });

  it('agrees with entryName for scopes with colons, where no colon is redundant', () => {
    for (const scope of TEXTS.filter((text) => /^[^:]+(:[^:]+)*$/.test(text))) {
      for (const key of TEXTS.filter((text) => text !== '' && !text.startsWith(':')))
        expect(flatName(`${scope}:${key}`)).toBe(entryName(scope, key));
    }
  });
});

describe('listing', () => {
  const names = new Set(
    TEXTS.flatMap((scope) => TEXTS.map((key) => valid(() => entryName(scope, key)) ?? [])).flat(),
  );

  it('spells every entry so that its flat key finds it', () => {
    expect(names.size).toBeGreaterThan(1000);
    for (const name of names) expect(flatName(flatKey(name))).toBe(name);
  });

  it('spells every entry so that its key finds it in each scope that lists it', () => {
    const scopes = TEXTS.filter((text) => valid(() => scopePrefix(text)) !== undefined);
    for (const scope of scopes.filter((text) => text.length < 8)) {
      const prefix = scopePrefix(scope);
      for (const name of names) {
        const key = name.startsWith(prefix) ? keyInScope(name, prefix) : undefined;
        if (key !== undefined) expect(entryName(scope, key)).toBe(name);
      }
    }
  });

  it('lists every entry in the scope it was addressed by', () => {
    for (const scope of TEXTS.filter((text) => text.length < 8)) {
      for (const key of TEXTS) {
        const name = valid(() => entryName(scope, key));
        if (name !== undefined) expect(name.startsWith(scopePrefix(scope))).toBe(true);
      }
    }
  });
});

describe('scopeOf', () => {
  it('is the kind and the id', () => expect(scopeOf('workflow', '42')).toBe('workflow:42'));

  it('refuses an empty id', () => {
    expect(() => scopeOf('agent', '')).toThrowError(expect.objectContaining({ code: 'state.invalid_key' }));
  });
});
