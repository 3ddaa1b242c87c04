import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../../storage/memory.js';
import { Encryption } from './encryption.js';
import { dataKey } from './key-ring.js';
import { environmentKeys, fileKeys, keychainKeys } from './key-sources.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmspell-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const noSalt = async () => {
  throw new Error('a key needs no salt');
};

describe('dataKey', () => {
  it('takes 32 bytes as hexadecimal or base64, and knows them as the same', async () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64')];
    texts.push(bytes.toString('base64url'));
    const keys = await Promise.all(texts.map((text) => dataKey(text, noSalt)));
    expect(new Set(keys.map(({ secret }) => secret.toString('hex'))).size).toBe(1);
    expect(keys[0]!.secret.equals(bytes)).toBe(false);
  });

  it('makes of a passphrase another key for every salt', async () => {
    const salted = (salt: number) => dataKey('correct horse battery', async () => Buffer.alloc(16, salt));
    const [one, same, other] = await Promise.all([salted(1), salted(1), salted(2)]);
    expect(one.secret).toEqual(same.secret);
    expect(one.secret).not.toEqual(other.secret);
    expect(one.id).not.toEqual(other.id);
  });

  it('refuses a short passphrase, without showing it', async () => {
    const refusal = await dataKey('secret pass', noSalt).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: 'keys.unavailable', hint: expect.any(String) });
    expect(JSON.stringify([refusal, (refusal as Error).message])).not.toContain('secret pass');
  });
});

describe('Encryption', () => {
  const source = (...keys: string[]) => ({ name: 'a test', read: async () => keys });

  it('keeps one salt for each store', async () => {
    const store = memoryStore();
    const open = (at: typeof store) =>
      new Encryption({ all: true, sources: [source('correct horse battery')] }, at).open();
    const rings = await Promise.all([open(store), open(store), open(memoryStore())]);
    const [one, two, other] = rings.map((ring) => ring!.newest.id.toString('hex'));
    expect(one).toBe(two);
    expect(one).not.toBe(other);
  });

  it('takes the first key of the first source that has one', async () => {
    const keys = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(32));
    const sources = [source(), source(keys[0]!, keys[1]!), source(keys[2]!)];
    const ring = (await new Encryption({ all: true, sources }, memoryStore()).open())!;
    const ids = await Promise.all(keys.map(async (key) => (await dataKey(key, noSalt)).id));
    expect(ring.newest.id).toEqual(ids[0]);
    for (const id of ids) expect(ring.find(id)).toBeDefined();
  });

  it('needs a key only if everything is to be encrypted, and tries again after a failure', async () => {
    expect(await new Encryption({ all: false, sources: [source()] }, memoryStore()).open()).toBeUndefined();
    let keys: string[] = [];
    const late = new Encryption(
      { all: true, sources: [{ name: 'x', read: async () => keys }] },
      memoryStore(),
    );
    await expect(late.open()).rejects.toMatchObject({ code: 'keys.unavailable' });
    keys = ['aa'.repeat(32)];
    expect(await late.open()).toBeDefined();
  });
});

describe('where keys come from', () => {
  it('a variable, and older ones', async () => {
    const read = (variables: Record<string, string>) => environmentKeys('K', variables).read();
    expect(await read({})).toEqual([]);
    expect(await read({ K: '' })).toEqual([]);
    expect(await read({ K: ' new ', K_PREVIOUS: 'old one\n\nolder\n' })).toEqual(['new', 'old one', 'older']);
  });

  it('a file', async () => {
    const file = join(folder, 'keys');
    writeFileSync(file, '# newest first\nnew\r\n\n  old one \n');
    expect(await fileKeys(file).read()).toEqual(['new', 'old one']);
    writeFileSync(file, '# none\n');
    await expect(fileKeys(file).read()).rejects.toMatchObject({ code: 'keys.unavailable' });
    await expect(fileKeys(join(folder, 'none')).read()).rejects.toMatchObject({ code: 'keys.unavailable' });
  });

  it.skipIf(process.platform === 'win32').each(['linux', 'darwin'] as const)(
    'the keychain of %s',
    async (platform) => {
      const program = join(folder, platform === 'linux' ? 'secret-tool' : 'security');
      writeFileSync(program, '#!/bin/sh\necho "$@" > "$0.args"\necho the-key\n');
      chmodSync(program, 0o755);
      const path = `${folder}:/usr/bin:/bin`;
      expect(await keychainKeys({ PATH: path }, platform).read()).toEqual(['the-key']);
      writeFileSync(program, '#!/bin/sh\nexit 1\n');
      await expect(keychainKeys({ PATH: path }, platform).read()).rejects.toMatchObject({
        code: 'keys.unavailable',
      });
      await expect(keychainKeys({ PATH: folder }, 'aix').read()).rejects.toMatchObject({
        code: 'keys.unavailable',
      });
      rmSync(program);
      await expect(keychainKeys({ PATH: folder }, platform).read()).rejects.toMatchObject({
        code: 'keys.unavailable',
      });
    },
  );
});
