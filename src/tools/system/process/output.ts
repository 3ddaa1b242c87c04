import type { Readable } from 'node:stream';

/** What a program printed on one of its outputs. */
export interface Captured {
  /** The beginning of it. */
  readonly kept: Buffer;
  /** How much it was altogether. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/**
 * Reads an output to its end and keeps its beginning. What is beyond `most` bytes is read and dropped, so that the
 * program is never held up and memory stays bounded.
 * @returns a look at what has come so far; at everything once the output has ended
 */
export function capture(output: Readable, most: number): () => Captured {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let left = most;
  output.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (left <= 0) return;
    // A copy: the slice of a larger chunk would keep all of it alive.
    chunks.push(chunk.length <= left ? chunk : Buffer.from(chunk.subarray(0, left)));
    left -= chunk.length;
  });
  return () => ({ kept: Buffer.concat(chunks), bytes, truncated: bytes > most });
}

/** The text of an output: what is not UTF-8 becomes U+FFFD, a character that was cut in two is left out. */
export function decodeOutput({ kept, truncated }: Captured): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: truncated });
}
