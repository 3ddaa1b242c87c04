import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { readChunksGuarded, statGuarded } from '../../../security/files.js';
import { progressOf } from '../../progress.js';

/** Characters of a text that are worked on before others get their turn. */
const TEXT_CHUNK = 64 * 1024;

/** Where bytes come from: a text that was handed over, or a file. */
export type ByteSource = { text: string } | { path: string };

/**
 * The bytes of a source, piece by piece, with a pause after each. A file reports its progress.
 * @param tool whose progress it is
 * @throws `input.invalid` for a text, `tool.failed` for a file, that is larger than `maxBytes`
 */
export function bytesOf(
  source: ByteSource,
  tool: string,
  context: ExecutionContext,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  return 'text' in source
    ? textBytes(source.text, context, maxBytes)
    : fileBytes(source.path, tool, context, maxBytes);
}

/** Lets the event loop turn once; raises when the call was cancelled meanwhile. */
export async function pause(context: ExecutionContext): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  context.signal.throwIfAborted();
}

async function* textBytes(text: string, context: ExecutionContext, maxBytes: number) {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes)
    throw fail('input.invalid', `The input is larger than ${maxBytes} bytes`, {
      hint: 'Put it into a file and give its path.',
    });
  for (let at = 0; at < text.length; ) {
    const end = at + TEXT_CHUNK + (isHighSurrogate(text.charCodeAt(at + TEXT_CHUNK - 1)) ? 1 : 0);
    yield Buffer.from(text.slice(at, end));
    at = end;
    await pause(context);
  }
}

async function* fileBytes(path: string, tool: string, context: ExecutionContext, maxBytes: number) {
  const progress = progressOf(tool, context);
  const { size } = await statGuarded(path, context);
  let read = 0;
  for await (const chunk of readChunksGuarded(path, context, { maxBytes })) {
    yield chunk;
    read += chunk.length;
    progress(`Read ${read} of ${size} bytes`, size > 0 ? read / size : undefined);
    await pause(context);
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
