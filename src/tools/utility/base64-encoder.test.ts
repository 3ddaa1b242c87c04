import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import base64Encoder from './base64-encoder.js';

let dir: string;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterAll(() => rm(dir, { recursive: true }));

const call = (input: JsonObject, signal?: AbortSignal) =>
  callTool(base64Encoder, input, {
    permissions: createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir }),
    ...(signal && { signal }),
  });
const output = async (input: JsonObject) => ((await call(input)).result as JsonObject).output as string;

describe('base64-encoder', () => {
  itRunsItsSamples(base64Encoder);

  it.each(['', 'a', 'ab', 'abc', 'Hello, World!', '!@#$%^&*()_+-=[]{}', '你好, мир 🌍', '\0\n\t'])(
    'brings %j back',
    async (text) => {
      for (const variant of ['standard', 'url-safe', 'URL_SAFE']) {
        const encoded = await output({ operation: 'encode', input: text, variant });
        expect(Buffer.from(encoded, 'base64').toString()).toBe(text);
        if (variant !== 'standard') expect(encoded).not.toMatch(/[+/]/);
        expect((await call({ operation: 'decode', input: encoded, variant })).result).toMatchObject({
          output: text,
          binary: false,
        });
      }
    },
  );

  it('says which output is hexadecimal', async () => {
    const bytes = 'ffd8ff00fe';
    const encoded = await output({ operation: 'encode', input: bytes, binary_input: true });
    expect((await call({ operation: 'decode', input: encoded })).result).toMatchObject({
      output: bytes,
      binary: true,
    });
  });

  it.each([
    ['ab+/', 'url-safe', /"\+" at 2 is not in the alphabet/],
    ['ab-_', 'standard', /"-" at 2 is not in the alphabet/],
    ['ab!!', 'standard', /alphabet/],
    ['aGk', 'standard', /padding is wrong/],
    ['aGk==', 'standard', /padding is wrong/],
    ['aGk===', 'standard', /too much of it/],
    ['aG=k', 'standard', /data after the padding/],
    ['aGl=', 'standard', /last bits/],
    ['a', 'url-safe', /one character is left over/],
    ['äaaa', 'standard', /alphabet/],
  ])('refuses %s as %s', async (input, variant, message) => {
    const attempt = call({ operation: 'decode', input, variant });
    await expect(attempt).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(call({ operation: 'decode', input, variant })).rejects.toThrow(/Base64 decode error/);
    await expect(call({ operation: 'decode', input, variant })).rejects.toThrow(message);
  });

  it.each<[JsonObject, RegExp]>([
    [{ operation: 'encode' }, /Either 'input' or 'input_file'/],
    [{ operation: 'encode', input: 'abc', binary_input: true }, /Failed to parse hex input/],
    [{ operation: 'encode', input: 'xy', binary_input: true }, /Failed to parse hex input/],
    [{ operation: 'encode', input_file: 'none' }, /does not exist/],
    [{ operation: 'encode', input_file: '/etc/passwd' }, /Permission denied/],
    [{ operation: 'encode', input: 'x', output_file: '/etc/x' }, /Permission denied/],
    [{ operation: 'turn', input: 'x' }, /Unknown operation/],
    [{ operation: 'encode', input: 'x', variant: 'base32' }, /variant/],
  ])('refuses %j', async (input, message) => {
    await expect(call(input)).rejects.toThrow(message);
  });

  it('takes the padding or its absence in addresses', async () => {
    for (const input of ['aGk', 'aGk='])
      expect(await output({ operation: 'decode', input, variant: 'url-safe' })).toBe('hi');
  });

  it('streams files as the base64 program does', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000_003 }, (_, i) => (i * 7919) % 256));
    await writeFile(join(dir, 'in.bin'), bytes);
    await call({ operation: 'encode', input_file: 'in.bin', output_file: 'out.b64' });
    const theirs = execFileSync('base64', [join(dir, 'in.bin')], { maxBuffer: 1e8 });
    expect(await readFile(join(dir, 'out.b64'), 'latin1')).toBe(theirs.toString().replaceAll('\n', ''));
    await writeFile(join(dir, 'wrapped.b64'), theirs);
    await call({ operation: 'decode', input_file: 'wrapped.b64', output_file: 'back.bin' });
    expect((await readFile(join(dir, 'back.bin'))).equals(bytes)).toBe(true);
  });

  it('leaves no half of a file behind', async () => {
    await writeFile(join(dir, 'bad.b64'), `${'aGlo'.repeat(200_000)}!`);
    const before = await readdir(dir);
    await expect(
      call({ operation: 'decode', input_file: 'bad.b64', output_file: 'bad.out' }),
    ).rejects.toThrow();
    await writeFile(join(dir, 'large'), Buffer.alloc(100_000_000));
    const controller = new AbortController();
    const working = call(
      { operation: 'encode', input_file: 'large', output_file: 'large.b64' },
      controller.signal,
    );
    setTimeout(() => controller.abort(), 30);
    await expect(working).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await readdir(dir)).toEqual([...before, 'large'].sort());
  });

  it('does not give back what is too large for a result', async () => {
    await writeFile(join(dir, 'large'), Buffer.alloc(11_000_000));
    await expect(call({ operation: 'encode', input_file: 'large' })).rejects.toMatchObject({
      hint: /output_file/,
    });
  });
});
