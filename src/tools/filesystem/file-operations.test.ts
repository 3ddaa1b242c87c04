import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import type { ToolDefinition } from '../define.js';
import type { ToolHost } from '../host.js';
import type { ToolResult } from '../result.js';
import { callTool } from '../run-tool.case.js';
import fileOperations, { makeFileOperations } from './file-operations.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterEach(() => rm(dir, { recursive: true }));

function call(input: Record<string, unknown>, tool: ToolDefinition = fileOperations): Promise<ToolResult> {
  const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
  const { context } = testContext({ permissions });
  return invoke(toolComponent(tool), normalizeToolInput(tool, input), context);
}
const code = (code: string) => expect.objectContaining({ code });

describe('file-operations', () => {
  it('tells what it did', async () => {
    const path = join(dir, 'a.txt');
    expect((await call({ operation: 'write', path, input: 'hello' })).text).toBe(`Wrote 5 bytes to ${path}`);
    expect((await call({ operation: 'append', path, input: ' you' })).text).toContain('Appended 4 bytes');
    expect((await call({ operation: 'exists', path })).text).toBe(`${path} exists`);
    expect((await call({ operation: 'metadata', path })).text).toContain('Retrieved metadata');
    expect((await call({ operation: 'copy', source_path: path, target_path: 'b' })).text).toContain('Copied');
    expect((await call({ operation: 'move', source_path: 'b', target_path: 'sub/c' })).text).toContain(
      'Moved',
    );
    expect((await call({ operation: 'create_dir', path: 'd' })).text).toContain('Created directory');
    expect((await call({ operation: 'list_dir', path: dir })).text).toMatch(/^Found 3 entries in .*\n/);
    expect((await call({ operation: 'delete', path })).text).toContain('Deleted file');
    expect((await call({ operation: 'exists', path })).text).toBe(`${path} does not exist`);
  });

  it('reads in every style that scripts use', async () => {
    await writeFile(join(dir, 'a.json'), '{"success":false}');
    const read = await call({ operation: 'read', path: 'a.json' });
    expect(read).toMatchObject({
      success: true,
      text: '{"success":false}',
      output: '{"success":false}',
      result: { input: '{"success":false}', content: '{"success":false}', size: 17 },
    });
  });

  it.each([
    [{ operation: 'mkdir', path: 'x' }, 'create_dir'],
    [{ operation: 'create_directory', path: 'x' }, 'create_dir'],
    [{ operation: 'LIST', path: '.' }, 'list_dir'],
    [{ operation: 'ls', path: '.' }, 'list_dir'],
    [{ operation: 'stat', path: 'own' }, 'metadata'],
    [{ operation: 'write', path: 'x', content: 'c' }, 'write'],
    [{ operation: 'cp', from_path: 'own', to_path: 'x' }, 'copy'],
    [{ operation: 'rename', source: 'own', destination: 'x' }, 'move'],
    [{ parameters: { operation: 'read', path: 'own' } }, 'read'],
  ])('understands %j as %s', async (input, operation) => {
    await writeFile(join(dir, 'own'), 'own');
    expect(await call(input)).toMatchObject({ success: true, operation });
  });

  it.each([
    [{}, /operation/],
    [
      { operation: 'invalid_operation' },
      /Unknown file operation 'invalid_operation'. Allowed values: read, /,
    ],
    [{ path: 'a.txt' }, /Missing required parameter 'operation'. Allowed values: read, /],
    [{ operation: 'read' }, /requires 'path' parameter/],
    [{ operation: 'write', path: 'a' }, /requires 'input' parameter/],
    [{ operation: 'copy', source_path: 'a' }, /requires 'source_path' and 'target_path'/],
    [{ operation: 'write', path: 'a', input: '%', encoding: 'base64' }, /not valid base64/],
    [{ operation: 'read', path: 'a\0b' }, /NUL/],
  ])('refuses %j', async (input, message) => {
    await expect(call(input)).rejects.toThrow(code('input.invalid'));
    await expect(call(input)).rejects.toThrow(message);
  });

  it.each([
    '../../../etc/passwd',
    '/etc/passwd',
    './../../etc/hosts',
    '/tmp/../../../etc/passwd',
    '/home/user/.bashrc',
  ])('refuses to touch %s', async (path) => {
    for (const operation of [
      'read',
      'write',
      'append',
      'delete',
      'create_dir',
      'list_dir',
      'metadata',
      'exists',
    ]) {
      const attempt = call({ operation, path, input: 'x' });
      await expect(attempt).rejects.toThrow(/Permission denied.*Path not in allowed list/);
    }
  });

  it('takes ~ for a name', async () => {
    await expect(call({ operation: 'read', path: '~/.ssh/id_rsa' })).rejects.toThrow(/does not exist/);
  });

  it('reads and writes what is not text as base64', async () => {
    const bytes = Buffer.from([0, 255, 254, 10]);
    await call({ operation: 'write', path: 'b', input: bytes.toString('base64'), encoding: 'base64' });
    expect(await readFile(join(dir, 'b'))).toEqual(bytes);
    await expect(call({ operation: 'read', path: 'b' })).rejects.toThrow(/invalid UTF-8/);
    expect((await call({ operation: 'read', path: 'b', encoding: 'base64' })).text).toBe(
      bytes.toString('base64'),
    );
  });

  it('keeps to its size limit in both directions', async () => {
    const small = makeFileOperations({ maxFileSize: 10 });
    await writeFile(join(dir, 'big'), 'x'.repeat(11));
    for (const input of [
      { operation: 'read', path: 'big' },
      { operation: 'write', path: 'new', input: 'x'.repeat(11) },
      { operation: 'append', path: 'big', input: 'x' },
      { operation: 'copy', source_path: 'big', target_path: 'new' },
    ])
      await expect(call(input, small)).rejects.toThrow(/exceeds maximum allowed size/);
    expect(await readdir(dir)).toEqual(['big']);
  });

  it('lists sorted, with types and times', async () => {
    await mkdir(join(dir, 'z'));
    await writeFile(join(dir, 'a'), '1');
    await symlink('a', join(dir, 'link'));
    const { result } = await call({ operation: 'list_dir', path: '.' });
    expect(result).toMatchObject({
      count: 3,
      entries: [
        {
          name: 'a',
          path: join(dir, 'a'),
          type: 'file',
          size: 1,
          modified: expect.stringMatching(/^\d{4}-.*Z$/),
        },
        { name: 'link', type: 'symlink' },
        { name: 'z', type: 'directory' },
      ],
    });
  });

  it('deletes a folder only when told to', async () => {
    await call({ operation: 'create_dir', path: 'a/b/c', recursive: true });
    await expect(call({ operation: 'create_dir', path: 'x/y' })).rejects.toThrow(
      /Parent directory does not exist/,
    );
    await expect(call({ operation: 'delete', path: 'a' })).rejects.toThrow(code('input.invalid'));
    await call({ operation: 'delete', path: 'a', recursive: true });
    expect(await readdir(dir)).toEqual([]);
    await expect(call({ operation: 'delete', path: 'a' })).rejects.toThrow(code('tool.failed'));
  });

  describe('with a configuration', () => {
    const configured = (file_operations: NonNullable<ToolHost['config']['file_operations']>) => {
      const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
      return (input: Record<string, unknown>) =>
        callTool(fileOperations, input, { permissions, host: { config: { file_operations } } });
    };

    it('keeps to its size, and to its way of writing', async () => {
      const small = configured({ max_file_size: 4, atomic_writes: false });
      await writeFile(join(dir, 'a'), '1234');
      const { ino } = await stat(join(dir, 'a'));
      await small({ operation: 'write', path: 'a', input: '12' });
      expect((await stat(join(dir, 'a'))).ino).toBe(ino);
      await expect(small({ operation: 'write', path: 'a', input: '12345' })).rejects.toThrow(
        /exceeds maximum/,
      );
      expect(await readFile(join(dir, 'a'), 'utf8')).toBe('12');
    });

    it('refuses extensions that are blocked, also behind a link', async () => {
      const usual = configured({});
      await writeFile(join(dir, 'a.txt'), 'x');
      await symlink('run.exe', join(dir, 'innocent.txt'));
      for (const input of [
        { operation: 'write', path: 'x.exe', input: 'x' },
        { operation: 'write', path: 'x.DLL', input: 'x' },
        { operation: 'append', path: 'innocent.txt', input: 'x' },
        { operation: 'copy', source_path: 'a.txt', target_path: 'lib.so' },
        { operation: 'move', source_path: 'a.txt', target_path: 'lib.dylib' },
        { operation: 'read', path: 'x.exe' },
      ])
        await expect(usual(input)).rejects.toThrow(/extension '\w+' are not allowed/);
      expect((await readdir(dir)).sort()).toEqual(['a.txt', 'innocent.txt']);
      await configured({ blocked_extensions: [] })({ operation: 'write', path: 'x.exe', input: 'x' });
    });

    it('allows only the extensions that are allowed, where some are', async () => {
      const texts = configured({ allowed_extensions: ['.txt', 'MD'] });
      await texts({ operation: 'write', path: 'a.md', input: 'x' });
      await texts({ operation: 'mkdir', path: 'folder.d' });
      for (const path of ['a.json', 'a', 'a.txt.sh'])
        await expect(texts({ operation: 'write', path, input: 'x' })).rejects.toThrow(/not allowed/);
    });

    it('looks whether content fits its extension', async () => {
      const usual = configured({});
      const write = (path: string, bytes: string) => ({
        operation: 'write',
        path,
        encoding: 'base64',
        input: Buffer.from(bytes, 'latin1').toString('base64'),
      });
      const png = '\x89PNG\r\n\x1a\nrest';
      for (const path of ['a.png', 'a', 'a.data']) await usual(write(path, png));
      await usual(write('b.txt', 'MZ is how this text begins'));
      await expect(usual(write('b.jpg', png))).rejects.toThrow(/PNG image, which does not fit/);
      await expect(usual(write('b.txt', '\x7fELF\x02'))).rejects.toThrow(/program/);
      const copy = { operation: 'copy', source_path: 'a.png', target_path: 'c.pdf' };
      await expect(usual(copy)).rejects.toThrow(/does not fit/);
      await configured({ validate_file_types: false })(copy);
    });

    it('descends no deeper than allowed', async () => {
      const shallow = configured({ max_depth: 3 });
      await mkdir(join(dir, 'a/b/c/d'), { recursive: true });
      await expect(shallow({ operation: 'delete', path: 'a', recursive: true })).rejects.toThrow(
        /more levels/,
      );
      expect(await readdir(join(dir, 'a/b/c'))).toEqual(['d']);
      await expect(shallow({ operation: 'mkdir', path: 'w/x/y/z', recursive: true })).rejects.toThrow(
        /more levels/,
      );
      await shallow({ operation: 'mkdir', path: 'x/y/z', recursive: true });
      await shallow({ operation: 'delete', path: 'a/b', recursive: true });
      expect(await readdir(join(dir, 'a'))).toEqual([]);
    });
  });
});
