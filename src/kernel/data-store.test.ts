import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.js';
import type { Config } from '../config/types.js';
import { systemEffects } from '../core/effects.js';
import { DataStore } from './data-store.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmspell-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(change: (config: Config) => void = () => {}): DataStore {
  const config = structuredClone(DEFAULT_CONFIG) as Config;
  change(config);
  return new DataStore(config, folder, { LLMSPELL_HOME: join(folder, 'home') }, systemEffects());
}

describe('DataStore', () => {
  it('keeps the rooms and the tenants apart in one store', async () => {
    const data = store();
    const [mine, other, sessions] = await Promise.all([
      data.view('state', 'a'),
      data.view('state', 'b'),
      data.view('sessions', 'a'),
    ]);
    await mine.set('k', Uint8Array.of(1));
    expect([await other.keys(''), await sessions.keys('')]).toEqual([[], []]);
    await data.close();
    expect(existsSync(join(folder, 'home', 'state', 'data.mdb'))).toBe(true);
  });

  it('is where the configuration says', async () => {
    const data = store((config) => {
      config.runtime.state_persistence.path = 'elsewhere';
    });
    await data.view('state', 'a');
    await data.close();
    expect(existsSync(join(folder, 'elsewhere', 'data.mdb'))).toBe(true);
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  it('keeps nothing on disk in memory', async () => {
    const data = store((config) => {
      config.runtime.state_persistence.backend_type = 'memory';
    });
    await (await data.view('state', 'a')).set('k', Uint8Array.of(1));
    expect(await (await data.view('state', 'a')).keys('')).toEqual(['k']);
    await data.close();
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });
});
