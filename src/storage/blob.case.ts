import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { BlobStore } from './blob-store.js';

/** One promise of {@link BlobStore}, tried on a fresh, empty store whose clock stands at `clock.now`. */
export interface BlobCase {
  title: string;
  run(store: BlobStore, clock: { now: number }): Promise<void>;
}

/** BLAKE3 of nothing and of `abc`, from the test vectors of its specification. */
export const HASHES = {
  empty: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
  abc: '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
};

/** Everything that is read, as one. */
export async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of content) read.push(Buffer.from(piece));
  return Buffer.concat(read);
}

/** Bytes that no compression makes shorter, always the same for a seed. */
export function noise(length: number, seed = 'x'): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
    createHash('sha512').update(`${seed}${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

async function hashesIn(store: BlobStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { hash } of store.list()) found.push(hash);
  return found.sort();
}

/** What every backend has to keep. */
export const BLOB_CASES: readonly BlobCase[] = [
  {
    title: 'names content by its BLAKE3, nothing at all included',
    async run(store) {
      expect(await store.put(Buffer.from('abc'))).toMatchObject({ hash: HASHES.abc, size: 3 });
      expect(await store.put(Buffer.alloc(0))).toMatchObject({ hash: HASHES.empty, size: 0 });
      expect(await whole(store.read(HASHES.abc))).toEqual(Buffer.from('abc'));
      expect(await whole(store.read(HASHES.empty))).toEqual(Buffer.alloc(0));
    },
  },
  {
    title: 'gives back what is larger than a piece, in pieces, whatever pieces it came in',
    async run(store) {
      const content = Buffer.concat([noise(1_500_000), Buffer.alloc(2_000_000, 7), noise(100_001, 'y')]);
      async function* parts() {
        for (let at = 0; at < content.length; at += 77_777) yield content.subarray(at, at + 77_777);
      }
      const info = await store.put(parts());
      expect(info.size).toBe(content.length);
      expect((await store.put(content)).hash).toBe(info.hash);
      expect((await whole(store.read(info.hash))).equals(content)).toBe(true);
    },
  },
  {
    title: 'keeps what is the same once',
    async run(store, clock) {
      await store.put(Buffer.from('abc'));
      clock.now += 5000;
      await store.put(Buffer.from('abc'));
      expect(await hashesIn(store)).toEqual([HASHES.abc]);
      expect(await store.info(HASHES.abc)).toMatchObject({ size: 3, storedAt: clock.now });
    },
  },
  {
    title: 'keeps nothing of content that fails, and says why',
    async run(store) {
      async function* broken() {
        yield noise(3_000_000);
        throw new Error('the source broke');
      }
      await expect(store.put(broken())).rejects.toThrow('the source broke');
      expect(await hashesIn(store)).toEqual([]);
    },
  },
  {
    title: 'does not know what was never stored, nor what is no hash',
    async run(store) {
      for (const hash of ['0'.repeat(64), '../../etc/passwd', '']) {
        expect(await store.info(hash)).toBeUndefined();
        expect(await store.delete(hash)).toBe(false);
        await expect(whole(store.read(hash))).rejects.toMatchObject({ code: 'artifact.not_found' });
      }
    },
  },
  {
    title: 'deletes, and spares what was stored again since',
    async run(store, clock) {
      await store.put(Buffer.from('abc'));
      const before = clock.now;
      clock.now += 5000;
      await store.put(Buffer.from('abc'));
      expect(await store.delete(HASHES.abc, before + 1)).toBe(false);
      expect(await whole(store.read(HASHES.abc))).toEqual(Buffer.from('abc'));
      expect(await store.delete(HASHES.abc, clock.now + 1)).toBe(true);
      expect(await store.delete(HASHES.abc)).toBe(false);
      expect(await hashesIn(store)).toEqual([]);
    },
  },
  {
    title: 'sweeps away what is old and nobody wants, and asks again at the last moment',
    async run(store, clock) {
      const put = async (text: string) => (await store.put(Buffer.from(text))).hash;
      const [, wanted, late] = [await put('gone'), await put('wanted'), await put('late')];
      clock.now += 5000;
      const fresh = await put('fresh');
      const answers = [[wanted], [wanted, late]];
      const swept = await store.sweep(clock.now, async () => new Set(answers.shift()));
      expect(swept).toMatchObject({ blobs: 1 });
      expect(new Set(await hashesIn(store))).toEqual(new Set([wanted, late, fresh]));
      expect((await whole(store.read(late))).toString()).toBe('late');
    },
  },
  {
    title: 'takes the same content from many at once',
    async run(store) {
      const infos = await Promise.all(Array.from({ length: 8 }, () => store.put(noise(300_000))));
      expect(new Set(infos.map(({ hash }) => hash)).size).toBe(1);
      expect((await whole(store.read(infos[0]!.hash))).equals(noise(300_000))).toBe(true);
    },
  },
  {
    title: 'refuses everything once it is closed',
    async run(store) {
      await store.close();
      await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage.unavailable' });
      await expect(store.info(HASHES.abc)).rejects.toMatchObject({ code: 'storage.unavailable' });
      await expect(whole(store.read(HASHES.abc))).rejects.toMatchObject({ code: 'storage.unavailable' });
    },
  },
];
