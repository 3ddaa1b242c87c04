import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultGrants, grantsFromConfig, mergeGrants, parseGrantFlag } from './grants.js';

const places = { cwd: '/place/here', tmpdir: '/var/tmp/x' };

describe('grants', () => {
  it('reads here and in the temporary folder, writes only there, and reaches nothing by default', () => {
    expect(grantsFromConfig({}, places)).toEqual({
      read: ['/place/here', '/var/tmp/x', '/tmp'],
      write: ['/var/tmp/x', '/tmp'],
      net: [],
      run: [],
      env: [],
      db: [],
    });
    expect(grantsFromConfig({}, places)).toEqual(defaultGrants(places));
  });

  it('adds what the configuration lists, relative to the working directory', () => {
    const grants = grantsFromConfig(
      {
        permissions: { read: ['./docs', '~/notes'], net: ['api.example.com'], run: ['git'], env: ['LANG'] },
        tools: { file_operations: { allowed_paths: ['/data'] }, http_request: { allowed_hosts: ['*.org'] } },
      },
      places,
    );
    expect(grants.read).toEqual([
      ...defaultGrants(places).read,
      '/data',
      '/place/here/docs',
      `${homedir()}/notes`,
    ]);
    expect(grants.write).toEqual([...defaultGrants(places).write, '/data']);
    expect([grants.net, grants.run, grants.env]).toEqual([['*.org', 'api.example.com'], ['git'], ['LANG']]);
  });

  it('takes the three switches as everything', () => {
    const security = { allow_file_access: true, allow_network_access: true, allow_process_spawn: true };
    const grants = grantsFromConfig({ runtime: { security } }, places);
    for (const capability of ['read', 'write', 'net', 'run'] as const)
      expect(grants[capability]).toContain('*');
    expect(grants.env).toEqual([]);
  });

  it('excludes blocked hosts, but leaves special addresses to explicit grants', () => {
    const http_request = { allowed_hosts: ['*'], blocked_hosts: ['localhost', '127.0.0.1', 'evil.com'] };
    expect(grantsFromConfig({ tools: { http_request } }, places).net).toEqual(['*', '!evil.com']);
  });

  it('refuses a list that is none', () => {
    expect(() => grantsFromConfig({ permissions: { net: 'x' as never } }, places)).toThrow(
      /permissions\.net/,
    );
  });

  it.each<[string | undefined, string[]]>([
    ['./docs,./data', ['/place/here/docs', '/place/here/data']],
    ['/a, /a', ['/a']],
    ['', ['*']],
    [undefined, ['*']],
    ['*', ['*']],
  ])('reads the flag value %j', (value, expected) => {
    expect(parseGrantFlag('read', value, places.cwd)).toEqual(expected);
  });

  it('keeps hosts of a flag as they are', () => {
    expect(parseGrantFlag('net', 'a.com:443,*.b.org')).toEqual(['a.com:443', '*.b.org']);
  });

  it('merges without repeating', () => {
    expect(mergeGrants({ read: ['/a'] }, { read: ['/a', '/b'], net: ['x'] })).toEqual({
      read: ['/a', '/b'],
      write: [],
      net: ['x'],
      run: [],
      env: [],
      db: [],
    });
  });
});
