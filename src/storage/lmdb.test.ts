import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from './lmdb.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(directory, { recursive: true }));

const text = (value: string) => new TextEncoder().encode(value);

/** Writes entries in one and in several pages, and closes. */
async function fill(count = 200): Promise<void> {
  const store = await openLmdbStore(directory);
  for (let i = 0; i < count; i++)
    await store.set(`key-${i}`, new Uint8Array(i % 5 === 0 ? 9000 : 700).fill(i));
  await store.close();
}

/** Runs TypeScript in another process; `store` is the opened store, `line()` the next line it is sent. */
function startProcess(body: string, uid?: number) {
  const lmdb = fileURLToPath(new URL('./lmdb.ts', import.meta.url));
  const code = `
    import { createInterface } from 'node:readline';
    import { openLmdbStore } from ${JSON.stringify(lmdb)};
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const line = async () => (await lines.next()).value;
    const say = (text) => process.stdout.write(text + '\\n');
    ${uid === undefined ? '' : `process.setuid(${uid});`}
    const directory = ${JSON.stringify(directory)};
    ${body}
    process.exit(0);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    send: (line: string) => child.stdin.write(`${line}\n`),
    read: async () => (await output.next()).value as string | undefined,
  };
}

describe('an LMDB store', () => {
  it('keeps what was written, across closing and opening', async () => {
    await fill();
    const store = await openLmdbStore(directory);
    expect((await store.keys('')).length).toBe(200);
    expect(await store.get('key-5')).toEqual(new Uint8Array(9000).fill(5));
    await store.close();
  });

  it('creates missing directories, with a dot in their name too', async () => {
    const deep = join(directory, 'a', 'state.v1');
    await (await openLmdbStore(deep)).close();
    expect((await stat(join(deep, 'data.mdb'))).isFile()).toBe(true);
  });

  it('finishes what was begun before it closes', async () => {
    const store = await openLmdbStore(directory);
    const begun = [
      store.set('a', text('1')),
      store.batch([{ key: 'b', value: text('2') }]),
      store.delete('a'),
    ];
    await store.close();
    expect(await Promise.all(begun)).toEqual([undefined, undefined, true]);
    const again = await openLmdbStore(directory);
    expect(await again.keys('')).toEqual(['b']);
    await again.close();
  });

  it('may be open twice in one process', async () => {
    const [one, two] = [await openLmdbStore(directory), await openLmdbStore(directory)];
    await one.set('a', text('1'));
    expect(await two.get('a')).toEqual(text('1'));
    await one.close();
    await two.set('a', text('2'));
    expect(await two.get('a')).toEqual(text('2'));
    await two.close();
  });
});

describe('two processes on one LMDB store', () => {
  it('see each other’s writes as soon as they are acknowledged', async () => {
    const other = startProcess(`
      const store = await openLmdbStore(directory);
      say('ready');
      for (let key; (key = await line()) !== 'end'; ) {
        const seen = await store.get(key);
        await store.set(key + '-answer', seen ?? new Uint8Array());
        say(String(seen?.length));
      }
      await store.close();`);
    const store = await openLmdbStore(directory);
    expect(await other.read()).toBe('ready');
    for (let i = 1; i <= 50; i++) {
      await store.set(`k${i}`, new Uint8Array(i));
      other.send(`k${i}`);
      expect(await other.read()).toBe(String(i));
      expect(await store.get(`k${i}-answer`)).toEqual(new Uint8Array(i));
    }
    other.send('end');
    await once(other.child, 'exit');
    await store.close();
  });

  it('lose nothing when both write at once', async () => {
    const writer = (name: string) => `
      const store = await openLmdbStore(directory);
      for (let i = 0; i < 100; i++) await store.set('${name}' + i, new Uint8Array(i));
      await store.close();`;
    const children = ['a', 'b'].map((name) => startProcess(writer(name)).child);
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    const store = await openLmdbStore(directory);
    expect((await store.keys('')).length).toBe(200);
    await store.close();
  });

  it('delete an entry only once between them', async () => {
    const deleter = `
      const store = await openLmdbStore(directory);
      say('ready');
      await line();
      let count = 0;
      for (let i = 0; i < 60; i++) if (await store.delete('key-' + i)) count++;
      await store.close();
      say(String(count));`;
    await fill(60);
    const others = [startProcess(deleter), startProcess(deleter)];
    for (const other of others) expect(await other.read()).toBe('ready');
    for (const other of others) other.send('go');
    const counts = await Promise.all(others.map(async (other) => Number(await other.read())));
    expect(counts[0]! + counts[1]!).toBe(60);
  });

  it('keep every acknowledged write, and whole batches only, when one is killed', async () => {
    const victim = startProcess(`
      const store = await openLmdbStore(directory);
      for (let i = 0; ; i++) {
        const value = new Uint8Array(i % 3000);
        await store.batch([{ key: 'left-' + i, value }, { key: 'right-' + i, value }]);
        say(String(i));
      }`);
    let acknowledged = -1;
    while (acknowledged < 100) acknowledged = Number(await victim.read());
    victim.child.kill('SIGKILL');
    for (let line = await victim.read(); line !== undefined; line = await victim.read())
      acknowledged = Number(line);
    const store = await openLmdbStore(directory);
    const left = (await store.keys('left-')).map((key) => key.slice(5));
    expect((await store.keys('right-')).map((key) => key.slice(6))).toEqual(left);
    expect(left.length).toBeGreaterThan(acknowledged);
    await store.close();
  });
});

describe('a directory that cannot be used', () => {
  const unavailable = { code: 'storage.unavailable', hint: expect.any(String) };
  const data = () => join(directory, 'data.mdb');

  it('is a file', async () => {
    const file = join(directory, 'file');
    await writeFile(file, 'hello');
    await expect(openLmdbStore(file)).rejects.toMatchObject(unavailable);
    await expect(openLmdbStore(join(file, 'below'))).rejects.toMatchObject(unavailable);
  });

  it('has an impossible name', async () => {
    await expect(openLmdbStore('a\0b')).rejects.toMatchObject(unavailable);
  });

  it('holds a data.mdb that is a directory', async () => {
    await mkdir(data());
    await expect(openLmdbStore(directory)).rejects.toMatchObject(unavailable);
  });

  it.each([
    ['a short text', Buffer.from('hello')],
    ['a page of noise', Buffer.alloc(4096, 0x5a)],
    ['many pages of noise', Buffer.alloc(100_000, 0x5a)],
    ['zeros', Buffer.alloc(100_000)],
  ])('holds %s for a data file', async (_, content) => {
    await writeFile(data(), content);
    await expect(openLmdbStore(directory)).rejects.toMatchObject(unavailable);
  });

  it.each([100, 4096, 8192, 40_000, 200_000])('holds a data file cut off after %i bytes', async (length) => {
    await fill();
    await truncate(data(), length);
    await expect(openLmdbStore(directory)).rejects.toMatchObject(unavailable);
    expect((await stat(data())).size).toBe(length);
  });

  it('holds a data file of another format version', async () => {
    await fill(1);
    const content = await readFile(data());
    for (const offset of [28, content.readUInt32LE(48) + 28]) content.writeUInt16LE(9, offset);
    await writeFile(data(), content);
    await expect(openLmdbStore(directory)).rejects.toMatchObject(unavailable);
  });

  it('holds a data file whose pages were overwritten behind its header', async () => {
    await fill();
    const content = await readFile(data());
    await writeFile(data(), content.fill(0x5a, 2 * content.readUInt32LE(48)));
    await expect(openLmdbStore(directory)).rejects.toMatchObject(unavailable);
  });

  it.skipIf(process.getuid?.() !== 0)('belongs to somebody else, in part or whole', async () => {
    await fill(1);
    const attempt = async (modes: [directory: number, data: number, lock: number]) => {
      await chmod(directory, modes[0]);
      await chmod(data(), modes[1]);
      await chmod(join(directory, 'lock.mdb'), modes[2]);
      const other = startProcess(
        `say(await openLmdbStore(directory).then(() => 'opened', (error) => error.code));`,
        65534,
      );
      return other.read();
    };
    expect(await attempt([0o777, 0o666, 0o666])).toBe('opened');
    expect(await attempt([0o555, 0o666, 0o666])).toBe('storage.unavailable');
    expect(await attempt([0o777, 0o444, 0o666])).toBe('storage.unavailable');
    expect(await attempt([0o777, 0o666, 0o444])).toBe('storage.unavailable');
  });
});

describe('a data file that is shorter than its header says', () => {
  it('is opened when only free pages are missing', async () => {
    await fill(50);
    const store = await openLmdbStore(directory);
    for (const key of await store.keys('')) if (key !== 'key-1') await store.delete(key);
    await store.close();
    const file = join(directory, 'data.mdb');
    const content = await readFile(file);
    const pageSize = content.readUInt32LE(48);
    // Cut page by page for as long as the store still opens: every page in use must stay readable.
    let pages = content.length / pageSize;
    for (; ; pages--) {
      await truncate(file, (pages - 1) * pageSize);
      const shorter = await openLmdbStore(directory).catch(() => undefined);
      if (!shorter) break;
      expect(await shorter.get('key-1')).toEqual(new Uint8Array(700).fill(1));
      await shorter.close();
    }
    expect(pages).toBeLessThan(content.length / pageSize);
  });
});
