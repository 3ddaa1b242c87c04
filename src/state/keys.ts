import { fail } from '../core/errors.js';

/** Most characters (UTF-16 units) of a key. */
export const MAX_KEY_LENGTH = 256;
/** Most characters (UTF-16 units) of scope and key together. */
export const MAX_ENTRY_LENGTH = 512;
/** The scope of flat keys that name none. */
export const DEFAULT_SCOPE = 'global';

/** Scopes whose second part is the id of one thing. */
const WITH_ID = /^((?:user|session|agent|tool|workflow|hook|tenant):[^:]+):./u;

/**
 * All entries share one flat namespace: an entry's name is `scope:key`. A scope may contain colons
 * (`workflow:42`), so the same entry can be spelled with a longer scope and a shorter key. One colon at the end
 * of a scope and one at the beginning of a key count for nothing; a key that really begins with a colon is
 * written, and listed, with two.
 *
 * What is listed always leads back: `entryName(scope, k)` names the listed entry for every `k` that
 * {@link keyInScope} gives, and `flatName(k)` for every `k` that {@link flatKey} gives.
 */

/**
 * The name of the entry that `scope` and `key` address.
 * @throws `state.invalid_key` when either is empty, too long, begins wrongly or holds control characters.
 */
export function entryName(scope: string, key: string): string {
  const cleanScope = scopeName(scope);
  const cleanKey = key.startsWith(':') ? key.slice(1) : key;
  if (cleanKey === '') throw invalid('key', key, 'is empty');
  const name = checkText('key', key, `${cleanScope}:${cleanKey}`).normalize('NFC');
  if (cleanKey.normalize('NFC').length > MAX_KEY_LENGTH) throw tooLong('key', key, MAX_KEY_LENGTH);
  if (name.length > MAX_ENTRY_LENGTH) throw tooLong('scope and key together', name, MAX_ENTRY_LENGTH);
  return name;
}

/**
 * The name of the entry that a flat key addresses: the text before its first colon is the scope; without a
 * colon (one at the very beginning aside) the scope is {@link DEFAULT_SCOPE}.
 * @throws `state.invalid_key` as {@link entryName} does.
 */
export function flatName(flat: string): string {
  const text = flat.startsWith(':') ? flat.slice(1) : flat;
  const colon = text.indexOf(':');
  return colon < 0 ? entryName(DEFAULT_SCOPE, text) : entryName(text.slice(0, colon), text.slice(colon + 1));
}

/**
 * The beginning of the names of all entries in `scope`.
 * @throws `state.invalid_key` when the scope is empty, too long, begins with a colon or holds control characters.
 */
export function scopePrefix(scope: string): string {
  return `${scopeName(scope).normalize('NFC')}:`;
}

/** How an entry that begins with `prefix` is listed in that scope; undefined for one that is not in it. */
export function keyInScope(name: string, prefix: string): string | undefined {
  const key = name.slice(prefix.length);
  return key === '' ? undefined : spell(key);
}

/** How an entry is listed among the flat keys. */
export function flatKey(name: string): string {
  const { scope, key } = splitName(name);
  return scope === DEFAULT_SCOPE && !key.includes(':') ? key : `${scope}:${spell(key)}`;
}

/** An entry's name, split at its first colon: one way to say where it is, however it was addressed. */
export function splitName(name: string): { scope: string; key: string } {
  const colon = name.indexOf(':');
  return { scope: name.slice(0, colon), key: name.slice(colon + 1) };
}

/** The scope under which an entry is listed among the scopes: with the id, where it is the entry of one thing. */
export function scopeListOf(name: string): string {
  return WITH_ID.exec(name)?.[1] ?? splitName(name).scope;
}

/**
 * The scope of one thing of a kind, e.g. `workflow:42`.
 * @throws `state.invalid_key` for an empty id, which would otherwise address the things of all ids.
 */
export function scopeOf(kind: 'workflow' | 'agent' | 'tool', id: string): string {
  if (id === '') throw invalid(`${kind} id`, id, 'is empty');
  return `${kind}:${id}`;
}

function spell(key: string): string {
  return key.startsWith(':') ? `:${key}` : key;
}

function scopeName(scope: string): string {
  const name = scope.endsWith(':') ? scope.slice(0, -1) : scope;
  if (name === '') throw invalid('scope', scope, 'is empty');
  if (name.startsWith(':')) throw invalid('scope', scope, 'begins with a colon');
  if (name.length > MAX_ENTRY_LENGTH) throw tooLong('scope', scope, MAX_ENTRY_LENGTH);
  return checkText('scope', scope, name);
}

function checkText(what: string, given: string, text: string): string {
  if (/\p{Cc}/u.test(text)) throw invalid(what, given, 'contains a control character');
  if (/\p{Surrogate}/u.test(text)) throw invalid(what, given, 'is not well-formed Unicode text');
  return text;
}

function tooLong(what: string, text: string, limit: number) {
  return invalid(what, text, `has more than ${limit} characters`);
}

function invalid(what: string, text: string, problem: string) {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return fail('state.invalid_key', `Invalid state ${what} ${JSON.stringify(shown)}: it ${problem}`, {
    hint: `Use printable text of at most ${MAX_KEY_LENGTH} characters, and ${MAX_ENTRY_LENGTH} together with the scope.`,
  });
}
