import { chmod, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BLOB_CASES, HASHES, noise, whole } from './blob.case.js';
import { fileBlobs } from './blob-files.js';
import { memoryBlobs } from './blob-memory.js';
import { wasmHash } from './content-hash.js';

let directory: string;
const clock = { now: 1_700_000_000_000 };
const now = () => clock.now;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-blobs-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const files = (method: 'lz4' | 'deflate' = 'lz4') => fileBlobs({ directory, threshold: 10_240, method, now });

describe.each([
  ['memory', () => memoryBlobs(now)],
  ['files', () => files()],
  ['files with deflate', () => files('deflate')],
])('%s', (_, make) => {
  test.each(BLOB_CASES)('$title', ({ run }) => run(make(), clock));
});

test('WebAssembly hashes as the native code does', async () => {
  const hash = await wasmHash();
  hash.update(Buffer.from('ab'));
  hash.update(Buffer.from('c'));
  expect(hash.digest()).toBe(HASHES.abc);
});

describe('files', () => {
  const pathOf = (hash: string) => join(directory, hash.slice(0, 2), hash);

  test('compress what is large and leave alone what is small or would not get smaller', async () => {
    const store = files();
    expect((await store.put(Buffer.alloc(3_000_000, 1))).storedSize).toBeLessThan(30_000);
    expect((await store.put(Buffer.alloc(10_000, 1))).storedSize).toBeGreaterThan(10_000);
    expect((await store.put(noise(50_000))).storedSize).toBeLessThan(50_100);
  });

  test('another store on the same directory sees the same', async () => {
    const { hash } = await files().put(noise(1000));
    expect((await whole(files().read(hash))).equals(noise(1000))).toBe(true);
  });

  test('a changed byte is found before the end, wherever it is', async () => {
    const store = files();
    const { hash } = await store.put(noise(2_500_000));
    const good = await readFile(pathOf(hash));
    for (const at of [3, 9, 16, 40, 1_100_000, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x55;
      await writeFile(pathOf(hash), bad);
      await expect(whole(store.read(hash)), String(at)).rejects.toMatchObject({ code: 'artifact.corrupt' });
    }
  });

  test('what is damaged is whole again when it is stored again', async () => {
    const store = files();
    const { hash } = await store.put(noise(1000));
    await writeFile(pathOf(hash), 'garbage');
    await store.put(noise(1000));
    expect((await whole(store.read(hash))).equals(noise(1000))).toBe(true);
  });

  test('what was put aside when its process died is put back', async () => {
    const store = files();
    const { hash } = await store.put(noise(1000));
    await rename(pathOf(hash), join(directory, 'incoming', `${hash}.someone`));
    await store.clean(Date.now() + 60_000);
    expect((await whole(store.read(hash))).equals(noise(1000))).toBe(true);
  });

  test('a cut file is found', async () => {
    const store = files();
    const { hash } = await store.put(noise(100_000));
    for (const length of [90_000, 20, 10, 0]) {
      await truncate(pathOf(hash), length);
      await expect(whole(store.read(hash)), String(length)).rejects.toMatchObject({
        code: 'artifact.corrupt',
      });
    }
  });

  test('what a cut put left is cleaned away once it is old', async () => {
    const store = files();
    async function* endless() {
      yield noise(100);
      await new Promise(() => {});
    }
    void store.put(endless());
    while ((await readdir(join(directory, 'incoming')).catch(() => [])).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await store.clean(0);
    expect(await readdir(join(directory, 'incoming'))).toHaveLength(1);
    await store.clean(Date.now() + 60_000);
    expect(await readdir(join(directory, 'incoming'))).toHaveLength(0);
  });

  test('a folder that cannot be one is named', async () => {
    const store = fileBlobs({ directory: join(directory, 'file'), threshold: 10_240, method: 'lz4', now });
    await writeFile(join(directory, 'file'), '');
    await expect(store.put(noise(10))).rejects.toMatchObject({ code: 'storage.failed' });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written is named', async () => {
    await chmod(directory, 0o500);
    await expect(files().put(noise(10))).rejects.toMatchObject({ code: 'storage.failed' });
  });
});
