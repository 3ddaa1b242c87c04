import { fail } from '../core/errors.js';
import { type CompressionMethod, compress, decompress } from './compression.js';

/**
 * A blob's file: a header, then frames. All numbers are little-endian.
 *
 * - header, 16 bytes: `LSB1`, 4 bytes reserved, the size of the content as u64;
 * - frame: how it is packed (u8), the bytes it holds (u32), the bytes that follow (u32), these.
 */
export const HEADER_BYTES = 16;
/** Bytes of what stands before each frame. */
export const FRAME_HEAD_BYTES = 9;
/** Bytes of content in a frame, at most: what reading and writing need of memory. */
export const FRAME_CONTENT = 1024 * 1024;

const MAGIC = Buffer.from('LSB1');
const METHODS = ['none', 'lz4', 'deflate'] as const;

/** What a frame's head says. */
export interface FrameHead {
  readonly method: (typeof METHODS)[number];
  readonly content: number;
  readonly packed: number;
}

/** The header of a blob of that size. */
export function encodeHeader(size: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeBigUInt64LE(BigInt(size), 8);
  return header;
}

/** The size of the content. @throws `artifact.corrupt` */
export function decodeHeader(header: Uint8Array): number {
  const bytes = Buffer.from(header);
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw corrupt('it does not begin as one');
  return Number(bytes.readBigUInt64LE(8));
}

/** A frame with its head; compressed if that is wanted and makes it shorter. */
export function encodeFrame(content: Uint8Array, wanted: CompressionMethod | undefined): Buffer {
  const packed = wanted && compress(content, wanted);
  const body = packed?.bytes ?? content;
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt8(METHODS.indexOf(packed?.method ?? 'none'), 0);
  head.writeUInt32LE(content.length, 1);
  head.writeUInt32LE(body.length, 5);
  return Buffer.concat([head, body]);
}

/** @throws `artifact.corrupt` */
export function decodeFrameHead(head: Uint8Array): FrameHead {
  const bytes = Buffer.from(head);
  if (bytes.length < FRAME_HEAD_BYTES) throw corrupt('it ends in the middle');
  const method = METHODS[bytes.readUInt8(0)];
  const [content, packed] = [bytes.readUInt32LE(1), bytes.readUInt32LE(5)];
  if (!method || content > FRAME_CONTENT || packed > FRAME_CONTENT) throw corrupt('a part of it is garbled');
  return { method, content, packed };
}

/** The content of a frame. @throws `artifact.corrupt` */
export function decodeFrame({ method, content, packed }: FrameHead, body: Uint8Array): Uint8Array {
  if (body.length !== packed) throw corrupt('it ends in the middle');
  const bytes = method === 'none' ? body : unpack(body, method);
  if (bytes.length !== content) throw corrupt('a part of it has another length');
  return bytes;
}

function unpack(body: Uint8Array, method: CompressionMethod): Uint8Array {
  try {
    return decompress(body, method);
  } catch (thrown) {
    throw corrupt('a part of it cannot be unpacked', thrown);
  }
}

/** The stored content is not what was stored. */
export function corrupt(why: string, cause?: unknown): Error {
  return fail('artifact.corrupt', `Stored content is damaged: ${why}`, {
    hint: 'Store it again, or restore the data directory from a backup.',
    ...(cause !== undefined && { cause }),
  });
}
