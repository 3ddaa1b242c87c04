import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import hashCalculator from './hash-calculator.js';

const hash = async (input: JsonObject) =>
  (await callTool(hashCalculator, { operation: 'hash', ...input })).result as Record<string, string>;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('hash-calculator', () => {
  itRunsItsSamples(hashCalculator);

  it.each([
    ['md5', 'MD5', '900150983cd24fb0d6963f7d28e17f72'],
    ['MD5', 'MD5', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1', 'SHA-1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA-1', 'SHA-1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha-256', 'SHA-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha3-256', 'SHA3-256', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
  ])('computes %s', async (algorithm, title, expected) => {
    expect(await hash({ algorithm, input: 'abc' })).toMatchObject({
      algorithm: title,
      hash: expected,
      format: 'hex',
    });
  });

  it.each(['sha384', 'sha512', 'blake2b512', 'blake2s256', 'sha3-512'])('has %s', async (algorithm) => {
    expect((await hash({ algorithm, data: 'abc' })).hash).toMatch(/^[0-9a-f]{64,128}$/);
  });

  it('writes base64', async () => {
    expect(await hash({ algorithm: 'md5', input: '', format: 'base64' })).toMatchObject({
      hash: '1B2M2Y8AsgTpgAmY7PhCfg==',
    });
  });

  it('hashes the bytes of a file', async () => {
    const file = join(directory, 'bytes.bin');
    await writeFile(
      file,
      Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251),
    );
    const answer = await hash({ input_type: 'file', file });
    expect(answer.hash).toBe('2c030d49ec131bfbbb446ad21e7a2f12cdb4f2f4f3fda3ac709dd2e68a4646c7');
  });

  it('reads only files that are granted', async () => {
    const permissions = {
      allows: () => false,
      require: () => {
        throw fail('permission.read', 'not granted');
      },
    };
    const call = callTool(hashCalculator, { operation: 'hash', file: '/etc/passwd' }, { permissions });
    await expect(call).rejects.toMatchObject({ code: 'permission.read' });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ expected_hash: '900150983CD24FB0D6963F7D28E17F72' }, { verified: true, algorithm: 'MD5' }],
    [{ expected_hash: 'kAFQmDzST7DWlj99KOF/cg==', expected_format: 'base64' }, { verified: true }],
    [
      { expected_hash: 'abcd' },
      { verified: false, expected: 'abcd', actual: '900150983cd24fb0d6963f7d28e17f72' },
    ],
  ])('verifies %j', async (input, expected) => {
    const answer = await callTool(hashCalculator, {
      operation: 'verify',
      algorithm: 'md5',
      input: 'abc',
      ...input,
    });
    expect(answer).toMatchObject({ success: true, result: expected });
  });

  it.each<[JsonObject, string]>([
    [{ input: 'x' }, "Missing required parameter 'operation'"],
    [{ operation: 'hash' }, "Missing required parameter 'input'"],
    [{ operation: 'hash', input_type: 'file' }, "Missing required parameter 'file'"],
    [{ operation: 'hash', input: 'x', algorithm: 'sha255' }, 'Unknown hash algorithm'],
    [{ operation: 'hash', input: 'x', algorithm: 'constructor' }, 'Unknown hash algorithm'],
    [{ operation: 'hash', input: 'x', format: 'octal' }, 'format'],
    [{ operation: 'verify', input: 'x' }, "Missing required parameter 'expected_hash'"],
    [{ operation: 'verify', input: 'x', expected_hash: 'xyz' }, 'Invalid hex string'],
    [
      { operation: 'verify', input: 'x', expected_hash: '#', expected_format: 'base64' },
      'Invalid base64 string',
    ],
    [{ operation: 'hash', file: '/no/such/file' }, '/no/such'],
  ])('refuses %j', async (input, message) => {
    await expect(callTool(hashCalculator, input)).rejects.toThrow(message);
  });
});
