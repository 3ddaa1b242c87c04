import type { FileHandle } from 'node:fs/promises';
import { encodeFrame, encodeHeader, FRAME_CONTENT, HEADER_BYTES } from './blob-frames.js';
import { type BlobContent, pieces } from './blob-store.js';
import type { CompressionMethod } from './compression.js';
import { contentHash } from './content-hash.js';

/** How content is written. */
export interface WriteOptions {
  /** Content of fewer bytes is not compressed. */
  readonly threshold: number;
  readonly method: CompressionMethod;
}

/** What was written. */
export interface Written {
  readonly hash: string;
  readonly size: number;
  readonly storedSize: number;
}

/** Writes content into an empty file, frame by frame, and makes it durable. */
export async function writeBlob(
  file: FileHandle,
  content: BlobContent,
  { threshold, method }: WriteOptions,
): Promise<Written> {
  const hash = await contentHash();
  let size = 0;
  let storedSize = HEADER_BYTES;
  await file.write(encodeHeader(0), 0, HEADER_BYTES, 0);
  for await (const frame of frames(content)) {
    hash.update(frame);
    // Only the last frame is shorter than a whole one, so a short first one is all there is.
    const packed = encodeFrame(frame, size + frame.length >= threshold ? method : undefined);
    await writeAll(file, packed, storedSize);
    size += frame.length;
    storedSize += packed.length;
  }
  await file.write(encodeHeader(size), 0, HEADER_BYTES, 0);
  await file.sync();
  return { hash: hash.digest(), size, storedSize };
}

/** The content in pieces of one frame each. */
async function* frames(content: BlobContent): AsyncGenerator<Uint8Array> {
  const frame = Buffer.allocUnsafe(FRAME_CONTENT);
  let filled = 0;
  for await (const piece of pieces(content)) {
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(piece.length - at, FRAME_CONTENT - filled);
      frame.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < FRAME_CONTENT) continue;
      yield frame;
      filled = 0;
    }
  }
  if (filled > 0) yield frame.subarray(0, filled);
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
