import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LlmspellError } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import { databaseRule, databaseTarget, parseDatabaseUrl } from './database-targets.js';
import { grantsFromConfig, noGrants } from './grants.js';
import { createPermissions } from './permissions.js';

const parse = (text: string) => parseDatabaseUrl(text, '/srv');

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:data.db', '/srv/data.db'],
    ['sqlite://data.db', '/srv/data.db'],
    ['sqlite:///srv/data.db', '/srv/data.db'],
    ['sqlite:/srv/data.db', '/srv/data.db'],
    ['SQLite3:./a/../b.db', '/srv/b.db'],
    ['file:///srv/a%20b.db', '/srv/a b.db'],
    ['file:100%.db', '/srv/100%.db'],
    ['sqlite:a%20b.db', '/srv/a%20b.db'],
    ['sqlite::memory:', ':memory:'],
    ['sqlite:///:memory:', ':memory:'],
  ])('%s is the file %s', (text, path) => {
    expect(parse(text)).toEqual({ kind: 'sqlite', path });
  });

  it.each([
    ['postgres://db.example.com/app', 'postgres', 'db.example.com', 5432, 'app'],
    ['postgresql://db.example.com:5433', 'postgres', 'db.example.com', 5433, ''],
    ['mysql:///app', 'mysql', 'localhost', 3306, 'app'],
    ['mariadb://[::1]:3307/a%2Fb', 'mysql', '::1', 3307, 'a/b'],
  ])('%s', (text, kind, host, port, name) => {
    expect(parse(text)).toMatchObject({ kind, host, port, name, user: '', password: '' });
  });

  it('reads user, password and options', () => {
    expect(parse('postgres://al%40b:p%3Ass%2F@h/n?sslmode=require&x=1')).toMatchObject({
      user: 'al@b',
      password: 'p:ss/',
      options: { sslmode: 'require', x: '1' },
    });
  });

  it.each([
    'data.db',
    'http://host/name',
    'constructor:x',
    'postgres://a b/',
    'mysql://h:99999/x',
    'postgres://h/%',
    'sqlite:',
    'sqlite:data.db?mode=rwc',
    'sqlite::memory:?vfs=unix-none',
    'file:data.db?vfs=unix-none',
    'sqlite:a\0b',
    '',
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(LlmspellError);
    expect(() => parse(text)).toThrow('is not the address of a database');
  });

  it.each(['postgres://user:s3cret@host:x/', 'mongodb://user:s3c/ret@host/', 'redis://user:a@s3cret@host'])(
    'shows no password in %s',
    (text) => {
      expect(() => parse(text)).toThrow(/^(?!.*(s3c|ret@)).*is not the address/);
    },
  );
});

describe('databaseTarget', () => {
  it.each([
    ['sqlite:data.db', 'sqlite:/srv/data.db'],
    ['postgres://user:secret@db/app?sslmode=require', 'postgres://db:5432/app'],
    ['mariadb://[::1]/a%2Fb', 'mysql://[::1]:3306/a%2Fb'],
  ])('%s is %s', (text, target) => {
    expect(databaseTarget(parse(text))).toBe(target);
    if (!target.startsWith('sqlite')) expect(databaseTarget(parse(target))).toBe(target);
  });
});

describe('databaseRule', () => {
  it.each([
    ['*', 'mysql://anywhere:3306/x', true],
    ['postgres://db.example.com/app', 'postgres://db.example.com:5432/app', true],
    ['postgres://DB.Example.com/app', 'postgres://db.example.com:5432/app', true],
    ['postgres://db.example.com/app', 'postgres://db.example.com:5433/app', false],
    ['postgres://db.example.com/app', 'postgres://db.example.com:5432/other', false],
    ['postgres://db.example.com/app', 'postgres://evil-db.example.com:5432/app', false],
    ['postgres://db.example.com/', 'postgres://db.example.com:5432/other', true],
    ['postgres://*.example.com/', 'postgres://db.example.com:5432/other', true],
    ['postgres://db.example.com/', 'mysql://db.example.com:5432/other', false],
    ['mysql://127.0.0.1/', 'mysql://localhost:3306/x', true],
    ['mysql://2130706433/', 'mysql://127.0.0.1:3306/x', true],
    ['postgres://db/app', 'sqlite:/srv/postgres:/db/app', false],
    ['sqlite:data', 'sqlite:/srv/data/a.db', true],
    ['sqlite:data', 'sqlite:/srv/data.db', false],
    ['sqlite:data.db', 'sqlite:/srv/data.db', true],
    ['sqlite:data.db', 'sqlite:/srv/data.db?x', false],
    ['sqlite:data.db', 'sqlite:/srv/data.db/../other.db', false],
    ['main', 'sqlite:/srv/main', false],
  ])('%s for %s: %s', (grant, target, granted) => {
    expect(databaseRule([grant], '/srv')(target)).toBe(granted);
  });

  it('follows the links of a granted folder once, when the grant is read', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
    try {
      await symlink(dir, join(dir, 'link'));
      const rule = databaseRule([`sqlite:${join(dir, 'link')}`], '/srv');
      expect(rule(`sqlite:${dir}/a.db`)).toBe(true);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('permissions for databases', () => {
  it('refuses what is not granted and says how to grant it', async () => {
    const permissions = createPermissions({ ...noGrants(), db: ['postgres://db/app'] }, { cwd: '/srv' });
    const { context, events } = testContext({ permissions });
    await permissions.require('db', 'postgres://db:5432/app', context);
    await expect(permissions.require('db', 'postgres://db:5432/other', context)).rejects.toMatchObject({
      code: 'permission.db',
      hint: expect.stringContaining('--allow-db=postgres://db:5432/other'),
    });
    expect(events.map((event) => event.type === 'permission' && event.granted)).toEqual([true, false]);
  });

  it('grants what the configuration names', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
    try {
      await writeFile(join(dir, 'a.db'), '');
      const databases = {
        files: { url: 'sqlite:a.db', read_only: false },
        reports: { url: 'sqlite:r.db' },
        server: { url: 'postgres://app@db.example.com/app' },
      };
      const grants = grantsFromConfig({ databases }, { cwd: dir, tmpdir: '/nowhere' });
      const permissions = createPermissions(grants, { cwd: dir });
      expect(permissions.allows('db', 'postgres://db.example.com:5432/app')).toBe(true);
      expect(permissions.allows('net', 'db.example.com:5432')).toBe(true);
      expect(permissions.allows('db', `sqlite:${dir}/a.db`)).toBe(true);
      expect(permissions.allows('write', join(dir, 'a.db'))).toBe(true);
      expect(grants.write).not.toContain(join(dir, 'r.db'));
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
