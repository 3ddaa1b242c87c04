import { describe, expect, it } from 'vitest';
import { keyClass } from './key-class.js';
import { entryName, flatName } from './keys.js';

describe('keyClass', () => {
  it.each([
    ['benchmark:loop', 'trusted'],
    ['test:x', 'trusted'],
    ['temp:x', 'ephemeral'],
    ['cache:page', 'ephemeral'],
    ['api_token', 'sensitive'],
    ['db:Credentials', 'sensitive'],
    ['external:feed', 'external'],
    ['user_input:answer', 'external'],
    ['testing', 'standard'],
    ['latest:x', 'standard'],
    ['temperature', 'standard'],
  ])('of the flat key %j is %s', (flat, expected) => expect(keyClass(flatName(flat))).toBe(expected));

  it.each([
    ['global', 'temp:x', 'ephemeral'],
    ['workflow:42', 'cache:x', 'ephemeral'],
    ['workflow', '42:cache:x', 'ephemeral'],
    ['workflow:cache', 'step', 'standard'],
    ['agent:test', 'mood', 'standard'],
    ['tool:temp', 'secret', 'sensitive'],
    ['custom', 'test:x', 'trusted'],
  ])('of %j and %j is %s', (scope, key, expected) => expect(keyClass(entryName(scope, key))).toBe(expected));
});
