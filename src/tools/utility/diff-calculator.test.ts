import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import diffCalculator from './diff-calculator.js';

let dir: string;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterAll(() => rm(dir, { recursive: true }));

const call = (input: JsonObject, signal?: AbortSignal) =>
  callTool(diffCalculator, input, {
    permissions: createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir }),
    ...(signal && { signal }),
  });
const resultOf = async (input: JsonObject) => (await call(input)).result as JsonObject;
const hasProgram = (name: string) => spawnSync('which', [name]).status === 0;

/** Texts with changes at the beginning, in the middle and at the end, with and without a last line break. */
const TEXTS: [string, string][] = [
  ['a\nb\nc\n', 'a\nB\nc\n'],
  ['', 'a\n'],
  ['a\n', ''],
  ['a', 'a\n'],
  ['a\nb', 'a\nc'],
  ['a\nb\n', 'x\na\nb\ny\n'],
  [numbers(1, 60), numbers(1, 60).replace('\n7\n', '\nseven\n').replace('\n40\n', '\n').replace('60', 'end')],
  [numbers(1, 20), numbers(5, 25)],
  ['same\n', 'same\n'],
];
function numbers(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('');
}

describe('diff-calculator', () => {
  itRunsItsSamples(diffCalculator);

  it.each(TEXTS)('says of %j and %j what the diff program says', async (before, after) => {
    await writeFile(join(dir, 'old'), before);
    await writeFile(join(dir, 'new'), after);
    const theirs = spawnSync('diff', ['--label', 'old', '--label', 'new', '-u', 'old', 'new'], {
      cwd: dir,
      encoding: 'utf8',
    });
    const { diff } = await resultOf({ old_text: before, new_text: after });
    if (before !== after) expect(diff).toBe(theirs.stdout);
    else expect(diff).toBe('--- old\n+++ new\n');
  });

  it.skipIf(!hasProgram('patch')).each(TEXTS)(
    'writes patches for the patch program: %j to %j',
    async (before, after) => {
      for (const format of ['unified', 'context']) {
        await writeFile(join(dir, 'old'), before);
        const { diff } = await resultOf({ old_text: before, new_text: after, format });
        if (before === after) continue;
        execFileSync('patch', ['-s', format === 'context' ? '-c' : '-u', 'old'], {
          cwd: dir,
          input: String(diff),
        });
        expect(await readFile(join(dir, 'old'), 'utf8').catch(() => '')).toBe(after);
      }
    },
  );

  it.each(TEXTS)('applies its own differences: %j to %j', async (before, after) => {
    if (before === after) return;
    const { diff } = await resultOf({ old_text: before, new_text: after, context_lines: 2 });
    expect((await call({ operation: 'apply', old_text: before, patch: diff! })).text).toBe(after);
  });

  it('writes every format', async () => {
    const texts = { old_text: 'a\nold line\nc\n', new_text: 'a\nnew line\nc\n' };
    expect((await resultOf({ ...texts, format: 'Inline' })).diff).toBe(' a\n-old line\n+new line\n c\n');
    expect((await resultOf({ ...texts, format: 'context' })).diff).toBe(
      '*** old\n--- new\n***************\n*** 1,3 ****\n  a\n- old line\n  c\n--- 1,3 ----\n  a\n+ new line\n  c\n',
    );
    expect((await resultOf({ ...texts, format: 'simple' })).diff).toBe(
      'Total changes: 1\n\nReplaced at lines 2-2 with lines 2-2\n',
    );
    const same = await resultOf({ old_text: 'x', new_text: 'x', format: 'simple' });
    expect(same).toMatchObject({ diff: 'Total changes: 0\n\n', identical: true });
    const removed = await resultOf({ old_text: 'a\nb\n', new_text: 'a\n', format: 'simple' });
    expect(removed.diff).toContain('Removed at line 2: 1 line(s)');
  });

  it('overlooks white space when asked to', async () => {
    const texts = { old_text: 'if (a) {\n  b\n}\n', new_text: 'if (a)  {\n\tb\n}\n' };
    expect(await resultOf(texts)).toMatchObject({ identical: false });
    expect(await resultOf({ ...texts, ignore_whitespace: true })).toMatchObject({ identical: true });
  });

  it.each<[JsonValue, JsonValue, JsonObject]>([
    [
      { user: { settings: { theme: 'dark' } } },
      { user: { settings: { theme: 'light', sound: true } } },
      {
        diff: {
          added: { 'user.settings.sound': true },
          modified: { 'user.settings.theme': { old: 'dark', new: 'light' } },
        },
      },
    ],
    [
      { age: 1, city: 'a', hobbies: ['x'], same: { deep: 1 } },
      { age: 2, city: 'b', hobbies: ['x', 'y'], same: { deep: 1 } },
      { summary: { added: 0, removed: 0, modified: 3, unchanged: 1 }, diff: { unchanged: ['same'] } },
    ],
    [[1], [1, 2], { diff: { modified: { '[]': { old: [1], new: [1, 2], old_length: 1, new_length: 2 } } } }],
    [1, 2, { diff: { modified: { $: { old: 1, new: 2 } } } }],
    [JSON.parse('{"__proto__":1}'), {}, { summary: { removed: 1 } }],
    ['{"a":1}', '{"a":2}', { diff: { modified: { a: { old: 1, new: 2 } } } }],
  ])('compares %j with %j', async (old_json, new_json, expected) => {
    expect(await resultOf({ operation: 'json', old_json, new_json })).toMatchObject(expected);
  });

  it.each<[JsonValue, JsonValue]>([
    [{ a: 1 }, { a: 2, b: [1, { c: null }] }],
    [
      [1, 2, 3, 4],
      [0, 1, 3, 5, 6],
    ],
    [
      [{ id: 1, n: 'a' }, { id: 2 }],
      [{ id: 1, n: 'b' }, { id: 3 }, { id: 2 }],
    ],
    [{ 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }],
    [[[1, [2]], 3], [[1, [2, 4]]]],
    [1, { a: [] }],
  ])('makes and applies patches from %j to %j', async (old_json, new_json) => {
    const { patch } = await resultOf({ type: 'json', old_json, new_json, format: 'patch' });
    expect(await resultOf({ operation: 'apply', type: 'json', old_json, patch: patch! })).toEqual({
      type: 'json',
      json: new_json,
    });
    const written = await resultOf({
      operation: 'apply',
      type: 'json',
      old_json,
      patch: JSON.stringify(patch),
    });
    expect(written.json).toEqual(new_json);
  });

  it.each<[JsonObject, string, RegExp]>([
    [{ old_text: 'a' }, 'input.invalid', /must be provided/],
    [{ type: 'json', old_json: 1 }, 'input.invalid', /must be provided/],
    [{ old_text: 'a', new_text: 'b', format: 'html' }, 'input.invalid', /Invalid format/],
    [{ old_text: 'a', new_text: 'b', type: 'xml' }, 'input.invalid', /Invalid type/],
    [{ old_text: 'a', new_text: 'b', format: 'patch' }, 'input.invalid', /for JSON/],
    [{ type: 'json', old_json: '{', new_json: '{}' }, 'input.invalid', /Invalid JSON in 'old_json'/],
    [{ old_file: 'none', new_file: 'none' }, 'tool.failed', /does not exist/],
    [{ old_file: '/etc/passwd', new_text: '' }, 'permission.read', /denied/],
    [{ operation: 'apply', old_text: 'a', patch: 'nonsense' }, 'input.invalid', /not a unified diff/],
    [
      { operation: 'apply', old_text: 'a\n', patch: '@@ -1 +1 @@\n-b\n+c\n' },
      'tool.failed',
      /does not apply/,
    ],
    [
      { operation: 'apply', old_json: {}, patch: [{ op: 'remove', path: '/a' }] },
      'tool.failed',
      /does not apply/,
    ],
    [
      { operation: 'apply', old_json: {}, patch: [{ op: 'leap', path: '/a' }] },
      'input.invalid',
      /list of operations/,
    ],
    [
      { operation: 'apply', old_json: {}, patch: [{ op: 'add', path: '/__proto__/x', value: 1 }] },
      'input.invalid',
      /list/,
    ],
  ])('refuses %j', async (input, code, message) => {
    await expect(call(input)).rejects.toMatchObject({ code });
    await expect(call(input)).rejects.toThrow(message);
  });

  it('writes what it applied to a file', async () => {
    await writeFile(join(dir, 'in'), 'a\nb\n');
    const patch = '--- in\n+++ in\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n';
    await call({ operation: 'apply', old_file: 'in', patch, output_file: 'out' });
    expect(await readFile(join(dir, 'out'), 'utf8')).toBe('a\nc\n');
  });

  it('compares what has nothing in common in bounded time, and says that it is not the shortest way', async () => {
    const lines = (seed: number) =>
      Array.from({ length: 40_000 }, (_, i) => `${(i * seed) % 9973}\n`).join('');
    const texts = { old_text: `head\n${lines(7)}anchor\n`, new_text: `head\n${lines(11)}anchor\nend\n` };
    const result = await resultOf(texts);
    expect(result).toMatchObject({ approximate: true });
    const { text } = await call({ operation: 'apply', old_text: texts.old_text, patch: result.diff! });
    expect(text).toBe(texts.new_text);
  });

  it('compares long lists of JSON in bounded time', async () => {
    const list = (seed: number) => Array.from({ length: 20_000 }, (_, i) => ({ id: (i * seed) % 9973 }));
    const { patch } = await resultOf({
      type: 'json',
      old_json: list(7),
      new_json: list(11),
      format: 'patch',
    });
    expect(patch).toHaveLength(1);
    expect(await resultOf({ type: 'json', old_json: 'x'.length, new_json: 2 })).toMatchObject({
      summary: { modified: 1 },
    });
  });

  it('stops when it is aborted', async () => {
    const lines = (seed: number) =>
      Array.from({ length: 100_000 }, (_, i) => `${(i * seed) % 9973}\n`).join('');
    const controller = new AbortController();
    const working = call({ old_text: lines(7), new_text: lines(11) }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(working).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { user, system } = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = process.cpuUsage({ user, system });
    expect(after.user + after.system).toBeLessThan(200_000);
  });
});
