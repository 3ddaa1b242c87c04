import type { FileHandle } from 'node:fs/promises';
import {
  corrupt,
  decodeFrame,
  decodeFrameHead,
  decodeHeader,
  FRAME_HEAD_BYTES,
  HEADER_BYTES,
} from './blob-frames.js';
import { contentHash } from './content-hash.js';

/** The size of the content of an open blob. @throws `artifact.corrupt` */
export async function readSize(file: FileHandle): Promise<number> {
  return decodeHeader(await readAt(file, 0, HEADER_BYTES));
}

/**
 * The content of an open blob, frame by frame. The last frame is held back until the whole is known to be what was
 * stored.
 * @throws `artifact.corrupt`
 */
export async function* readBlob(file: FileHandle, expected: string): AsyncGenerator<Uint8Array> {
  const hash = await contentHash();
  const size = await readSize(file);
  let read = 0;
  let last: Uint8Array | undefined;
  for (let at = HEADER_BYTES; read < size; ) {
    const head = decodeFrameHead(await readAt(file, at, FRAME_HEAD_BYTES));
    if (head.content === 0) throw corrupt('a part of it is empty');
    const content = decodeFrame(head, await readAt(file, at + FRAME_HEAD_BYTES, head.packed));
    at += FRAME_HEAD_BYTES + head.packed;
    read += content.length;
    hash.update(content);
    if (last) yield last;
    last = content;
  }
  if (read !== size || hash.digest() !== expected) throw corrupt(`its hash is no longer ${expected}`);
  if (last) yield last;
}

/** So many bytes from there on, or fewer at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
