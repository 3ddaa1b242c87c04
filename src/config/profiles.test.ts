import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './load.js';
import { findProfiles, PROFILES } from './profiles.js';
import { providerEntries } from './provider-tables.js';
import { TestPlace } from './testing.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

test('there are ten', () => {
  expect(PROFILES.map((profile) => profile.name)).toEqual([
    'minimal',
    'development',
    'providers',
    'state',
    'sessions',
    'ollama',
    'candle',
    'rag-dev',
    'rag-prod',
    'rag-perf',
  ]);
});

test.each(PROFILES.map((profile) => profile.name))(
  '%s loads without keys and without a warning',
  async (profile) => {
    const { config, warnings, origins } = await loadConfig(place.options({ profile }));
    expect(warnings).toEqual([]);
    const set = [...origins.values()].filter((origin) => origin.kind === 'profile');
    expect(set.length).toBeGreaterThan(0);
    expect(set.every((origin) => origin.where === profile)).toBe(true);
    for (const [, entry] of providerEntries(config.providers)) expect(entry).not.toHaveProperty('api_key');
  },
);

test('home is filled in, and later loads see the profile unchanged', async () => {
  const { config } = await loadConfig(place.options({ profile: 'candle' }));
  expect(config.providers.candle).toMatchObject({ model_directory: `${place.home}/.llmspell/models/candle` });
  const [again] = findProfiles('candle');
  expect(again!.values.providers!.candle).toMatchObject({ model_directory: '~/.llmspell/models/candle' });
});

test('all together are one configuration', async () => {
  const profile = PROFILES.map(({ name }) => name).join(',');
  const { config } = await loadConfig(place.options({ profile }));
  expect(providerEntries(config.providers).map(([name]) => name)).toEqual([
    'openai',
    'anthropic',
    'ollama',
    'candle',
  ]);
});
