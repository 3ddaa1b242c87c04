import { expect, test } from 'vitest';
import { addUsage, noUsage, type Usage } from './events.js';

type Source = Usage['source'];
const usage = (source: Source, tokens = 1): Usage => ({
  inputTokens: tokens,
  outputTokens: 2 * tokens,
  costUsd: tokens / 4,
  source,
});

test('usages add up', () => {
  expect(addUsage(usage('provider', 1), usage('provider', 3))).toEqual(usage('provider', 4));
  expect(addUsage(noUsage(), noUsage())).toEqual(noUsage());
});

test.each<[Source, Source, Source]>([
  ['provider', 'provider', 'provider'],
  ['provider', 'estimated', 'estimated'],
  ['provider', 'unknown', 'unknown'],
  ['estimated', 'unknown', 'unknown'],
])('what %s and %s counted together is %s', (one, other, together) => {
  expect(addUsage(usage(one), usage(other)).source).toBe(together);
  expect(addUsage(usage(other), usage(one)).source).toBe(together);
});

test('who counted nothing does not weaken the sum', () => {
  expect(addUsage(noUsage(), usage('provider')).source).toBe('provider');
  expect(addUsage(usage('provider'), usage('estimated', 0)).source).toBe('provider');
});
