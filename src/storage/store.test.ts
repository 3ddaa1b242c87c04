import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_KEY_BYTES } from './key.js';
import { openLmdbStore } from './lmdb.js';
import { memoryStore } from './memory.js';
import { prefixedStore, tenantStore } from './prefixed.js';
import { STORE_CASES } from './store.case.js';
import type { KeyValueStore } from './store.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function lmdbStore(): Promise<KeyValueStore> {
  const directory = await mkdtemp(join(tmpdir(), 'llmspell-'));
  const store = await openLmdbStore(directory);
  cleanups.push(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
}

const BACKENDS: Record<string, () => Promise<KeyValueStore>> = {
  memory: async () => memoryStore(),
  lmdb: lmdbStore,
  'a tenant of memory': async () => tenantStore(memoryStore(), 'acme'),
  'a tenant of lmdb': async () => tenantStore(await lmdbStore(), 'acme'),
};

for (const [name, open] of Object.entries(BACKENDS)) {
  describe(`store: ${name}`, () => {
    for (const { title, run } of STORE_CASES) it(title, async () => run(await open()));
  });
}

describe('key limit', () => {
  it.each(['memory', 'lmdb'])('%s takes keys of exactly the limit', async (name) => {
    const store = await BACKENDS[name]!();
    const key = 'k'.repeat(MAX_KEY_BYTES);
    await store.set(key, new Uint8Array([1]));
    expect(await store.keys('')).toEqual([key]);
  });
});

describe('prefixed views', () => {
  const one = new Uint8Array([1]);

  it('keep tenants apart, whatever they are called', async () => {
    const store = memoryStore();
    const tenants = ['a', 'a/b', 'a%2Fb', 'a:b', '*', 'ä', '..'];
    for (const tenant of tenants)
      await tenantStore(store, tenant).set('b/k', new TextEncoder().encode(tenant));
    for (const tenant of tenants) {
      const view = tenantStore(store, tenant);
      expect(new TextDecoder().decode(await view.get('b/k'))).toBe(tenant);
      expect(await view.keys('')).toEqual(['b/k']);
      await view.delete('b/k');
    }
    expect(await store.keys('')).toEqual([]);
  });

  it('refuse an empty tenant', () => {
    expect(() => tenantStore(memoryStore(), '')).toThrowError(
      expect.objectContaining({ code: 'storage.failed' }),
    );
  });

  it('do not show an entry that is named like the prefix itself', async () => {
    const store = memoryStore();
    for (const key of ['p/', 'p/a', 'p/b', 'q']) await store.set(key, one);
    expect(await prefixedStore(store, 'p/').keys('', 1)).toEqual(['a']);
    expect(await prefixedStore(store, 'p/').keys('')).toEqual(['a', 'b']);
  });

  it('leave the store open when they are closed', async () => {
    const store = memoryStore();
    await prefixedStore(store, 'p/').close();
    await store.set('a', one);
    expect(await store.get('a')).toEqual(one);
  });
});
