import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import zlib from 'node:zlib';
import { fail, LlmspellError } from '../../../core/errors.js';
import { bunzip2 } from './bzip2.js';
import type { Compression } from './format.js';
import { corrupt } from './refusal.js';
import { unzstd } from './zstd.js';

/** Bytes in pieces. */
export type Bytes = AsyncIterable<Uint8Array>;

const DECODERS: Readonly<Record<Compression, (chunks: Bytes) => Bytes>> = {
  none: (chunks) => chunks,
  gzip: (chunks) => through(chunks, zlib.createGunzip()),
  bzip2: bunzip2,
  xz: unxz,
  zstd: unzstd,
};

/** What was compressed. Stops when what feeds it stops. @throws `tool.failed` where the data is damaged */
export async function* decompress(chunks: Bytes, compression: Compression): AsyncGenerator<Uint8Array> {
  try {
    yield* DECODERS[compression](chunks);
  } catch (error) {
    throw decodingError(error, `the ${compression} data`);
  }
}

/** What was deflated without a header, as inside a ZIP. */
export function inflateRaw(chunks: Bytes): Bytes {
  return through(chunks, zlib.createInflateRaw());
}

/** Whether this program can write that compression. */
export function canCompress(compression: Compression): boolean {
  return compression === 'none' || compression === 'gzip' || (compression === 'zstd' && zstd() !== undefined);
}

/** Compresses. @param level from 0 to 9 */
export function compress(chunks: Bytes, compression: Compression, level: number): Bytes {
  if (compression === 'none') return chunks;
  if (compression === 'gzip') return through(chunks, zlib.createGzip({ level }));
  const native = compression === 'zstd' ? zstd() : undefined;
  if (!native) throw fail('input.invalid', `Archives cannot be written with ${compression}`);
  const quality = native.constants.ZSTD_c_compressionLevel;
  return through(chunks, native.createZstdCompress({ params: { [quality]: zstdLevel(level) } }));
}

/** An error of a decoder as one that says what was being decoded; our own pass through. */
export function decodingError(error: unknown, what: string): unknown {
  if (error instanceof LlmspellError) return error;
  if (error instanceof DOMException || (error as Error)?.name === 'AbortError') return error;
  return corrupt(what, error);
}

/** Zstandard in Node itself, which has it from 22.15 on. */
interface NativeZstd {
  createZstdCompress(options: { params: Record<number, number> }): Duplex;
  constants: { ZSTD_c_compressionLevel: number };
}

function zstd(): NativeZstd | undefined {
  return 'createZstdCompress' in zlib ? (zlib as unknown as NativeZstd) : undefined;
}

/** Zstandard's levels go to 22, of which those above 19 take much memory. */
function zstdLevel(level: number): number {
  return Math.max(1, Math.round((level / 9) * 19));
}

/** The chunks as a transforming stream gives them; both ends are closed whichever fails or is left first. */
async function* through(chunks: Bytes, transform: Duplex): AsyncGenerator<Uint8Array> {
  const fed = pipeline(chunks, transform);
  fed.catch(() => {});
  try {
    for await (const chunk of transform) yield chunk as Uint8Array;
    await fed;
  } finally {
    transform.destroy();
    await fed.catch(() => {});
  }
}

async function* unxz(chunks: Bytes): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress');
  const source = Readable.toWeb(Readable.from(chunks, { objectMode: false }));
  const output = new XzReadableStream(source as never) as unknown as ReadableStream<Uint8Array>;
  for await (const piece of output) if (piece.length > 0) yield piece;
}
