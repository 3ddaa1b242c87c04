import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import archiveHandler from './archive-handler.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-archive-')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const has = (program: string) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e9 });
const python = (code: string) => run('/usr/bin/python3', '-c', code);

interface Options {
  config?: JsonObject;
  signal?: AbortSignal;
}
function call(input: JsonObject, { config = {}, signal }: Options = {}) {
  const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
  return callTool(archiveHandler, input, {
    permissions,
    host: { config: { archive_handler: config } },
    ...(signal && { signal }),
  });
}
const extract = (path: string, options?: Options) =>
  call({ operation: 'extract', path, target_path: 'out' }, options);
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'tool.failed', message: expect.stringMatching(message) });

/** Some text, a nested folder, an empty folder, a name that is not ASCII. */
async function tree() {
  await mkdir(join(dir, 'tree/sub/deep'), { recursive: true });
  await mkdir(join(dir, 'tree/empty'));
  await writeFile(join(dir, 'tree/a.txt'), 'alpha\n'.repeat(1000));
  await writeFile(
    join(dir, 'tree/sub/b.bin'),
    Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * i) % 251)),
  );
  await writeFile(join(dir, 'tree/sub/deep/grüße 你好.txt'), 'hi');
}
async function expectTree(at: string) {
  for (const name of ['a.txt', 'sub/b.bin', 'sub/deep/grüße 你好.txt'])
    expect(await readFile(join(dir, at, name))).toEqual(await readFile(join(dir, 'tree', name)));
  expect(await readdir(join(dir, at, 'empty'))).toEqual([]);
}

describe('archive-handler', () => {
  itRunsItsSamples(archiveHandler);

  describe('reads what other programs write', () => {
    beforeEach(tree);

    it.each([
      ['zip', 'ZIP', () => run('zip', '-r', 'x.zip', 'tree')],
      ['zip of stored files', 'ZIP', () => run('zip', '-0', '-r', 'x.zip', 'tree')],
      [
        'zip through a pipe, with data descriptors',
        'ZIP',
        () => run('sh', '-c', 'zip -r - tree | cat > x.zip'),
      ],
      ['zip with ZIP64 records', 'ZIP', () => run('zip', '-fz', '-r', 'x.zip', 'tree')],
      ['7z', 'ZIP', () => run('7z', 'a', '-tzip', 'x.zip', 'tree')],
      ['7z with bzip2', 'ZIP', () => run('7z', 'a', '-tzip', '-mm=BZip2', 'x.zip', 'tree')],
      ['python', 'ZIP', () => python("import shutil; shutil.make_archive('x','zip','.','tree')")],
      ['tar', 'TAR', () => run('tar', 'cf', 'x.zip', 'tree')],
      ['tar v7', 'TAR', () => run('tar', '--format=ustar', '-cf', 'x.zip', 'tree')],
      ['tar pax', 'TAR', () => run('tar', '--format=pax', '-cf', 'x.zip', 'tree')],
      ['tar czf', 'TAR.GZ', () => run('tar', 'czf', 'x.zip', 'tree')],
      ['tar cjf', 'TAR.BZ2', () => run('tar', 'cjf', 'x.zip', 'tree')],
      ['tar cJf', 'TAR.XZ', () => run('tar', 'cJf', 'x.zip', 'tree')],
      ['tar --zstd', 'TAR.ZST', () => run('tar', '--zstd', '-cf', 'x.zip', 'tree')],
    ])('%s', async (_name, format, pack) => {
      pack(); // The name ends in .zip in each case: the content decides.
      const listed = await call({ operation: 'list', path: 'x.zip' });
      expect(listed.text).toMatch(
        new RegExp(`^Listed \\d+ files in ${format.replace('.', '\\.')} archive$`, 'm'),
      );
      expect(listed.text.split('\n')).toContain('tree/sub/b.bin');
      expect((listed.result as JsonObject).unsafe_count).toBe(0);
      expect((await extract('x.zip')).text).toBe('Extracted 3 files');
      await expectTree('out/tree');
      expect((await call({ operation: 'test', path: 'x.zip' })).result).toMatchObject({
        valid: true,
        safe: true,
      });
    });

    it.each([
      ['gzip', 'gz', 'GZ'],
      ['bzip2', 'bz2', 'BZ2'],
      ['xz', 'xz', 'XZ'],
      ['zstd', 'zst', 'ZST'],
    ])('%s', async (program, ending, format) => {
      run(
        'sh',
        '-c',
        `cat tree/sub/b.bin | ${program} -c > b.bin.${ending}; cat tree/a.txt | ${program} -c >> b.bin.${ending}`,
      );
      expect((await call({ operation: 'list', path: `b.bin.${ending}` })).result).toMatchObject({
        format,
        file_count: 1,
        files: [{ name: 'b.bin', size: null }],
      });
      expect((await extract(`b.bin.${ending}`)).text).toBe('Extracted 1 file');
      const both = [await readFile(join(dir, 'tree/sub/b.bin')), await readFile(join(dir, 'tree/a.txt'))];
      expect(await readFile(join(dir, 'out/b.bin'))).toEqual(Buffer.concat(both));
    });

    it('large contents of several blocks', async () => {
      run(
        'sh',
        '-c',
        'seq 1 200000 > big; bzip2 -k big; xz -1 -k big; zstd -q -9 big; tar cf - big big.xz | bzip2 > t.tar.bz2',
      );
      for (const name of ['big.bz2', 'big.xz', 'big.zst', 't.tar.bz2']) {
        await extract(name);
        expect((await readFile(join(dir, 'out/big'))).equals(await readFile(join(dir, 'big'))), name).toBe(
          true,
        );
        await rm(join(dir, 'out'), { recursive: true });
      }
    });

    it('only what is wanted', async () => {
      run('zip', '-r', 'x.zip', 'tree');
      const { result } = await call({
        operation: 'extract',
        path: 'x.zip',
        target_path: 'out',
        include: ['**/*.txt'],
      });
      expect((result as JsonObject).file_count).toBe(2);
      expect(existsSync(join(dir, 'out/tree/sub/b.bin'))).toBe(false);
    });
  });

  describe('writes what other programs read', () => {
    beforeEach(tree);

    it.each([
      ['x.zip', (name: string) => run('unzip', name, '-d', 'out')],
      ['x.zip', (name: string) => run('7z', 'x', name, '-oout')],
      ['x.zip', (name: string) => python(`import zipfile; zipfile.ZipFile('${name}').extractall('out')`)],
      ['x.tar', (name: string) => run('sh', '-c', `mkdir out; tar xf ${name} -C out`)],
      ['x.tar.gz', (name: string) => run('sh', '-c', `mkdir out; tar xzf ${name} -C out`)],
      ['x.tgz', (name: string) => python(`import tarfile; tarfile.open('${name}').extractall('out')`)],
    ])('%s', async (name, unpack) => {
      const { text, result } = await call({ operation: 'create', path: name, input: ['tree'] });
      expect(text).toBe('Created archive with 3 files');
      expect(result).toMatchObject({ compression_level: 6, total_size: 76_002 });
      unpack(name);
      await expectTree('out/tree');
    });

    it('gz of one file', async () => {
      const { text } = await call({ operation: 'create', path: 'a.gz', input: 'tree/a.txt' });
      expect(text).toBe('Created archive with 1 file');
      expect((await readFile(join(dir, 'a.gz'))).length).toBeLessThan(1000);
      expect(run('gzip', '-dc', 'a.gz')).toEqual(await readFile(join(dir, 'tree/a.txt')));
      const several = call({ operation: 'create', path: 'b.gz', input: ['tree'] });
      await expect(several).rejects.toMatchObject({ code: 'input.invalid', message: /exactly one file/ });
    });

    it('with levels', async () => {
      for (const compression_level of [0, 9])
        await call({
          operation: 'create',
          path: `${compression_level}.zip`,
          input: ['tree'],
          compression_level,
        });
      const [plain, small] = [await readFile(join(dir, '0.zip')), await readFile(join(dir, '9.zip'))];
      expect(plain.length).toBeGreaterThan(76_000);
      expect(small.length).toBeLessThan(20_000);
    });

    it('with names that tell what collides apart, and below a folder when asked', async () => {
      await mkdir(join(dir, 'other'));
      await writeFile(join(dir, 'other/a.txt'), 'other');
      const input = ['tree/a.txt', 'other/a.txt'];
      const plain = await call({ operation: 'create', path: 'x.zip', input });
      expect(plain.result).toMatchObject({ archived_files: ['a.txt', 'a (2).txt'] });
      const based = await call({ operation: 'create', path: 'x.tar', input, base_path: '.' });
      expect(based.result).toMatchObject({ archived_files: ['tree/a.txt', 'other/a.txt'] });
      const outside = call({ operation: 'create', path: 'x.tar', input, base_path: 'other' });
      await expect(outside).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('without links, itself, and what is too large', async () => {
      await symlink('/etc/passwd', join(dir, 'tree/link'));
      const options = { config: { max_file_size: 50_000 } };
      for (let i = 0; i < 2; i++) {
        const { text, result } = await call(
          { operation: 'create', path: 'tree/x.zip', input: ['tree'] },
          options,
        );
        expect(text).toBe(`Created archive with 2 files; ${2 + i} skipped`);
        expect((result as { skipped: { reason: string }[] }).skipped.map(({ reason }) => reason)).toEqual([
          'it is a symbolic link',
          expect.stringMatching(/exceed the maximum allowed size/),
          ...(i > 0 ? ['it is the archive itself'] : []),
        ]);
      }
    });

    it('not when an input is missing or not granted', async () => {
      for (const input of ['tree/none', '/etc/passwd'])
        await expect(call({ operation: 'create', path: 'x.zip', input })).rejects.toThrow(
          /Failed to access|denied/,
        );
      expect(existsSync(join(dir, 'x.zip'))).toBe(false);
      const bz2 = call({ operation: 'create', path: 'x.tar.bz2', input: ['tree'] });
      await expect(bz2).rejects.toMatchObject({
        code: 'input.invalid',
        message: /Unsupported archive format/,
      });
    });
  });

  describe('refuses hostile archives and writes nothing', () => {
    const zip = (body: string) =>
      python(`import zipfile\nz=zipfile.ZipFile('x','w')\nz.writestr('ok.txt','fine')\n${body}\nz.close()`);
    const tar = (body: string) =>
      python(
        `import tarfile,io\nt=tarfile.open('x','w')\ndef add(name,data=b'evil',**k):\n i=tarfile.TarInfo(name)\n i.size=len(data)\n for a in k: setattr(i,a,k[a])\n t.addfile(i,io.BytesIO(data))\nadd('ok.txt')\n${body}\nt.close()`,
      );
    const names: [string, RegExp][] = [
      ['../evil.txt', /\.\./],
      ['a/../../evil.txt', /\.\./],
      ['a/..', /\.\./],
      ['/tmp/evil-llmspell.txt', /absolute/],
      ['C:/evil.txt', /drive/],
      ['c:evil.txt', /drive/],
      ['..\\\\evil.txt', /backslash/],
      ['\\\\\\\\host\\\\share', /backslash/],
      [`${'d/'.repeat(101)}x`, /folders deep/],
      ['x'.repeat(300), /too long a name/],
    ];

    it.each(names)('zip entry %s', async (name, reason) => {
      zip(`z.writestr('${name}','evil')`);
      await expect(extract('x')).rejects.toThrow(refused(reason));
      expect(await readdir(dir)).toEqual(['x']);
      expect((await call({ operation: 'list', path: 'x' })).result).toMatchObject({ unsafe_count: 1 });
      expect((await call({ operation: 'test', path: 'x' })).result).toMatchObject({
        valid: true,
        safe: false,
      });
    });

    it.each(names)('tar entry %s', async (name, reason) => {
      tar(`add('${name}')`);
      await expect(extract('x')).rejects.toThrow(refused(reason));
      expect(await readdir(dir)).toEqual(['x']);
    });

    it('a NUL in a name', async () => {
      zip("i=zipfile.ZipInfo('abcd.txt'); z.writestr(i,'evil')");
      const bytes = await readFile(join(dir, 'x'));
      await writeFile(
        join(dir, 'x'),
        Buffer.from(bytes.toString('latin1').replaceAll('abcd.txt', 'ab\0d.txt'), 'latin1'),
      );
      await expect(extract('x')).rejects.toThrow(refused(/NUL/));
    });

    it.each([
      [
        'symlink',
        "i=zipfile.ZipInfo('l'); i.create_system=3; i.external_attr=0o120777<<16; z.writestr(i,'/etc')",
        /symbolic link/,
      ],
      [
        'device',
        "i=zipfile.ZipInfo('l'); i.create_system=3; i.external_attr=0o060666<<16; z.writestr(i,'')",
        /device/,
      ],
      [
        'fifo',
        "i=zipfile.ZipInfo('l'); i.create_system=3; i.external_attr=0o010666<<16; z.writestr(i,'')",
        /pipe/,
      ],
      ['duplicate', "z.writestr('ok.txt','evil')", /name of another/],
      ['duplicate by another spelling', "z.writestr('./ok.txt','evil')", /name of another/],
      ['file and folder', "z.writestr('ok.txt/x','evil')", /below an entry that is a file/],
      ['folder and file', "z.writestr('d/x',''); z.writestr('d','evil')", /name of another/],
    ])('zip %s', async (_name, body, reason) => {
      zip(body);
      await expect(extract('x')).rejects.toThrow(refused(reason));
      expect(await readdir(dir)).toEqual(['x']);
    });

    it.each([
      ['symlink', "add('l',b'',type=tarfile.SYMTYPE,linkname='/etc')", /symbolic link/],
      [
        'symlink then a file through it',
        "add('l',b'',type=tarfile.SYMTYPE,linkname='..'); add('l/evil')",
        /symbolic link/,
      ],
      ['hard link', "add('l',b'',type=tarfile.LNKTYPE,linkname='/etc/passwd')", /hard link/],
      ['character device', "add('l',b'',type=tarfile.CHRTYPE)", /device/],
      ['block device', "add('l',b'',type=tarfile.BLKTYPE)", /device/],
      ['fifo', "add('l',b'',type=tarfile.FIFOTYPE)", /pipe/],
      ['unknown kind', "add('l',b'',type=b'Z')", /not supported/],
      ['duplicate', "add('ok.txt')", /name of another/],
      ['pax name', "add('x',pax_headers={'path':'../evil'})", /\.\./],
    ])('tar %s', async (_name, body, reason) => {
      tar(body);
      await expect(extract('x')).rejects.toThrow(refused(reason));
      expect(await readdir(dir)).toEqual(['x']);
    });

    it('writing through links that lie in the target already', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'llmspell-outside-'));
      try {
        await mkdir(join(dir, 'out'));
        await mkdir(join(dir, 'granted'));
        await symlink(outside, join(dir, 'out/d'));
        await symlink(join(dir, 'granted'), join(dir, 'out/g'));
        await symlink(join(dir, 'granted/x'), join(dir, 'out/dangling'));
        for (const name of ['d/evil', 'g/evil', 'dangling', 'g/deep/er', 'd']) {
          zip(`z.writestr('${name}','evil')`);
          await expect(extract('x')).rejects.toThrow(refused(/through a symbolic link/));
          await rm(join(dir, 'x'));
        }
        expect(await readdir(outside)).toEqual([]);
        expect(await readdir(join(dir, 'granted'))).toEqual([]);
        expect((await readdir(join(dir, 'out'))).sort()).toEqual(['d', 'dangling', 'g']);
      } finally {
        await rm(outside, { recursive: true });
      }
    });

    it('a target that is not granted', async () => {
      zip('pass');
      const call_ = call({ operation: 'extract', path: 'x', target_path: '/usr/lib/evil' });
      await expect(call_).rejects.toMatchObject({ code: 'permission.write' });
    });

    it.each([
      [
        'zip',
        "import zipfile; z=zipfile.ZipFile('x','w',zipfile.ZIP_DEFLATED); z.writestr('b','\\0'*40000000); z.close()",
      ],
      ['gz', "import gzip; open('x','wb').write(gzip.compress(b'\\0'*40000000))"],
      ['bz2', "import bz2; open('x','wb').write(bz2.compress(b'\\0'*40000000))"],
      ['xz', "import lzma; open('x','wb').write(lzma.compress(b'\\0'*40000000))"],
      [
        'zst',
        "import subprocess; open('x','wb').write(subprocess.run(['zstd','-c'],input=b'\\0'*40000000,capture_output=True).stdout)",
      ],
      [
        'tar.gz',
        "import tarfile,io; t=tarfile.open('x','w:gz'); i=tarfile.TarInfo('b'); i.size=40000000; t.addfile(i,io.BytesIO(b'\\0'*40000000)); t.close()",
      ],
    ])('a bomb as %s', async (_name, code) => {
      python(code);
      await expect(extract('x')).rejects.toThrow(refused(/expands/));
      await expect(call({ operation: 'test', path: 'x' })).rejects.toThrow(refused(/expands/));
      const left = existsSync(join(dir, 'out')) ? await readdir(join(dir, 'out')) : [];
      expect(left).toEqual([]);
    });

    it('a zip whose sizes lie', async () => {
      python(
        "import zipfile; z=zipfile.ZipFile('x','w',zipfile.ZIP_DEFLATED); z.writestr('b','\\0'*5000000); z.close()",
      );
      const bytes = await readFile(join(dir, 'x'));
      const [real, lie] = [Buffer.alloc(4), Buffer.alloc(4)];
      real.writeUInt32LE(5_000_000);
      lie.writeUInt32LE(10);
      for (let at = bytes.indexOf(real); at >= 0; at = bytes.indexOf(real, at)) lie.copy(bytes, at);
      await writeFile(join(dir, 'x'), bytes);
      await expect(extract('x')).rejects.toThrow(/larger than the directory says/);
      expect(await readdir(join(dir, 'out'))).toEqual([]);
    });

    it('entries that share their bytes', async () => {
      python(
        "import zipfile; z=zipfile.ZipFile('x','w'); z.writestr('a','1'*100); z.writestr('b','1'*100); z.close()",
      );
      const bytes = await readFile(join(dir, 'x'));
      const second = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
      bytes.writeUInt32LE(0, second + 42);
      await writeFile(join(dir, 'x'), bytes);
      await expect(extract('x')).rejects.toThrow(refused(/overlap/));
      expect(await readdir(dir)).toEqual(['x']);
    });

    it.each([
      [{ max_entries: 2 }, /more than 2 entries/],
      [{ max_total_size: 5 }, /5 bytes/],
      [{ max_file_size: 3 }, /exceeds maximum allowed size of 3 bytes/],
    ])('more than %j', async (config, reason) => {
      for (const make of [zip, tar]) {
        make(make === zip ? "z.writestr('b','evil'); z.writestr('c','evil')" : "add('b'); add('c')");
        await expect(extract('x', { config })).rejects.toThrow(refused(reason));
        expect(await readdir(dir)).toEqual(['x']);
      }
    });

    it('nothing of a nested archive is opened', async () => {
      zip(
        "import io; b=io.BytesIO(); n=zipfile.ZipFile(b,'w'); n.writestr('../evil','x'); n.close(); z.writestr('inner.zip',b.getvalue())",
      );
      await extract('x');
      expect((await readdir(join(dir, 'out'))).sort()).toEqual(['inner.zip', 'ok.txt']);
    });

    it('encrypted entries', async () => {
      await writeFile(join(dir, 'secret'), 'x');
      run('zip', '-P', 'pw', 'x.zip', 'secret');
      await expect(extract('x.zip')).rejects.toThrow(refused(/encrypted/));
      expect((await call({ operation: 'list', path: 'x.zip' })).result).toMatchObject({
        files: [{ encrypted: true }],
      });
    });
  });

  describe('notices damage', () => {
    it.each(['x.zip', 'x.tar.gz', 'x.tar.xz', 'x.tar.bz2'])('%s', async (name) => {
      await tree();
      if (name === 'x.zip') run('zip', '-r', name, 'tree');
      else run('tar', 'caf', name, 'tree');
      const bytes = await readFile(join(dir, name));
      bytes.fill(0x55, 300, 340);
      await writeFile(join(dir, 'bad'), bytes);
      await writeFile(join(dir, 'cut'), (await readFile(join(dir, name))).subarray(0, 400));
      expect((await call({ operation: 'test', path: 'bad' })).result).toMatchObject({ valid: false });
      await expect(extract('bad')).rejects.toThrow(/damaged/);
      await expect(extract('cut')).rejects.toThrow(/damaged/);
    });

    it.each(['text', '', 'PK\x03\x04 and then nothing of the kind'])('%j is no archive', async (text) => {
      await writeFile(join(dir, 'x.zip'), text);
      await expect(extract('x.zip')).rejects.toMatchObject({ code: 'tool.failed' });
      expect(await readdir(dir)).toEqual(['x.zip']);
    });
  });

  it('replaces files unless told not to', async () => {
    await tree();
    run('zip', '-r', 'x.zip', 'tree');
    await extract('x.zip');
    await writeFile(join(dir, 'out/tree/a.txt'), 'changed');
    const keep = call({ operation: 'extract', path: 'x.zip', target_path: 'out', overwrite: false });
    await expect(keep).rejects.toThrow(/exists already/);
    await extract('x.zip');
    await expectTree('out/tree');
  });

  it('unpacks ten thousand entries without ten thousand entries in the journal', async () => {
    python(
      "import zipfile; z=zipfile.ZipFile('x.zip','w',zipfile.ZIP_DEFLATED)\nfor i in range(10000): z.writestr(f'd{i%20}/f{i}.txt', f'file {i}')\nz.close()",
    );
    const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
    const { context, events } = testContext({ permissions });
    const input = { operation: 'extract', path: 'x.zip', target_path: 'out' };
    const { text, result } = await invoke(toolComponent(archiveHandler), input, context);
    expect(text).toBe('Extracted 10000 files');
    expect(result).toMatchObject({ file_count: 10_000, truncated: true });
    expect(await readFile(join(dir, 'out/d19/f9999.txt'), 'utf8')).toBe('file 9999');
    expect(events.filter(({ type }) => type === 'permission').length).toBeLessThan(100);
    expect(events.some(({ type }) => type === 'component.progress')).toBe(true);
  }, 60_000);

  it('stops at once when it is aborted, and leaves no half-written file', async () => {
    python("import os; open('big','wb').write(os.urandom(40000000))");
    run('tar', 'cf', 'x.tar', 'big');
    run('sh', '-c', 'gzip -1 -c x.tar > x.tgz; zip -q -0 x.zip big; seq 1 2000000 | bzip2 -1 > x.bz2');
    for (const input of [
      { operation: 'extract', path: 'x.tar', target_path: 'out' },
      { operation: 'extract', path: 'x.tgz', target_path: 'out' },
      { operation: 'extract', path: 'x.zip', target_path: 'out' },
      { operation: 'test', path: 'x.bz2' },
      { operation: 'create', path: 'out/y.zip', input: ['big'] },
      { operation: 'create', path: 'out/y.tgz', input: ['big'] },
    ]) {
      const controller = new AbortController();
      const working = call(input, { signal: controller.signal });
      setTimeout(() => controller.abort(), 60);
      await expect(working).rejects.toMatchObject({ code: 'component.cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 150));
      const left = existsSync(join(dir, 'out')) ? await readdir(join(dir, 'out')) : [];
      expect(left, JSON.stringify(input)).toEqual([]);
    }
  });
});

it.skipIf(!has('bsdtar'))('bsdtar', async () => {
  await tree();
  run('bsdtar', 'cf', 'x.tar', 'tree');
  expect((await extract('x.tar')).text).toBe('Extracted 3 files');
  await expectTree('out/tree');
});
