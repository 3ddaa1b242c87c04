import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findProgram,
  findPrograms,
  isReplaceable,
  programPath,
  programRule,
  searchFolders,
} from './programs.js';

let dir: string;
const at = (...parts: string[]) => join(dir, ...parts);

/** `bin/tool`, `other/tool`, `bin/many` → `bin/box`, `link` → `bin`, and in `bin` what cannot be started. */
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-programs-')));
  for (const folder of ['bin', 'other', 'bin/folder']) mkdirSync(at(folder));
  for (const file of ['bin/tool', 'other/tool', 'bin/box']) {
    writeFileSync(at(file), '#!/bin/sh\n');
    chmodSync(at(file), 0o755);
  }
  writeFileSync(at('bin/notes.txt'), '');
  symlinkSync('box', at('bin/many'));
  symlinkSync('nowhere', at('bin/broken'));
  symlinkSync('bin', at('link'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('searchFolders', () => {
  it('are absolute, real and named once', () => {
    expect(searchFolders(`${at('link')}:${at('bin')}::.:bin:./bin:../bin:/no/such`)).toEqual([
      at('bin'),
      '/no/such',
    ]);
    expect(searchFolders('')).toEqual([]);
  });
});

describe('findProgram', () => {
  const find = (program: string, path = `${at('bin')}:${at('other')}`) => findProgram(program, path, dir);

  it.each<[string, string | undefined]>([
    ['tool', 'bin/tool'],
    ['many', 'bin/many'],
    ['./bin/tool', 'bin/tool'],
    ['link/tool', 'bin/tool'],
    ['bin/../other/tool', 'other/tool'],
    ['notes.txt', undefined],
    ['folder', undefined],
    ['broken', undefined],
    ['.', undefined],
    ['..', undefined],
    ['tool ', undefined],
    ['nothing', undefined],
    ['other\\tool', undefined],
  ])('finds %j at %s', (program, path) => {
    expect(find(program)).toBe(path && at(path));
  });

  it('takes the first of the search path and knows the others', () => {
    expect(find('tool', `${at('other')}:${at('bin')}`)).toBe(at('other/tool'));
    expect(findPrograms('tool', `${at('bin')}:${at('other')}`, dir)).toEqual([
      at('bin/tool'),
      at('other/tool'),
    ]);
  });
});

describe('programRule', () => {
  const rule = (...grants: string[]) => programRule(grants, `${at('bin')}:.`, dir);

  it('grants a name in the search path only', () => {
    expect(rule('tool')(at('bin/tool'))).toBe(true);
    expect(rule('tool')('tool')).toBe(true);
    expect(rule('tool')(at('other/tool'))).toBe(false);
    expect(rule('tool')(at('tool'))).toBe(false);
    expect(rule('tool')(at('bin/toolbox'))).toBe(false);
    expect(rule('tool')(at('bin/sub/tool'))).toBe(false);
  });

  it('grants a path and nothing else of that name', () => {
    for (const grant of ['./link/tool', at('bin/tool'), 'bin/../bin/tool']) {
      expect(rule(grant)(at('bin/tool'))).toBe(true);
      expect(rule(grant)(at('other/tool'))).toBe(false);
      expect(rule(grant)('tool')).toBe(false);
    }
  });

  it('tells the names of one program apart', () => {
    expect(rule('many')(at('bin/many'))).toBe(true);
    expect(rule('many')(at('bin/box'))).toBe(false);
    expect(rule('box')(at('bin/many'))).toBe(false);
  });

  it('knows the home of who grants', () => {
    expect(rule('~/bin/x')(programPath(join(homedir(), 'bin/x')))).toBe(true);
  });

  it('grants nothing, or everything', () => {
    expect(rule()(at('bin/tool'))).toBe(false);
    expect(rule('*')('/anything')).toBe(true);
  });
});

describe('isReplaceable', () => {
  const by =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path);

  it.each<[string, string, boolean]>([
    ['bin/tool', 'bin', true],
    ['bin/tool', 'bin/tool', true],
    ['bin/many', 'bin/box', true],
    ['bin/tool', 'other', false],
    ['bin/many', 'other', false],
  ])('%s by who writes %s: %s', (program, writable, expected) => {
    expect(isReplaceable(at(program), by(at(writable)))).toBe(expected);
  });
});
