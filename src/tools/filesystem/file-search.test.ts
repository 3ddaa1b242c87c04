import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost } from '../host.js';
import fileSearch from './file-search.js';
import type { SearchMatch } from './search-matches.js';
import { compile } from './search-pattern.js';
import { matchesWildcard } from './search-walk.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterEach(() => rm(dir, { recursive: true }));

interface Found {
  matches: SearchMatch[];
  summary: { total_matches: number; files_searched: number; files_skipped: number; has_matches: boolean };
  skipped_files: { file_path: string; reason: string }[];
}

function start(input: Record<string, unknown>, signal?: AbortSignal) {
  const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
  const { context, events } = testContext({ permissions, ...(signal && { signal }) });
  const component = toolComponent(fileSearch);
  return { run: invoke(component, normalizeToolInput(fileSearch, { path: dir, ...input }), context), events };
}
async function search(input: Record<string, unknown>): Promise<Found> {
  return (await start(input).run).result as unknown as Found;
}
const write = (name: string, text: string | Buffer) => writeFile(join(dir, name), text);
const code = (code: string) => expect.objectContaining({ code });

describe('file-search', () => {
  it('shows where, with the lines around', async () => {
    await write('a.txt', 'one\ntwo\nüx needle needle\r\nfour\nfive\nsix\n');
    const { matches, summary } = await search({ pattern: 'needle', context_lines: 1 });
    expect(matches).toEqual([
      {
        file_path: join(dir, 'a.txt'),
        line_number: 3,
        column_number: 5,
        line_content: 'üx needle needle',
        matched_text: 'needle',
        context_before: ['two'],
        context_after: ['four'],
      },
      expect.objectContaining({ line_number: 3, column_number: 12 }),
    ]);
    expect(summary).toEqual({ total_matches: 2, files_searched: 1, files_skipped: 0, has_matches: true });
  });

  it('finds a regular expression in several files', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await write(name, 'x1\ny\nx2\n');
    const { summary } = await search({ pattern: 'x\\d', use_regex: true });
    expect(summary).toMatchObject({ total_matches: 6, files_searched: 3 });
  });

  it('reads literal patterns literally and finds them overlapping', async () => {
    await write('a.txt', 'aaa a.*[b] A.*[B]\n');
    expect((await search({ pattern: 'aa' })).matches).toHaveLength(2);
    expect((await search({ pattern: '.*[b]' })).matches).toHaveLength(1);
    expect((await search({ pattern: '.*[b]', case_sensitive: false })).matches).toHaveLength(2);
  });

  it('says how much it found', async () => {
    await write('a.txt', 'x\nx\n');
    expect((await start({ pattern: 'x' }).run).text).toMatch(/^Found 2 matches across 1 files/);
    expect((await start({ pattern: 'y' }).run).text).toBe('No matches found in 1 files searched');
  });

  it('goes down only when told, not deeper than told, and not where it is told not to', async () => {
    await mkdir(join(dir, 'sub/deep'), { recursive: true });
    await mkdir(join(dir, 'node_modules'));
    for (const name of ['a.txt', 'sub/b.txt', 'sub/deep/c.txt', 'node_modules/d.txt'])
      await write(name, 'hit\n');
    const files = async (input: object) =>
      (await search({ pattern: 'hit', ...input })).matches.map((match) =>
        match.file_path.slice(dir.length + 1),
      );
    expect(await files({})).toEqual(['a.txt']);
    expect(await files({ recursive: true })).toEqual(['a.txt', 'sub/b.txt', 'sub/deep/c.txt']);
    expect(await files({ recursive: true, max_depth: 1 })).toEqual(['a.txt', 'sub/b.txt']);
    expect(await files({ recursive: true, exclude_dirs: 'Sub' })).toEqual(['a.txt', 'node_modules/d.txt']);
    expect(await files({ recursive: true, file_pattern: 'c.*' })).toEqual(['sub/deep/c.txt']);
  });

  it('chooses files by extension; an empty table means all', async () => {
    for (const name of ['a.lua', 'b.md', 'c.strange', 'd.pdf']) await write(name, 'hit\n');
    const count = async (input: object) => (await search({ pattern: 'hit', ...input })).summary.total_matches;
    expect(await count({})).toBe(2);
    expect(await count({ include_extensions: ['.lua', '*.strange'] })).toBe(2);
    expect(await count({ include_extensions: 'lua, md' })).toBe(2);
    expect(await count({ include_extensions: {} })).toBe(4);
    expect(await count({ include_extensions: [], exclude_extensions: ['pdf'] })).toBe(3);
    expect(await count({ path: join(dir, 'd.pdf') })).toBe(1);
  });

  it('skips what it cannot search in a folder and raises for a single file', async () => {
    await write('bin.txt', Buffer.from([104, 0, 105]));
    await write('big.txt', 'x'.repeat(200));
    const { skipped_files: skipped } = await search({ pattern: 'x', max_file_size: 100 });
    expect(skipped.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('exceeds maximum allowed size'),
      expect.stringContaining('binary'),
    ]);
    await expect(search({ pattern: 'x', path: join(dir, 'bin.txt') })).rejects.toThrow(/binary/);
  });

  it('caps matches per file and altogether', async () => {
    await write('a.txt', 'x\n'.repeat(3000));
    await write('b.txt', 'x\n'.repeat(3000));
    expect((await search({ pattern: 'x' })).matches).toHaveLength(1000);
    expect((await search({ pattern: 'x', max_matches_per_file: 2 })).matches).toHaveLength(4);
  });

  it('cuts long lines around the match', async () => {
    await write('a.txt', `${'-'.repeat(100_000)}needle${'-'.repeat(100_000)}`);
    const [match] = (await search({ pattern: 'needle' })).matches;
    expect(match!.line_content.length).toBeLessThan(1100);
    expect(match!.line_content).toContain('needle');
    expect(match!.column_number).toBe(100_001);
  });

  it('understands regular expressions', async () => {
    await write('a.txt', 'id=42 id=7\nnone\n');
    const { matches } = await search({ pattern: 'id=(\\d+)', use_regex: true });
    expect(matches.map((match) => match.matched_text)).toEqual(['id=42', 'id=7']);
    expect((await search({ pattern: '^', use_regex: true })).matches).toHaveLength(2);
    expect((await search({ pattern: '(?i)NONE', use_regex: true })).matches).toHaveLength(1);
    expect(compile('a\\-b', true).test('a-b')).toBe(true);
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ pattern: '' }, 'input.invalid', /Pattern cannot be empty/],
    [{ pattern: 'x', context_lines: 51 }, 'input.invalid', /Context lines cannot exceed 50/],
    [{ pattern: 'x', max_depth: 101 }, 'input.invalid', /Max depth cannot exceed 100/],
    [{ pattern: '(', use_regex: true }, 'input.invalid', /Invalid regex pattern/],
    [{ pattern: 'x', path: 'missing' }, 'tool.failed', /Path does not exist/],
    [{ pattern: 'x', path: '/' }, 'permission.read', /Path not in allowed list/],
    [{ pattern: 'x', path: '/etc' }, 'permission.read', /Path not in allowed list/],
    [{ pattern: 'x', path: '../../../' }, 'permission.read', /Path not in allowed list/],
  ])('refuses %j', async (input, expected, message) => {
    await expect(search(input)).rejects.toThrow(code(expected));
    await expect(search(input)).rejects.toThrow(message);
  });

  it('does not follow links out of the folder, and journals the folder once', async () => {
    await symlink('/etc', join(dir, 'etc'));
    await symlink('/etc/passwd', join(dir, 'passwd.txt'));
    await write('a.txt', 'root\n');
    await write('b.txt', 'root\n');
    const { run, events } = start({ pattern: 'root', recursive: true });
    expect(((await run).result as unknown as Found).summary.total_matches).toBe(2);
    const targets = events.flatMap((event) => (event.type === 'permission' ? [event.target] : []));
    expect(new Set(targets)).toEqual(new Set([dir]));
  });
});

describe('time', () => {
  const EXPLODING = { pattern: '(a+)+$', use_regex: true };

  it('ends an exploding expression at the limit while the event loop turns', async () => {
    await write('a.txt', `${'a'.repeat(50_000)}!\n`);
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    try {
      await expect(search({ ...EXPLODING, timeout_ms: 300 })).rejects.toThrow(code('component.timeout'));
    } finally {
      clearInterval(ticking);
    }
    expect(turns).toBeGreaterThan(5);
  });

  it('ends an exploding expression when cancelled', async () => {
    await write('a.txt', `${'a'.repeat(50_000)}!\n`);
    const abort = new AbortController();
    const { run } = start(EXPLODING, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(run).rejects.toThrow('enough');
  });

  it('stops a search over many files when cancelled', async () => {
    for (let index = 0; index < 200; index++) await write(`${index}.txt`, 'x\n'.repeat(2000));
    const abort = new AbortController();
    const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
    const { context } = testContext({ permissions, signal: abort.signal });
    let opened = 0;
    const counting = {
      ...context,
      permissions: {
        ...permissions,
        allows: (...call: Parameters<typeof permissions.allows>) => {
          if (++opened === 30) abort.abort(new Error('enough'));
          return permissions.allows(...call);
        },
      },
    };
    const input = fileSearch.input.parse({ pattern: 'never there', path: dir });
    await expect(fileSearch.run(input, counting, bareHost())).rejects.toThrow('enough');
    const atEnd = opened;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toBe(atEnd);
    expect(opened).toBeLessThan(40);
  });
});

it.each([
  ['a.lua', '*.lua', true],
  ['a.luac', '*.lua', false],
  ['abc', 'a?c', true],
  ['ac', 'a?c', false],
  ['aXbXc', 'a*b*c', true],
  ['', '*', true],
  [`${'a'.repeat(255)}`, `${'*a'.repeat(100)}b`, false],
])('matches %s with %s: %s', (name, pattern, expected) => {
  expect(matchesWildcard(name, pattern)).toBe(expected);
});
