import { splitName } from './keys.js';

/**
 * What an entry's name says about its handling.
 * - `trusted` (`benchmark:…`, `test:…`): hook points are not fired for it.
 * - `ephemeral` (`temp:…`, `cache:…`): kept in memory only, and not listed.
 * - `sensitive` (with `secret`, `token` or `credential` in it): encrypted as soon as there is a key, and redacted
 *   wherever it is shown.
 * - `external` (`external:…`, `user_input:…`): came from outside.
 */
export type KeyClass = 'trusted' | 'ephemeral' | 'sensitive' | 'external' | 'standard';

/** Scopes whose second part is the id of one thing, whatever that is called. */
const WITH_ID = /^(?:user|session|agent|tool|workflow|hook|tenant):[^:]*:/;
const BEGINNINGS: readonly (readonly [RegExp, KeyClass])[] = [
  [/^(?:benchmark|test):/, 'trusted'],
  [/^(?:temp|cache):/, 'ephemeral'],
];
const EXTERNAL = /^(?:external|user_input):/;
const SENSITIVE = /secret|token|credential/i;

/**
 * The class of the entry with this name. However an entry is addressed, its class is the same: a beginning counts
 * at the very beginning of its name, and at the beginning of the key inside its scope.
 */
export function keyClass(name: string): KeyClass {
  const parts = WITH_ID.test(name) ? [name.replace(WITH_ID, '')] : [name, splitName(name).key];
  for (const [beginning, found] of BEGINNINGS) if (parts.some((part) => beginning.test(part))) return found;
  if (SENSITIVE.test(name)) return 'sensitive';
  return parts.some((part) => EXTERNAL.test(part)) ? 'external' : 'standard';
}
