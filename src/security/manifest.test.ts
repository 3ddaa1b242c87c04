import { describe, expect, it } from 'vitest';
import { manifestInSource, manifestInToml, manifestNeeds } from './manifest.js';

const invalid = expect.objectContaining({ code: 'config.invalid' });

describe('a manifest in a spell', () => {
  it('is read from the comment at the top, in Lua and in JavaScript', () => {
    const lines = [
      '#!/usr/bin/env llmspell',
      '-- A spell.',
      '',
      '-- llmspell: allow-read=./docs,./data allow-net=a.b',
    ];
    const expected = { grants: { read: ['./docs', './data'], net: ['a.b'] }, parameters: {} };
    expect(manifestInSource(lines.join('\n'))).toEqual(expected);
    expect(manifestInSource(lines.slice(1).join('\n').replaceAll('--', '//'))).toEqual(expected);
  });

  it('may have several lines, quoted text and whole kinds', () => {
    const code =
      '-- llmspell: name=x description="does a = b"\n-- llmspell: allow-run=git\n-- llmspell: allow-run= allow-env=A';
    expect(manifestInSource(code)).toMatchObject({
      name: 'x',
      description: 'does a = b',
      grants: { run: ['git', '*'], env: ['A'] },
    });
  });

  it('is nothing where there is none, or where code comes first', () => {
    expect(manifestInSource('print("-- llmspell: allow-all")')).toBeUndefined();
    expect(manifestInSource('local x = 1\n-- llmspell: allow-read=/')).toBeUndefined();
    expect(manifestInSource('')).toBeUndefined();
  });

  it.each(['-- llmspell: allow-everything=1', '-- llmspell: read', '-- llmspell: allow-read=a b'])(
    'refuses %s',
    (line) => {
      expect(() => manifestInSource(line)).toThrow(invalid);
    },
  );
});

describe('a manifest in spell.toml', () => {
  it('belongs to its entry and lists needs and parameters', () => {
    const table = {
      spell: { entry: 'a.lua', name: 'a' },
      permissions: { read: ['x'], db: ['sqlite:y'] },
      parameters: { n: { type: 'number', required: true, description: 'how many' } },
    };
    expect(manifestInToml(table, 'b.lua')).toBeUndefined();
    const manifest = manifestInToml(table, 'a.lua')!;
    expect(manifest.parameters.n).toEqual({ type: 'number', required: true, description: 'how many' });
    expect(manifestNeeds(manifest)).toEqual([
      { capability: 'read', target: 'x' },
      { capability: 'db', target: 'sqlite:y' },
    ]);
  });

  it.each([
    { permissions: { read: 'x' } },
    { permissions: { reed: ['x'] } },
    { permissions: 7 },
    { parameters: { n: { type: 'list' } } },
  ])('refuses %j', (part) => {
    expect(() => manifestInToml({ spell: { entry: 'a.lua' }, ...part }, 'a.lua')).toThrow(invalid);
  });
});

it('refuses a manifest that nobody could look through, and reads a long one at once', () => {
  const hosts = Array.from({ length: 51 }, (_, at) => `h${at}.example`).join(',');
  expect(() => manifestInSource(`-- llmspell: allow-net=${hosts}`)).toThrow('more than 50');
  const started = performance.now();
  expect(() => manifestInSource(`-- llmspell: ${'a'.repeat(300_000)}`)).toThrow('is not key=value');
  expect(performance.now() - started).toBeLessThan(2000);
});
