import { ByteReader } from './byte-reader.js';
import { refuse } from './refusal.js';

/** The largest window that is held in memory: what the `zstd` program itself allows unless told otherwise. */
const MAX_WINDOW = 128 * 1024 * 1024;
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** What a frame's header says about the frame. */
interface FrameHeader {
  readonly bytes: Uint8Array;
  readonly checksum: boolean;
}

/**
 * Decompresses Zstandard one block at a time, so that no more than a block and the window are ever held, whatever
 * the data claims.
 */
export async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Decompress } = await import('fzstd');
  const reader = new ByteReader(chunks);
  for (let header = await nextFrame(reader); header; header = await nextFrame(reader)) {
    const out: Uint8Array[] = [];
    const decoder = new Decompress((piece) => out.push(piece));
    decoder.push(header.bytes);
    for (let last = false; !last; ) {
      const block = await nextBlock(reader);
      last = (block[0]! & 1) === 1;
      const checksum = last && header.checksum ? await reader.need(4) : new Uint8Array(0);
      decoder.push(Buffer.concat([block, checksum]), last);
      yield* out.splice(0).filter((piece) => piece.length > 0);
    }
  }
}

/** The next frame's header; frames that hold notes for other programs are passed over. */
async function nextFrame(reader: ByteReader): Promise<FrameHeader | undefined> {
  for (;;) {
    const start = await reader.take(4);
    if (!start) return undefined;
    const magic = numberOf(start);
    if (magic === MAGIC) return frameHeader(start, reader);
    if ((magic & ~0xf) >>> 0 !== SKIPPABLE) throw new Error('this is not Zstandard data');
    await reader.skip(numberOf(await reader.need(4)));
  }
}

async function frameHeader(magic: Uint8Array, reader: ByteReader): Promise<FrameHeader> {
  const descriptor = (await reader.need(1))[0]!;
  const single = (descriptor & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  if (dictionaryBytes > 0) throw new Error('it needs a dictionary');
  const window = single ? new Uint8Array(0) : await reader.need(1);
  const size = await reader.need(sizeBytes);
  const needed = single ? contentSize(size) : windowSize(window[0]!);
  if (needed > MAX_WINDOW)
    throw refuse(`unpacking it takes a window of ${needed} bytes`, { limit: 'window', value: MAX_WINDOW });
  const bytes = Buffer.concat([magic, [descriptor], window, size].map((part) => Uint8Array.from(part)));
  return { bytes, checksum: (descriptor & 4) !== 0 };
}

/** A block with its three bytes of header. A block of one repeated byte stores that byte only. */
async function nextBlock(reader: ByteReader): Promise<Uint8Array> {
  const header = await reader.need(3);
  const value = numberOf(header);
  const repeated = ((value >> 1) & 3) === 1;
  const body = await reader.need(repeated ? 1 : value >> 3);
  return Buffer.concat([header, body]);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(bytes: Uint8Array): number {
  return numberOf(bytes) + (bytes.length === 2 ? 256 : 0);
}

/** A little-endian number. */
function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
}
