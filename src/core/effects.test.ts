import { expect, test } from 'vitest';
import { systemEffects } from './effects.js';
import { newId } from './ids.js';

test('a sleep ends by itself, or with the reason of its signal', async () => {
  const { sleep } = systemEffects();
  await sleep(1);
  const controller = new AbortController();
  const asleep = sleep(60_000, controller.signal);
  controller.abort(new Error('wake up'));
  await expect(asleep).rejects.toThrow('wake up');
  await expect(sleep(60_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

test('names made later sort later', () => {
  const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000];
  const names = times.map((time) => newId(time, () => 0.5));
  expect(names.toSorted()).toEqual(names);
  for (const name of names) expect(name).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
});

test('names of the same moment differ by their random part', () => {
  const effects = systemEffects();
  expect(new Set(Array.from({ length: 1000 }, () => effects.id())).size).toBe(1000);
  expect(newId(5, () => 0)).toBe(`${'0'.repeat(9)}5${'0'.repeat(16)}`);
});
