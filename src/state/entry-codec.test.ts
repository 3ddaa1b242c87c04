import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../storage/memory.js';
import { Encryption } from './encryption/encryption.js';
import { EntryCodec } from './entry-codec.js';

const maxValueBytes = 1_000_000;
const KEY = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const long = 'a long text '.repeat(500);

/** A codec that locks with the first of these keys. */
async function locking(...keys: string[]): Promise<EntryCodec> {
  const source = { name: 'a test', read: async () => keys };
  const encryption = new Encryption({ all: true, sources: [source] }, memoryStore());
  const codec = new EntryCodec({ maxValueBytes, encryption });
  await codec.prepare('a:b');
  return codec;
}

describe('the stored form of an entry', () => {
  it('holds version, expiry and value', async () => {
    const codec = new EntryCodec({ maxValueBytes });
    const { header, value } = codec.read(
      'a:b',
      codec.encode('a:b', { x: [1] }, { expiresAt: 1234, version: 7 }),
    );
    expect(header).toMatchObject({ expiresAt: 1234, version: 7 });
    expect(await value()).toEqual({ x: [1] });
  });

  it('has another version after every write', () => {
    const codec = new EntryCodec({ maxValueBytes });
    const versions = Array.from(
      { length: 1000 },
      () => codec.read('a:b', codec.encode('a:b', 1)).header.version!,
    );
    expect(new Set(versions).size).toBe(1000);
    for (const version of versions) expect(Number.isSafeInteger(version) && version > 0).toBe(true);
  });

  it('of earlier versions of llmspell is still read', async () => {
    const bytes = Buffer.concat([Buffer.of(1), serialize({ old: true })]);
    const { header, value } = new EntryCodec({ maxValueBytes }).read('a:b', bytes);
    expect(header).toEqual({});
    expect(await value()).toEqual({ old: true });
  });

  it.each(['lz4', 'deflate'] as const)('is compressed with %s above the threshold', async (method) => {
    const codec = new EntryCodec({ maxValueBytes, compression: { thresholdBytes: 1024, method } });
    const bytes = codec.encode('a:b', long);
    expect(bytes.length).toBeLessThan(600);
    expect(await codec.read('a:b', bytes).value()).toBe(long);
    expect(await new EntryCodec({ maxValueBytes }).read('a:b', bytes).value()).toBe(long);
  });

  it('is not compressed when that would not help', () => {
    const codec = new EntryCodec({ maxValueBytes, compression: { thresholdBytes: 10, method: 'deflate' } });
    const noise = crypto.getRandomValues(new Uint8Array(2000));
    expect(codec.encode('a:b', noise).length).toBeLessThan(2100);
  });

  it.each([
    ['nothing', []],
    ['an unknown format', [9, 1, 2, 3]],
    ['an old value without content', [1]],
    ['old noise', [1, 0x5a, 0x5a, 0x5a, 0x5a]],
    ['a header alone', [2, 0, 0, 0]],
  ])('is corrupt when it is %s', async (_, bytes) => {
    const { header, value } = new EntryCodec({ maxValueBytes }).read('a:b', new Uint8Array(bytes));
    expect(header).toEqual({});
    await expect(value()).rejects.toMatchObject({ code: 'state.corrupt', hint: expect.any(String) });
  });

  it.each(['plain', 'compressed', 'encrypted'])(
    'notices every flipped bit and every cut when it is %s',
    async (kind) => {
      const compression = kind === 'compressed' ? { thresholdBytes: 10, method: 'lz4' as const } : undefined;
      const codec =
        kind === 'encrypted' ? await locking(KEY) : new EntryCodec({ maxValueBytes, compression });
      const bytes = codec.encode('a:b', { text: 'abcabcabcabcabcabcabcabc' }, { expiresAt: 5 });
      for (let at = 0; at < bytes.length; at++) {
        const damaged = new Uint8Array(bytes);
        damaged[at]! ^= 1 << (at % 8);
        await expect(codec.read('a:b', damaged).value()).rejects.toMatchObject({ code: 'state.corrupt' });
        await expect(codec.read('a:b', bytes.subarray(0, at)).value()).rejects.toMatchObject({
          code: 'state.corrupt',
        });
      }
    },
  );
});

describe('an encrypted entry', () => {
  it('shows nothing, and comes back with its key alone', async () => {
    const codec = await locking(KEY);
    const bytes = codec.encode('a:b', 'a canary in the store');
    expect(Buffer.from(bytes).includes('canary')).toBe(false);
    expect(await codec.read('a:b', bytes).value()).toBe('a canary in the store');
    const refused = { code: 'state.encrypted', hint: expect.any(String) };
    await expect((await locking(OTHER)).read('a:b', bytes).value()).rejects.toMatchObject(refused);
    await expect(new EntryCodec({ maxValueBytes }).read('a:b', bytes).value()).rejects.toMatchObject(refused);
  });

  it('never repeats itself', async () => {
    const codec = await locking(KEY);
    const forms = Array.from({ length: 100 }, () =>
      Buffer.from(codec.encode('a:b', 1, { version: 1 })).toString('hex'),
    );
    expect(new Set(forms).size).toBe(100);
  });

  it('fits no other name and no other life time, even with a checksum that does', async () => {
    const codec = await locking(KEY);
    const [one, two] = [1000, 2000].map((expiresAt) =>
      Buffer.from(codec.encode('a:b', 1, { expiresAt, version: 1 })),
    );
    await expect(codec.read('a:c', one!).value()).rejects.toMatchObject({ code: 'state.corrupt' });
    const { crc32 } = await import('node:zlib');
    const exchanged = Buffer.concat([two!.subarray(0, 22), one!.subarray(22)]);
    exchanged.writeUInt32LE(crc32(exchanged.subarray(6), crc32(exchanged.subarray(0, 2))), 2);
    const { header, value } = codec.read('a:b', exchanged);
    expect(header.expiresAt).toBe(2000);
    await expect(value()).rejects.toMatchObject({ code: 'state.corrupt' });
  });

  it('is read with an older key and written with the newest', async () => {
    const bytes = (await locking(KEY)).encode('a:b', 1);
    const codec = await locking(OTHER, KEY);
    const { header, value } = codec.read('a:b', bytes);
    expect(await value()).toBe(1);
    expect(codec.isOutdated('a:b', header)).toBe(true);
    const anew = codec.encode('a:b', 1);
    expect(codec.isOutdated('a:b', codec.read('a:b', anew).header)).toBe(false);
    await expect((await locking(KEY)).read('a:b', anew).value()).rejects.toMatchObject({
      code: 'state.encrypted',
    });
  });

  it('is one only by its name where not all are', async () => {
    const source = { name: 'a test', read: async () => [KEY] };
    const encryption = new Encryption({ all: false, sources: [source] }, memoryStore());
    const codec = new EntryCodec({ maxValueBytes, encryption });
    expect(codec.prepare('global:plain')).toBeUndefined();
    await codec.prepare('global:api_token');
    expect(codec.read('global:api_token', codec.encode('global:api_token', 1)).header.keyId).toBeDefined();
    expect(codec.read('global:plain', codec.encode('global:plain', 1)).header.keyId).toBeUndefined();
  });
});
