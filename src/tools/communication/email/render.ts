import type { Readable } from 'node:stream';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { composed, type Message } from './message.js';

/** Bytes that a whole message may have. */
export const MAX_MESSAGE_BYTES = 40_000_000;

/**
 * The whole message as it goes over the wire.
 * @param maxBytes what comes after is dropped, and `truncated` says so
 */
export async function renderMessage(
  message: Message,
  context: ExecutionContext,
  maxBytes = MAX_MESSAGE_BYTES,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const opened: Readable[] = [];
  const node = new MailComposer(composed(message, opened)).compile();
  const stream = node.createReadStream();
  const stop = () => stream.destroy(context.signal.reason as Error);
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    return await collect(stream, maxBytes);
  } catch (error) {
    context.signal.throwIfAborted();
    throw error instanceof LlmspellError
      ? error
      : fail('tool.failed', `The message could not be built: ${(error as Error).message}`, { cause: error });
  } finally {
    context.signal.removeEventListener('abort', stop);
    for (const one of [stream, ...opened]) one.destroy();
  }
}

async function collect(stream: Readable, maxBytes: number): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: size > maxBytes };
}
