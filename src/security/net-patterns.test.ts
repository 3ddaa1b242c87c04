import { describe, expect, it } from 'vitest';
import { joinHostPort, netAllowed, parseNetPattern, splitHostPort } from './net-patterns.js';

const allowed = (patterns: string[], target: string) => netAllowed(patterns.map(parseNetPattern), target);

describe('net patterns', () => {
  it.each<[string[], string, boolean]>([
    [['api.example.com'], 'api.example.com:443', true],
    [['api.example.com'], 'API.example.com.:443', true],
    [['api.example.com'], 'evil-api.example.com:443', false],
    [['api.example.com'], 'api.example.com.evil.org:443', false],
    [['api.example.com:443'], 'api.example.com:80', false],
    [['https://api.example.com/v1'], 'api.example.com:443', true],
    [['*.example.com'], 'a.b.example.com:443', true],
    [['*.example.com'], 'example.com:443', false],
    [['*.example.com'], 'evilexample.com:443', false],
    [['*'], 'example.com:443', true],
    [['*'], '8.8.8.8:53', true],
    [['*:443'], 'example.com:80', false],
    [['*'], 'localhost:80', false],
    [['*'], 'db.localhost:80', false],
    [['*'], '127.0.0.1:80', false],
    [['*'], '[::ffff:10.0.0.1]:80', false],
    [['*'], '0x7f.1:80', false],
    [['*'], '[fe80::1%eth0]:80', false],
    [['*', '127.0.0.1'], '127.0.0.1:80', true],
    [['127.0.0.1'], 'localhost:80', true],
    [['localhost'], '[::1]:80', true],
    [['localhost:8080'], '127.0.0.1:80', false],
    [['localhost'], '127.0.0.2:80', false],
    [['10.0.0.0/8'], '10.9.8.7:80', true],
    [['10.0.0.0/8'], '[::ffff:10.9.8.7]:80', true],
    [['10.0.0.0/8'], '11.0.0.1:80', false],
    [['[::1]:8080'], '[::1]:8080', true],
    [['[::1]:8080'], '[::1]:80', false],
    [['fd00::1'], '[fd00:0::1]:80', true],
    [['*', '!evil.com', '!*.evil.com'], 'x.evil.com:443', false],
    [['evil.com', '!evil.com'], 'evil.com:443', false],
    [[], 'example.com:443', false],
    [['*'], 'not a host', false],
  ])('%j and %s: %s', (patterns, target, expected) => {
    expect(allowed(patterns, target)).toBe(expected);
  });

  it.each(['', 'a b', 'foo.*.com', 'a/b', '10.0.0.0/99', '*.'])(
    'refuses %j with config.invalid',
    (pattern) => {
      expect(() => parseNetPattern(pattern)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    },
  );

  it('splits and joins hosts and ports', () => {
    expect(splitHostPort('[::1]:80')).toEqual({ host: '::1', port: 80 });
    expect(splitHostPort('::1')).toEqual({ host: '::1', port: undefined });
    expect(splitHostPort('a.b:1')).toEqual({ host: 'a.b', port: 1 });
    expect(joinHostPort('::1', 80)).toBe('[::1]:80');
  });
});
