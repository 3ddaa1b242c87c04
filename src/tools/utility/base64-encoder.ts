import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { readChunksGuarded, writeChunksGuarded } from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { readPath, writePath } from '../parameters.js';
import { decodeBase64, encodeBase64 } from './base64/codec.js';
import { base64EncoderSamples } from './base64-encoder.samples.js';

/** The largest file that is read. */
const MAX_FILE_BYTES = 1_000_000_000;
/** The largest output that is given back and not written to a file. */
const MAX_INLINE_BYTES = 10_000_000;

const inputSchema = z.object({
  operation: operationParameter(['encode', 'decode']).describe('encode: to base64; decode: from base64'),
  input: z.string().optional().describe('The text to encode or decode'),
  input_file: readPath('A file.').optional().describe('The file to encode or decode instead of a text'),
  output_file: writePath('A file.')
    .optional()
    .describe('Where to write what comes out; without it, it is the result'),
  variant: z
    .preprocess(spelledOut, z.enum(['standard', 'url-safe']))
    .default('standard')
    .describe('standard: with + and /; url-safe: with - and _'),
  binary_input: z
    .boolean()
    .default(false)
    .describe('encode: the input is bytes, written as hexadecimal digits, and not a text'),
});
type Input = z.output<typeof inputSchema>;

/** Encodes to base64 and decodes from it: texts, bytes and files of any size. */
export default defineTool({
  name: 'base64-encoder',
  aliases: ['base64'],
  category: 'utility',
  level: 'restricted',
  description:
    'Encodes texts, bytes and files to base64 and decodes them, in the standard and the URL-safe alphabet.',
  capabilities: ['read', 'write'],
  input: inputSchema,
  parameterAliases: {
    data: 'input',
    text: 'input',
    file: 'input_file',
    path: 'input_file',
    input_path: 'input_file',
    output_path: 'output_file',
  },
  samples: base64EncoderSamples,
  run: async (request, context) => {
    const coder = request.operation === 'encode' ? encodeBase64 : decodeBase64;
    const output = coder(source(request, context), request.variant);
    return request.output_file === undefined
      ? inline(request, output)
      : written(request, request.output_file, output, context);
  },
});

/** A file comes before a text when encoding, a text before a file when decoding. */
function source(request: Input, context: ExecutionContext): AsyncIterable<Uint8Array> | Uint8Array[] {
  const { operation, input, input_file: file } = request;
  const usesFile = file !== undefined && (operation === 'encode' || input === undefined);
  if (usesFile) return readChunksGuarded(file, context, { maxBytes: MAX_FILE_BYTES });
  if (input === undefined) throw fail('input.invalid', "Either 'input' or 'input_file' must be provided");
  return [operation === 'encode' && request.binary_input ? fromHex(input) : Buffer.from(input)];
}

async function inline(
  { operation, variant }: Input,
  chunks: AsyncIterable<Uint8Array>,
): Promise<ToolOutcome> {
  const bytes = await collected(chunks);
  const text = utf8(bytes);
  const output = text ?? bytes.toString('hex');
  const done = operation === 'encode' ? 'Encoded to' : 'Decoded from';
  return {
    result: { output, variant, binary: text === undefined },
    text: output,
    message: `${done} base64 (${variant})`,
  };
}

async function written(
  { operation, variant }: Input,
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const { path, size } = await writeChunksGuarded(file, chunks, context);
  const message = `${operation === 'encode' ? 'Encoded' : 'Decoded'} to ${path} (${size} bytes)`;
  return {
    result: { output_file: path, size, variant },
    text: message,
    message,
    metadata: { variant, file_path: path, file_size: size },
  };
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_INLINE_BYTES)
      throw fail('tool.failed', `The output exceeds maximum allowed size of ${MAX_INLINE_BYTES} bytes`, {
        hint: 'Pass output_file to write it to a file.',
      });
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits))
    throw fail(
      'input.invalid',
      'Failed to parse hex input: an even number of hexadecimal digits is expected',
    );
  return Buffer.from(digits, 'hex');
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Other spellings of the variants. */
function spelledOut(variant: unknown): unknown {
  if (typeof variant !== 'string') return variant;
  const name = variant.toLowerCase().replace(/[_ ]/g, '-');
  return ['urlsafe', 'url'].includes(name) ? 'url-safe' : name;
}
