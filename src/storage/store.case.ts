import { expect } from 'vitest';
import { MAX_KEY_BYTES } from './key.js';
import type { KeyValueStore } from './store.js';

/** One promise of {@link KeyValueStore}, tried on a fresh, empty store. */
export interface StoreCase {
  title: string;
  run(store: KeyValueStore): Promise<void>;
}

const bytes = (...values: number[]) => new Uint8Array(values);

/** What every backend and every view has to keep. */
export const STORE_CASES: readonly StoreCase[] = [
  {
    title: 'gives back what was set, empty values included, and nothing for a missing key',
    async run(store) {
      await store.set('a', bytes(1, 2, 0, 255));
      await store.set('empty', bytes());
      expect(await store.get('a')).toEqual(bytes(1, 2, 0, 255));
      expect(await store.get('empty')).toEqual(bytes());
      expect(await store.get('missing')).toBeUndefined();
    },
  },
  {
    title: 'replaces a value',
    async run(store) {
      await store.set('a', bytes(1));
      await store.set('a', bytes(2));
      expect(await store.get('a')).toEqual(bytes(2));
      expect(await store.keys('')).toEqual(['a']);
    },
  },
  {
    title: 'shares no memory with its callers',
    async run(store) {
      const given = bytes(1);
      await store.set('a', given);
      given[0] = 9;
      const got = (await store.get('a'))!;
      expect(got).toEqual(bytes(1));
      got[0] = 7;
      expect(await store.get('a')).toEqual(bytes(1));
    },
  },
  {
    title: 'says whether there was something to delete',
    async run(store) {
      await store.set('a', bytes());
      expect(await store.delete('a')).toBe(true);
      expect(await store.delete('a')).toBe(false);
      expect(await store.get('a')).toBeUndefined();
    },
  },
  {
    title: 'lists keys by prefix in the order of their UTF-8 bytes',
    async run(store) {
      const keys = ['b', 'a:2', 'a:10', 'a', 'aa', 'ä', '\u{1f600}', '\uffee', '\u0001', 'Z'];
      for (const key of keys) await store.set(key, bytes(1));
      const ordered = ['\u0001', 'Z', 'a', 'a:10', 'a:2', 'aa', 'b', 'ä', '\uffee', '\u{1f600}'];
      expect(await store.keys('')).toEqual(ordered);
      expect(await store.keys('a:')).toEqual(['a:10', 'a:2']);
      expect(await store.keys('nothing')).toEqual([]);
    },
  },
  {
    title: 'lists at most as many keys as asked for',
    async run(store) {
      for (const key of ['x1', 'x2', 'x3', 'y']) await store.set(key, bytes(1));
      expect(await store.keys('x', 2)).toEqual(['x1', 'x2']);
      expect(await store.keys('x', 9)).toEqual(['x1', 'x2', 'x3']);
      expect(await store.keys('', 0)).toEqual([]);
    },
  },
  {
    title: 'gives the values of several keys at once',
    async run(store) {
      await store.batch([
        { key: 'a', value: bytes(1) },
        { key: 'b', value: bytes(2) },
      ]);
      expect(await store.getMany(['b', 'missing', 'a', 'b'])).toEqual([
        bytes(2),
        undefined,
        bytes(1),
        bytes(2),
      ]);
      expect(await store.getMany([])).toEqual([]);
    },
  },
  {
    title: 'gives entries of a range, page by page',
    async run(store) {
      for (const [index, key] of ['p1', 'p2', 'p3', 'p\u{1f600}', 'q'].entries())
        await store.set(key, bytes(index));
      expect(await store.entries('p')).toEqual([
        ['p1', bytes(0)],
        ['p2', bytes(1)],
        ['p3', bytes(2)],
        ['p\u{1f600}', bytes(3)],
      ]);
      const page = async (after: string | undefined, limit: number) =>
        (await store.entries('p', { after, limit })).map(([key]) => key);
      expect(await page(undefined, 2)).toEqual(['p1', 'p2']);
      expect(await page('p2', 2)).toEqual(['p3', 'p\u{1f600}']);
      expect(await page('p2x', 1)).toEqual(['p3']);
      expect(await page('p\u{1f600}', 9)).toEqual([]);
      expect(await page('a', 1)).toEqual(['p1']);
      expect(await page('q', 1)).toEqual([]);
      expect(await page(undefined, 0)).toEqual([]);
      expect((await store.entries('')).length).toBe(5);
    },
  },
  {
    title: 'makes changes only if everything is as expected',
    async run(store) {
      const change = [{ key: 'a', value: bytes(2) }, { key: 'b' }];
      await store.set('b', bytes(7));
      expect(await store.batchIf([{ key: 'a', value: bytes(1) }], change)).toBe(false);
      expect(await store.batchIf([{ key: 'a' }, { key: 'b', value: bytes(8) }], change)).toBe(false);
      expect(await store.batchIf([{ key: 'a' }, { key: 'b' }], change)).toBe(false);
      expect(await store.getMany(['a', 'b'])).toEqual([undefined, bytes(7)]);
      expect(await store.batchIf([{ key: 'a' }, { key: 'b', value: bytes(7) }], change)).toBe(true);
      expect(await store.getMany(['a', 'b'])).toEqual([bytes(2), undefined]);
      expect(await store.batchIf([], [{ key: 'a' }])).toBe(true);
      expect(await store.keys('')).toEqual([]);
    },
  },
  {
    title: 'lets one of many win who expect the same',
    async run(store) {
      const tries = Array.from({ length: 20 }, (_, index) =>
        store.batchIf([{ key: 'a' }], [{ key: 'a', value: bytes(index) }]),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    },
  },
  {
    title: 'applies a batch in order',
    async run(store) {
      await store.set('old', bytes(1));
      await store.batch([
        { key: 'new', value: bytes(1) },
        { key: 'old' },
        { key: 'new', value: bytes(2) },
        { key: 'never-there' },
      ]);
      expect(await store.keys('')).toEqual(['new']);
      expect(await store.get('new')).toEqual(bytes(2));
    },
  },
  {
    title: 'applies nothing of a batch that holds a bad key',
    async run(store) {
      const changes = [
        { key: 'good', value: bytes(1) },
        { key: '', value: bytes(1) },
      ];
      await expect(store.batch(changes)).rejects.toMatchObject({ code: 'storage.failed' });
      expect(await store.keys('')).toEqual([]);
    },
  },
  {
    title: 'does things in the order in which they were asked, awaited or not',
    async run(store) {
      const first = [store.set('a', bytes(1)), store.delete('a'), store.set('a', bytes(2))];
      const then = [
        store.batch([{ key: 'a', value: bytes(3) }]),
        store.delete('b'),
        store.set('b', bytes(4)),
        store.batchIf([{ key: 'b', value: bytes(4) }], [{ key: 'c', value: bytes(5) }]),
        store.set('c', bytes(6)),
      ];
      expect((await Promise.all([...first, ...then]))[1]).toBe(true);
      expect(await store.get('c')).toEqual(bytes(6));
      expect(await store.get('a')).toEqual(bytes(3));
      expect(await store.get('b')).toEqual(bytes(4));
    },
  },
  {
    title: 'refuses keys that are empty, too long or broken text',
    async run(store) {
      for (const key of ['', 'ä'.repeat(MAX_KEY_BYTES / 2 + 1), 'half \ud83d']) {
        const refused = { code: 'storage.failed' };
        await expect(store.get(key)).rejects.toMatchObject(refused);
        await expect(store.set(key, bytes(1))).rejects.toMatchObject(refused);
        await expect(store.delete(key)).rejects.toMatchObject(refused);
        await expect(store.getMany(['good', key])).rejects.toMatchObject(refused);
        await expect(store.batchIf([{ key }], [])).rejects.toMatchObject(refused);
        await expect(store.batchIf([], [{ key }])).rejects.toMatchObject(refused);
      }
      await expect(store.keys('half \ud83d')).rejects.toMatchObject({ code: 'storage.failed' });
    },
  },
  {
    title: 'holds values of a megabyte',
    async run(store) {
      const large = new Uint8Array(1_000_000).map((_, index) => index % 251);
      await store.set('large', large);
      expect(Buffer.from((await store.get('large'))!).equals(large)).toBe(true);
    },
  },
  {
    title: 'refuses everything after close, and closes twice without complaint',
    async run(store) {
      await store.set('a', bytes(1));
      await store.close();
      await store.close();
      const closed = { code: 'storage.unavailable' };
      await expect(store.get('a')).rejects.toMatchObject(closed);
      await expect(store.set('a', bytes(1))).rejects.toMatchObject(closed);
      await expect(store.delete('a')).rejects.toMatchObject(closed);
      await expect(store.batch([])).rejects.toMatchObject(closed);
      await expect(store.keys('')).rejects.toMatchObject(closed);
      await expect(store.entries('')).rejects.toMatchObject(closed);
      await expect(store.getMany([])).rejects.toMatchObject(closed);
      await expect(store.batchIf([], [])).rejects.toMatchObject(closed);
    },
  },
];
