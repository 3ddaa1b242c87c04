import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { grantedEnvironment, readEnvironment } from './environment.js';
import { type Grants, noGrants } from './grants.js';
import { createPermissions } from './permissions.js';

let dir: string;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
  await mkdir(join(dir, 'real'));
  await symlink(join(dir, 'real'), join(dir, 'link'));
});
afterAll(() => rm(dir, { recursive: true }));

const permissions = (grants: Partial<Grants>) =>
  createPermissions({ ...noGrants(), ...grants }, { cwd: dir });

describe('permissions', () => {
  it('compares paths by segments', () => {
    const { allows } = permissions({ read: [join(dir, 'real')] });
    expect(allows('read', join(dir, 'real'))).toBe(true);
    expect(allows('read', join(dir, 'real', 'deep', 'file'))).toBe(true);
    expect(allows('read', join(dir, 'realistic'))).toBe(false);
    expect(allows('read', join(dir, 'real', '..', 'x'))).toBe(false);
    expect(allows('write', join(dir, 'real'))).toBe(false);
  });

  it('resolves links in roots and relative roots', () => {
    expect(permissions({ read: ['link'] }).allows('read', join(dir, 'real', 'a'))).toBe(true);
    expect(
      permissions({ read: [join(dir, 'link', 'later')] }).allows('read', join(dir, 'real', 'later')),
    ).toBe(true);
  });

  it('does not take names that begin with dots for the way up', () => {
    expect(permissions({ read: [dir] }).allows('read', join(dir, '..notes'))).toBe(true);
  });

  it('covers everything with * except the inside of processes', () => {
    const { allows } = permissions({ read: ['*'] });
    expect(allows('read', '/etc/hosts')).toBe(true);
    expect(allows('read', '/proc/meminfo')).toBe(true);
    expect(allows('read', '/proc/1/environ')).toBe(false);
    expect(allows('read', `/proc/${process.pid}/environ`)).toBe(false);
    expect(permissions({ read: ['/'] }).allows('read', '/proc/1/environ')).toBe(true);
  });

  it('compares programs as a whole', () => {
    const { allows } = permissions({ run: ['git', '/usr/bin/env'] });
    expect(allows('run', 'git')).toBe(true);
    expect(allows('run', '/tmp/git')).toBe(false);
    expect(allows('run', '/usr/bin/env')).toBe(true);
    expect(permissions({ run: ['*'] }).allows('run', 'rm')).toBe(true);
  });

  it('compares variables by name and prefix', () => {
    const { allows } = permissions({ env: ['LANG', 'APP_*'] });
    expect(allows('env', 'LANG')).toBe(true);
    expect(allows('env', 'LANGUAGE')).toBe(false);
    expect(allows('env', 'APP_MODE')).toBe(true);
    expect(permissions({ env: ['*'] }).allows('env', 'HOME')).toBe(true);
  });

  it('journals every decision', async () => {
    const { context, events } = testContext({ permissions: permissions({ env: ['LANG'] }) });
    await context.permissions.require('env', 'LANG', context);
    await expect(context.permissions.require('env', 'HOME', context)).rejects.toThrow();
    expect(events.map((event) => event.type === 'permission' && [event.target, event.granted])).toEqual([
      ['LANG', true],
      ['HOME', false],
    ]);
  });

  it.each([
    [
      'read',
      '/etc/passwd',
      /Permission denied: read access to '\/etc\/passwd' - Path not in allowed list/,
      '/etc/passwd',
    ],
    ['write', '/etc/passwd', /Permission denied: write .*Path not in allowed list/, '/etc/passwd'],
    ['net', 'example.com:443', /Host blocked: example\.com:443 - Domain not in allowed list/, 'example.com'],
    ['net', '127.0.0.1:80', /Host blocked: .*Domain not in allowed list \(a loopback address/, '127.0.0.1'],
    ['net', '[::1]:80', /Host blocked/, '[::1]'],
    ['run', 'rm', /Permission denied: starting 'rm'/, 'rm'],
    ['env', 'HOME', /Permission denied: the environment variable 'HOME'/, 'HOME'],
  ] as const)('explains the refusal of %s %s', async (capability, target, message, grant) => {
    const { context } = testContext({ permissions: permissions({}) });
    const refuse = () => context.permissions.require(capability, target, context);
    await expect(refuse()).rejects.toThrow(message);
    await expect(refuse()).rejects.toMatchObject({
      code: `permission.${capability}`,
      hint: `Grant it with --allow-${capability}=${grant} or permissions.${capability} in llmspell.toml`,
    });
  });
});

describe('environment', () => {
  const env = { LANG: 'C', SECRET: 's', EMPTY: '' };

  it('gives granted variables only', async () => {
    const { context } = testContext({
      permissions: permissions({ env: ['LANG', 'EMPTY', 'UNSET', 'toString'] }),
    });
    expect(await readEnvironment('LANG', env, context)).toBe('C');
    expect(await readEnvironment('EMPTY', env, context)).toBe('');
    expect(await readEnvironment('UNSET', env, context)).toBeUndefined();
    expect(await readEnvironment('toString', env, context)).toBeUndefined();
    await expect(readEnvironment('SECRET', env, context)).rejects.toMatchObject({ code: 'permission.env' });
    expect(grantedEnvironment(env, context)).toEqual({ LANG: 'C', EMPTY: '' });
  });

  it.each(['', 'A=B', 'A\0'])('refuses the name %j', async (name) => {
    const { context } = testContext();
    await expect(readEnvironment(name, env, context)).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
