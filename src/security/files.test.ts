import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionContext } from '../core/context.js';
import { testContext } from '../core/testing.js';
import {
  copyGuarded,
  existsGuarded,
  listGuarded,
  makeDirGuarded,
  moveGuarded,
  openGuarded,
  readChunksGuarded,
  readFileGuarded,
  removeGuarded,
  resolvePath,
  statGuarded,
  writeFileGuarded,
} from './files.js';
import { noGrants } from './grants.js';
import { createPermissions } from './permissions.js';

let base: string;
let root: string;
let outside: string;
let context: ExecutionContext;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
  root = join(base, 'root');
  outside = join(base, 'root-outside');
  await mkdir(root);
  await mkdir(outside);
  await writeFile(join(outside, 'secret.txt'), 'SECRET');
  context = granted([root]);
});
afterEach(() => rm(base, { recursive: true, force: true }));

function granted(read: string[], write = read): ExecutionContext {
  const permissions = createPermissions({ ...noGrants(), read, write }, { cwd: root });
  return testContext({ permissions }).context;
}

const code = (code: string) => expect.objectContaining({ code });
const permissionError = expect.objectContaining({ code: expect.stringMatching(/^permission\./) });
const outsideFiles = async () =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(outside)).map(async (name) => [name, await readFile(join(outside, name), 'utf8')]),
    ),
  );

/** Every way to touch a path. */
const OPERATIONS: [string, (path: string, context: ExecutionContext) => Promise<unknown>][] = [
  ['readFileGuarded', (path, context) => readFileGuarded(path, context)],
  ['openGuarded', (path, context) => openGuarded(path, context)],
  ['statGuarded', (path, context) => statGuarded(path, context)],
  ['existsGuarded', (path, context) => existsGuarded(path, context)],
  ['listGuarded', (path, context) => listGuarded(path, context)],
  ['writeFileGuarded', (path, context) => writeFileGuarded(path, 'x', context)],
  ['writeFileGuarded in place', (path, context) => writeFileGuarded(path, 'x', context, { atomic: false })],
  ['writeFileGuarded append', (path, context) => writeFileGuarded(path, 'x', context, { append: true })],
  ['makeDirGuarded', (path, context) => makeDirGuarded(join(path, 'new'), context, { recursive: true })],
  ['removeGuarded', (path, context) => removeGuarded(path, context, { recursive: true })],
  ['copyGuarded from', (path, context) => copyGuarded(path, join(root, 'copy'), context)],
  ['copyGuarded to', (path, context) => copyGuarded(join(root, 'own.txt'), path, context)],
  ['moveGuarded from', (path, context) => moveGuarded(path, join(root, 'moved'), context)],
  ['moveGuarded to', (path, context) => moveGuarded(join(root, 'own.txt'), path, context)],
];

describe.each(OPERATIONS)('%s', (_name, operation) => {
  beforeEach(async () => {
    await writeFile(join(root, 'own.txt'), 'own');
    await symlink(outside, join(root, 'dirlink'));
    await symlink('dirlink', join(root, 'second'));
  });

  it.each<[string, () => string]>([
    ['an absolute path', () => join(outside, 'secret.txt')],
    ['a sibling that begins like the root', () => `${root}-outside/secret.txt`],
    ['dots from the root', () => `${root}/../root-outside/secret.txt`],
    ['relative dots', () => '../root-outside/secret.txt'],
    ['many dots', () => `${'../'.repeat(30)}${relative('/', outside)}/secret.txt`],
    ['dots after a folder that is missing', () => `${root}/none/../../root-outside/secret.txt`],
    ['a linked folder', () => join(root, 'dirlink', 'secret.txt')],
    ['a link to a linked folder', () => join(root, 'second', 'secret.txt')],
    ['a new file in a linked folder', () => join(root, 'dirlink', 'new', 'deep.txt')],
    ['/proc/self/root', () => `/proc/self/root${outside}/secret.txt`],
    ['/proc/self/cwd', () => `/proc/self/cwd/${relative(process.cwd(), outside)}/secret.txt`],
  ])('refuses %s', async (_case, path) => {
    await expect(operation(path(), context)).rejects.toThrow(permissionError);
    expect(await outsideFiles()).toEqual({ 'secret.txt': 'SECRET' });
  });

  it('refuses NUL bytes and empty paths', async () => {
    await expect(operation(`${root}/own.txt\0.png`, context)).rejects.toThrow(code('input.invalid'));
  });

  it('does not decode or expand: encoded dots and ~ are names', async () => {
    for (const path of ['%2e%2e/root-outside/secret.txt', '~/secret.txt', '..%2froot-outside%2fsecret.txt'])
      await operation(path, context).catch(() => {});
    expect(await outsideFiles()).toEqual({ 'secret.txt': 'SECRET' });
  });
});

describe('symbolic links', () => {
  it('are followed inside the grant and refused out of it, dangling ones too', async () => {
    await writeFile(join(root, 'a.txt'), 'inside');
    await symlink('a.txt', join(root, 'good'));
    await symlink(join(outside, 'secret.txt'), join(root, 'bad'));
    await symlink(join(outside, 'not-yet.txt'), join(root, 'dangling'));
    expect((await readFileGuarded('good', context)).toString()).toBe('inside');
    await expect(readFileGuarded('bad', context)).rejects.toThrow(code('permission.read'));
    await expect(writeFileGuarded('bad', 'x', context)).rejects.toThrow(code('permission.write'));
    await expect(writeFileGuarded('dangling', 'x', context)).rejects.toThrow(code('permission.write'));
    expect(await outsideFiles()).toEqual({ 'secret.txt': 'SECRET' });
  });

  it('are written through, keeping the link', async () => {
    await writeFile(join(root, 'a.txt'), 'old');
    await symlink('a.txt', join(root, 'good'));
    await writeFileGuarded('good', 'new', context);
    expect((await lstat(join(root, 'good'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('new');
  });

  it('are removed themselves, never what they point to', async () => {
    await symlink(join(outside, 'secret.txt'), join(root, 'bad'));
    await mkdir(join(root, 'tree'));
    await symlink(outside, join(root, 'tree', 'dirlink'));
    await removeGuarded('bad', context);
    await removeGuarded('tree', context, { recursive: true });
    expect(await readdir(root)).toEqual([]);
    expect(await outsideFiles()).toEqual({ 'secret.txt': 'SECRET' });
  });

  it('in a circle are an error', async () => {
    await symlink('b', join(root, 'a'));
    await symlink('a', join(root, 'b'));
    await expect(readFileGuarded('a', context)).rejects.toThrow(code('tool.failed'));
    await expect(writeFileGuarded('a', 'x', context)).rejects.toThrow(code('tool.failed'));
  });
});

describe('a folder exchanged for a link between check and use', () => {
  /** Exchanges `root/dir` for a link to the outside and back, in a thread of its own, until it is ended. */
  function startSwapping(): Worker {
    const source = `
      const { renameSync, rmSync, symlinkSync } = require('node:fs');
      const { dir, parked, outside } = require('node:worker_threads').workerData;
      const attempt = (work) => { try { work(); } catch {} };
      for (let i = 0; ; i++) {
        attempt(() => renameSync(dir, parked + i));
        attempt(() => symlinkSync(outside, dir));
        attempt(() => rmSync(dir));
        attempt(() => renameSync(parked + i, dir));
      }`;
    const workerData = { dir: join(root, 'dir'), parked: join(root, 'parked'), outside };
    return new Worker(source, { eval: true, workerData });
  }

  it('never lets a read or write escape', { timeout: 60_000 }, async () => {
    await mkdir(join(root, 'dir'));
    await writeFile(join(root, 'dir', 'secret.txt'), 'harmless');
    const swapping = startSwapping();
    const seen = new Set<string>();
    try {
      for (let round = 0; round < 300; round++) {
        const attempt = async (work: Promise<unknown>) =>
          work.catch((error: Error) => `${(error as { code?: string }).code}`);
        seen.add(`${await attempt(readFileGuarded('dir/secret.txt', context).then(String))}`);
        await attempt(writeFileGuarded('dir/new.txt', 'escaped', context));
        await attempt(writeFileGuarded('dir/secret.txt', 'harmless', context, { atomic: round % 2 === 0 }));
        await attempt(makeDirGuarded('dir/deep/er', context, { recursive: true }));
        await attempt(removeGuarded('dir/deep', context, { recursive: true }));
      }
    } finally {
      await swapping.terminate();
    }
    expect([...seen].filter((item) => item === 'SECRET')).toEqual([]);
    expect(await outsideFiles()).toEqual({ 'secret.txt': 'SECRET' });
  });
});

describe('reading', () => {
  it('gives bytes, chunks and entries', async () => {
    await writeFile(join(root, 'big.bin'), Buffer.alloc(700_000, 7));
    await mkdir(join(root, 'sub'));
    expect((await readFileGuarded('big.bin', context)).length).toBe(700_000);
    const sizes: number[] = [];
    for await (const chunk of readChunksGuarded('big.bin', context)) sizes.push(chunk.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((a, b) => a + b)).toBe(700_000);
    const listing = await listGuarded('.', context);
    expect(listing.entries.map(({ name, type }) => [name, type])).toEqual([
      ['big.bin', 'file'],
      ['sub', 'directory'],
    ]);
    expect((await listGuarded('.', context, { maxEntries: 1 })).truncated).toBe(true);
  });

  it('counts what it reads, not what the file claims', async () => {
    await writeFile(join(root, 'a.txt'), '0123456789');
    await expect(readFileGuarded('a.txt', context, { maxBytes: 9 })).rejects.toThrow(
      /exceeds maximum allowed size of 9 bytes/,
    );
    if (process.platform === 'linux')
      await expect(readFileGuarded('/proc/meminfo', granted(['/proc']), { maxBytes: 100 })).rejects.toThrow(
        /exceeds maximum allowed size/,
      );
  });

  it('refuses folders, devices and pipes without waiting for them', async () => {
    await expect(readFileGuarded('.', context)).rejects.toThrow(/it is a directory/);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await expect(readFileGuarded('pipe', context)).rejects.toThrow(/not a regular file/);
    await expect(writeFileGuarded('pipe', 'x', context, { atomic: false })).rejects.toThrow(
      /not a regular file/,
    );
    await expect(readFileGuarded('/dev/zero', granted(['/dev']))).rejects.toThrow(/not a regular file/);
  });

  it('names what is missing', async () => {
    await expect(readFileGuarded('none.txt', context)).rejects.toThrow(
      `Failed to access '${join(root, 'none.txt')}': it does not exist (ENOENT)`,
    );
    await expect(listGuarded('none/deep', context)).rejects.toThrow(/does not exist/);
    expect(await existsGuarded('none/deep', context)).toBe(false);
    expect(await existsGuarded('.', context)).toBe(true);
  });

  it('journals one decision for each file, on its real path', async () => {
    const permissions = createPermissions({ ...noGrants(), read: [root] }, { cwd: root });
    const { context, events } = testContext({ permissions });
    await writeFile(join(root, 'a.txt'), 'a');
    await symlink('a.txt', join(root, 'l'));
    await readFileGuarded('l', context);
    await expect(readFileGuarded('../root-outside/secret.txt', context)).rejects.toThrow();
    expect(events.map((event) => event.type === 'permission' && [event.target, event.granted])).toEqual([
      [join(root, 'a.txt'), true],
      [join(outside, 'secret.txt'), false],
    ]);
  });

  it('stops at the signal', async () => {
    const abort = new AbortController();
    const permissions = createPermissions({ ...noGrants(), read: [root] }, { cwd: root });
    const { context } = testContext({ permissions, signal: abort.signal });
    await writeFile(join(root, 'big.bin'), Buffer.alloc(3_000_000));
    const read = async () => {
      for await (const _ of readChunksGuarded('big.bin', context)) abort.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
  });
});

describe('writing', () => {
  it('replaces as a whole, keeps the mode and leaves nothing behind', async () => {
    await writeFileGuarded('deep/er/a.txt', 'first and long', context);
    await chmod(join(root, 'deep/er/a.txt'), 0o640);
    expect(await writeFileGuarded('deep/er/a.txt', 'second', context)).toEqual({
      path: join(root, 'deep/er/a.txt'),
      size: 6,
    });
    expect(await readFile(join(root, 'deep/er/a.txt'), 'utf8')).toBe('second');
    expect((await stat(join(root, 'deep/er/a.txt'))).mode & 0o777).toBe(0o640);
    expect(await readdir(join(root, 'deep/er'))).toEqual(['a.txt']);
  });

  it('appends and creates', async () => {
    await writeFileGuarded('log', 'a', context, { append: true });
    expect((await writeFileGuarded('log', 'bc', context, { append: true })).size).toBe(3);
    await expect(writeFileGuarded('log', 'd', context, { append: true, maxBytes: 3 })).rejects.toThrow(
      /exceeds maximum allowed size/,
    );
    expect(await readFile(join(root, 'log'), 'utf8')).toBe('abc');
  });

  it('in place shortens the file and keeps hard links together', async () => {
    await writeFile(join(root, 'a'), 'long content');
    await link(join(root, 'a'), join(root, 'b'));
    await writeFileGuarded('a', 'short', context, { atomic: false });
    expect(await readFile(join(root, 'b'), 'utf8')).toBe('short');
  });

  it('leaves the old content when it is cancelled', async () => {
    await writeFile(join(root, 'a'), 'old');
    const abort = new AbortController();
    const permissions = createPermissions({ ...noGrants(), write: [root] }, { cwd: root });
    const { context } = testContext({ permissions, signal: abort.signal });
    const write = writeFileGuarded('a', Buffer.alloc(40_000_000), context);
    setTimeout(() => abort.abort(new Error('enough')), 3);
    await expect(write).rejects.toThrow('enough');
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('old');
    expect(await readdir(root)).toEqual(['a']);
  });

  it('needs the write grant, not the read grant', async () => {
    const context = granted([root], [join(root, 'out')]);
    await writeFileGuarded('out/a.txt', 'a', context);
    await expect(writeFileGuarded('b.txt', 'b', context)).rejects.toThrow(code('permission.write'));
    await expect(moveGuarded('out/a.txt', 'c.txt', context)).rejects.toThrow(code('permission.write'));
    await expect(readFileGuarded('a.txt', granted([], [root]))).rejects.toThrow(code('permission.read'));
  });

  it('can be granted for a single file', async () => {
    const context = granted([], [join(root, 'only.txt')]);
    await writeFileGuarded('only.txt', 'a', context);
    await expect(writeFileGuarded('other.txt', 'b', context)).rejects.toThrow(code('permission.write'));
    expect(await readdir(root)).toEqual(['only.txt']);
  });

  it('makes folders', async () => {
    await expect(makeDirGuarded('a/b/c', context)).rejects.toThrow(/Parent directory does not exist/);
    expect((await makeDirGuarded('a/b/c', context, { recursive: true })).created).toBe(true);
    expect((await makeDirGuarded('a/b/c', context)).created).toBe(false);
    await writeFile(join(root, 'file'), '');
    await expect(makeDirGuarded('file', context)).rejects.toThrow(code('tool.failed'));
    await expect(makeDirGuarded('file/sub', context, { recursive: true })).rejects.toThrow(
      code('tool.failed'),
    );
  });

  it('copies, moves and removes', async () => {
    await writeFile(join(root, 'a'), 'content');
    expect((await copyGuarded('a', 'new/b', context)).size).toBe(7);
    await moveGuarded('new', 'moved', context);
    expect(await readdir(join(root, 'moved'))).toEqual(['b']);
    await expect(copyGuarded('a', 'c', context, { maxBytes: 3 })).rejects.toThrow(/exceeds maximum/);
    await expect(copyGuarded('moved', 'c', context)).rejects.toThrow(/is a directory/);
    await expect(removeGuarded('moved', context)).rejects.toThrow(code('input.invalid'));
    await removeGuarded('moved', context, { recursive: true });
    await expect(removeGuarded('moved', context)).rejects.toThrow(/does not exist/);
    expect(await readdir(root)).toEqual(['a']);
  });
});

it('resolvePath refuses what no system can mean', () => {
  expect(resolvePath('a/../b', '/x')).toBe('/x/b');
  expect(resolvePath('~/b', '/x')).toBe('/x/~/b');
  expect(() => resolvePath('', '/x')).toThrow(code('input.invalid'));
  expect(() => resolvePath('a\0', '/x')).toThrow(code('input.invalid'));
});
