import { createRequire } from 'node:module';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { fail } from '../core/errors.js';

/** How a stored value may be compressed. */
export type CompressionMethod = 'lz4' | 'deflate';

type Lz4 = typeof import('lz4-napi');
/** LZ4 cannot do better than this; a length that claims to is garbled. */
const LZ4_BEST_RATIO = 255;

let lz4Module: Lz4 | null | undefined;

/** The native LZ4, or undefined where it is not installed. Loaded when first needed. */
function lz4(): Lz4 | undefined {
  if (lz4Module === undefined) {
    try {
      lz4Module = createRequire(import.meta.url)('lz4-napi') as Lz4;
    } catch {
      lz4Module = null;
    }
  }
  return lz4Module ?? undefined;
}

/**
 * The compressed bytes and how they were made; undefined if they would not be shorter.
 * @param wanted `lz4` becomes `deflate` where LZ4 is not installed.
 */
export function compress(
  bytes: Uint8Array,
  wanted: CompressionMethod,
): { method: CompressionMethod; bytes: Uint8Array } | undefined {
  const native = wanted === 'lz4' ? lz4() : undefined;
  const method = native ? 'lz4' : 'deflate';
  const packed = native ? native.compressSync(asBuffer(bytes)) : deflateRawSync(bytes, { level: 1 });
  return packed.length < bytes.length ? { method, bytes: packed } : undefined;
}

/**
 * What {@link compress} was given.
 * @throws `feature.missing` for LZ4 where it is not installed, and errors of the libraries for garbled bytes.
 */
export function decompress(bytes: Uint8Array, method: CompressionMethod): Uint8Array {
  if (method === 'deflate') return inflateRawSync(bytes);
  const native = lz4();
  if (!native)
    throw fail('feature.missing', 'A stored value is compressed with LZ4, which is not installed', {
      hint: 'Install it: npm install lz4-napi',
    });
  const claimed = bytes.length >= 4 ? asBuffer(bytes).readUInt32LE(0) : Number.POSITIVE_INFINITY;
  if (claimed > bytes.length * LZ4_BEST_RATIO) throw new RangeError('its length is garbled');
  return native.uncompressSync(bytes);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
