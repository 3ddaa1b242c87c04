import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { type GuardedTree, openTreeGuarded } from './file-trees.js';
import { noGrants } from './grants.js';
import { createPermissions } from './permissions.js';

let dir: string;
let outside: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-tree-')));
  outside = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-outside-')));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
  await rm(outside, { recursive: true });
});

async function withTree(work: (tree: GuardedTree) => Promise<void>, signal?: AbortSignal) {
  const permissions = createPermissions({ ...noGrants(), write: [dir] }, { cwd: dir });
  const { context, events } = testContext({ permissions, ...(signal && { signal }) });
  const tree = await openTreeGuarded('top', context);
  await work(tree).finally(() => tree.close());
  return events;
}
const openHandles = async () => (await readdir('/proc/self/fd')).length;

describe('a guarded tree', () => {
  it('writes files into folders that it makes, and replaces files', async () => {
    const events = await withTree(async (tree) => {
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => tree.write(`d${i % 50}/e/f${i}`, [Buffer.from(`${i}`)])),
      );
      await tree.write('d0/e/f0', [Buffer.from('again'), Buffer.from('!')]);
      await tree.makeDir('empty/folder');
    });
    expect(await readFile(join(dir, 'top/d0/e/f0'), 'utf8')).toBe('again!');
    expect(await readFile(join(dir, 'top/d49/e/f199'), 'utf8')).toBe('199');
    expect(await readdir(join(dir, 'top/d0/e'))).toHaveLength(4);
    expect(await readdir(join(dir, 'top/empty'))).toEqual(['folder']);
    expect(events.filter(({ type }) => type === 'permission').length).toBeLessThan(5);
  });

  it.skipIf(process.platform !== 'linux')('keeps nothing open', async () => {
    const before = await openHandles();
    await withTree(async (tree) => {
      for (let i = 0; i < 100; i++) await tree.write(`d${i}/x`, [Buffer.from('x')]);
      expect((await openHandles()) - before).toBeLessThan(60);
    });
    expect(await openHandles()).toBe(before);
  });

  it('follows no link, even one that takes the place of a folder meanwhile', async () => {
    await mkdir(join(dir, 'top/real'), { recursive: true });
    await symlink(outside, join(dir, 'top/link'));
    await writeFile(join(outside, 'file'), 'as it was');
    await symlink(join(outside, 'file'), join(dir, 'top/filelink'));
    await withTree(async (tree) => {
      for (const name of ['link/x', 'link/a/b', 'filelink', 'link'])
        await expect(tree.write(name, [Buffer.from('evil')])).rejects.toMatchObject({ code: 'tool.failed' });
      await tree.write('real/before', [Buffer.from('x')]);
      await rename(join(dir, 'top/real'), join(dir, 'moved'));
      await symlink(outside, join(dir, 'top/real'));
      await tree.write('real/after', [Buffer.from('x')]);
    });
    expect(await readdir(outside)).toEqual(['file']);
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('as it was');
    expect((await readdir(join(dir, 'moved'))).sort()).toEqual(['after', 'before']);
  });

  it('leaves no half of a file when its content fails or the call is aborted', async () => {
    const controller = new AbortController();
    async function* endless() {
      for (;;) yield Buffer.alloc(1000);
    }
    async function* failing() {
      yield Buffer.from('half');
      throw new Error('no more');
    }
    const run = withTree(async (tree) => {
      await tree.write('kept', [Buffer.from('kept')]);
      await expect(tree.write('new', failing())).rejects.toThrow('no more');
      await expect(tree.write('kept', failing())).rejects.toThrow('no more');
      setTimeout(() => controller.abort(), 20);
      await tree.write('endless', endless());
    }, controller.signal);
    await expect(run).rejects.toThrow();
    expect(await readdir(join(dir, 'top'))).toEqual(['kept']);
    expect(await readFile(join(dir, 'top/kept'), 'utf8')).toBe('kept');
  });

  it('is not opened outside the grant', async () => {
    const permissions = createPermissions({ ...noGrants(), write: [dir] }, { cwd: dir });
    const { context } = testContext({ permissions });
    await expect(openTreeGuarded(join(outside, 'x'), context)).rejects.toMatchObject({
      code: 'permission.write',
    });
    expect(await readdir(outside)).toEqual([]);
  });
});
