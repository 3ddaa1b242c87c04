import type { FileHandle } from 'node:fs/promises';
import type { ExecutionContext } from '../../../core/context.js';

const CHUNK_BYTES = 256 * 1024;

/** A part of an open file, piece by piece; stops at the signal. Contract: the handle stays open meanwhile. */
export async function* fileBytes(
  handle: FileHandle,
  start: number,
  end: number,
  { signal }: Pick<ExecutionContext, 'signal'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    const length = Math.min(CHUNK_BYTES, end - at);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * The same pieces, given up the moment the signal aborts, even while a decoder is waited for. What is left of the
 * source is closed as soon as it answers.
 */
export async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  aborted.catch(() => {});
  let finished = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([source.next(), aborted]);
      if (next.done) {
        finished = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop!);
    const closed = finished ? undefined : source.return?.().catch(() => {});
    if (!signal.aborted) await closed;
  }
}
