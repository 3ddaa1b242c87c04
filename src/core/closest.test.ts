import { expect, it } from 'vitest';
import { closest } from './closest.js';

it.each([
  ['calclator', ['calculator', 'uuid-generator'], 'calculator'],
  ['shwo', ['show', 'get'], 'show'],
  ['SHOW', ['show'], 'show'],
  ['quiet', ['quite', 'quick'], 'quite'],
  ['x', ['yy', 'zzz'], undefined],
  ['banana', ['show', 'get'], undefined],
  ['a', [], undefined],
])('closest to %s of %j is %s', (word, candidates, nearest) => {
  expect(closest(word, candidates)).toBe(nearest);
});
