import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib';
import { fail } from '../../core/errors.js';

/** How the content of a backup may be compressed. */
export const PACKINGS = ['none', 'lz4', 'zstd', 'gzip', 'brotli'] as const;
/** One of {@link PACKINGS}. */
export type Packing = (typeof PACKINGS)[number];

/** Packs, and unpacks what it has packed. */
interface Packer {
  pack(bytes: Uint8Array, level: number): Promise<Uint8Array>;
  unpack(bytes: Uint8Array, size: number): Promise<Uint8Array>;
}

const PACKERS: Readonly<Record<Packing, Packer>> = {
  none: { pack: async (bytes) => bytes, unpack: async (bytes) => bytes },
  gzip: {
    pack: (bytes, level) => promisify(gzip)(bytes, { level }),
    unpack: (bytes, size) => promisify(gunzip)(bytes, { maxOutputLength: Math.max(size, 1) }),
  },
  brotli: {
    pack: (bytes, level) =>
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: level } }),
    unpack: (bytes, size) => promisify(brotliDecompress)(bytes, { maxOutputLength: Math.max(size, 1) }),
  },
  lz4: {
    pack: async (bytes) => (await lz4()).compress(buffer(bytes)),
    unpack: async (bytes) => (await lz4()).uncompress(buffer(bytes)),
  },
  zstd: {
    pack: async (bytes, level) => (await zstd()).compress(buffer(bytes), level),
    unpack: async (bytes, size) => (await zstd()).decompress(buffer(bytes), { defaultHeapSize: size }),
  },
};

/** Bytes that fit into the memory of the WebAssembly library several times. */
const ZSTD_MOST = 128 * 1024 * 1024;

/** How so many bytes are really packed: what is too large for a library is left to another. */
export function packingFor(size: number, wanted: Packing): Packing {
  return wanted === 'zstd' && size > ZSTD_MOST ? 'gzip' : wanted;
}

/** The packed bytes. @throws `feature.missing` */
export async function pack(bytes: Uint8Array, how: Packing, level: number): Promise<Uint8Array> {
  return bytes.length === 0 ? bytes : PACKERS[how].pack(bytes, level);
}

/**
 * What {@link pack} was given.
 * @param size how many bytes that were. What unpacks to another number throws, as garbled bytes do.
 */
export async function unpack(bytes: Uint8Array, how: Packing, size: number): Promise<Uint8Array> {
  const unpacked = bytes.length === 0 ? bytes : await PACKERS[how].unpack(bytes, size);
  if (unpacked.length !== size) throw new RangeError(`it unpacks to ${unpacked.length} bytes, not ${size}`);
  return unpacked;
}

async function lz4(): Promise<typeof import('lz4-napi')> {
  return import('lz4-napi').catch((cause) => {
    throw missing('LZ4', 'lz4-napi', cause);
  });
}

type Zstd = typeof import('@bokuweb/zstd-wasm');
/** Begun once: a second beginning takes the memory away from under the first. */
let begun: Promise<Zstd> | undefined;

function zstd(): Promise<Zstd> {
  begun ??= beginZstd();
  return begun;
}

async function beginZstd(): Promise<Zstd> {
  const library = await import('@bokuweb/zstd-wasm').catch((cause) => {
    throw missing('Zstandard', '@bokuweb/zstd-wasm', cause);
  });
  await library.init();
  return library;
}

function missing(what: string, library: string, cause: unknown) {
  return fail('feature.missing', `${what}, with which backups are compressed, is not installed`, {
    hint: `Install it (npm install ${library}), or set runtime.state_persistence.backup.compression_type.`,
    cause,
  });
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
