import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { readChunksGuarded } from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { readPath } from '../parameters.js';
import { type HashAlgorithm, hashAlgorithm } from './hash/algorithms.js';
import { decodeHash } from './hash/encoding.js';

/** The largest file that is hashed, in bytes. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

const format = z.enum(['hex', 'base64']);
const input = z.object({
  operation: operationParameter(['hash', 'verify']).describe(
    'hash: compute; verify: compare with an expected hash',
  ),
  algorithm: z
    .string()
    .default('sha256')
    .describe('md5, sha1, sha224, sha256, sha384, sha512, sha3-256, sha3-512, blake2b512 or blake2s256'),
  input_type: z
    .enum(['string', 'file'])
    .optional()
    .describe('What is hashed; file when a file and no input is given, string otherwise'),
  input: z.string().optional().describe('The text to hash'),
  file: readPath('The file to hash').optional(),
  format: format.default('hex').describe('How the hash is written'),
  expected_hash: z.string().optional().describe('verify: the hash to compare with'),
  expected_format: format.default('hex').describe('verify: how the expected hash is written'),
});
type Input = z.output<typeof input>;

/** Hashes text and files, and checks hashes. A hash that differs is a result, not an error. */
export default defineTool({
  name: 'hash-calculator',
  category: 'utility',
  level: 'restricted',
  description: 'Computes and verifies hashes of text and files (MD5, SHA-1, SHA-2, SHA-3, BLAKE2).',
  capabilities: ['read'],
  input,
  parameterAliases: { data: 'input', text: 'input', path: 'file', file_path: 'file', hash: 'expected_hash' },
  operationAliases: { compute: 'hash', calculate: 'hash', check: 'verify' },
  samples: [
    {
      title: 'Hash a text',
      input: { operation: 'hash', input: 'test data' },
      expect: {
        success: true,
        result: {
          algorithm: 'SHA-256',
          hash: '916f0027a575074ce72a331777c3478d6513f786a591bd892da1a577bf2335f9',
        },
      },
    },
    {
      title: 'Hash a file',
      input: { operation: 'hash', algorithm: 'md5', file: '{{dir}}/a.txt' },
      files: { 'a.txt': 'hello' },
      expect: { result: { algorithm: 'MD5', hash: '5d41402abc4b2a76b9719d911017c592' } },
    },
    {
      title: 'Verify a hash that differs',
      input: { operation: 'verify', algorithm: 'md5', input: 'hello', expected_hash: '00' },
      expect: { success: true, result: { verified: false, expected: '00' } },
    },
    {
      title: 'An algorithm that does not exist',
      input: { operation: 'hash', algorithm: 'sha257', input: 'x' },
      error: 'input.invalid',
    },
  ],
  run: async (request, context) => {
    const algorithm = hashAlgorithm(request.algorithm);
    const expected = request.operation === 'verify' ? expectedHash(request) : undefined;
    const digest = await digestOf(request, algorithm, context);
    return expected ? verified(request, algorithm, digest, expected) : hashed(request, algorithm, digest);
  },
});

async function digestOf(
  request: Input,
  algorithm: HashAlgorithm,
  context: ExecutionContext,
): Promise<Buffer> {
  const hash = createHash(algorithm.platform);
  if (readsFile(request)) {
    const file = needed('file', request.file);
    for await (const chunk of readChunksGuarded(file, context, { maxBytes: MAX_FILE_BYTES }))
      hash.update(chunk);
    return hash.digest();
  }
  return hash.update(needed('input', request.input)).digest();
}

function readsFile({ input_type, input: text, file }: Input): boolean {
  return input_type === undefined ? text === undefined && file !== undefined : input_type === 'file';
}

function hashed(request: Input, { title }: HashAlgorithm, digest: Buffer): ToolOutcome {
  const hash = digest.toString(request.format);
  return { result: { algorithm: title, hash, format: request.format }, message: `${title} hash computed` };
}

function expectedHash(request: Input): Buffer {
  return decodeHash(needed('expected_hash', request.expected_hash), request.expected_format);
}

function verified(request: Input, { title }: HashAlgorithm, digest: Buffer, expected: Buffer): ToolOutcome {
  const same = digest.length === expected.length && timingSafeEqual(digest, expected);
  if (same) return { result: { verified: true, algorithm: title }, message: 'The hash matches' };
  const actual = digest.toString(request.expected_format);
  return {
    result: { verified: false, algorithm: title, expected: request.expected_hash!, actual },
    message: 'The hash does not match',
  };
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}
