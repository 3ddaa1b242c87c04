import { createRequire } from 'node:module';

/** Hashes content that comes in pieces: BLAKE3, https://github.com/BLAKE3-team/BLAKE3-specs. */
export interface ContentHash {
  update(piece: Uint8Array): void;
  /** 64 lower-case hexadecimal characters. */
  digest(): string;
}

/** A hasher: native where that is installed, WebAssembly elsewhere. Either is loaded when first needed. */
export async function contentHash(): Promise<ContentHash> {
  return nativeHash() ?? wasmHash();
}

function nativeHash(): ContentHash | undefined {
  const native = nativeModule();
  if (!native) return undefined;
  const hasher = new native.Blake3Hasher();
  return {
    update: (piece) => void hasher.update(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)),
    digest: () => hasher.digest('hex'),
  };
}

/** The same by WebAssembly. */
export async function wasmHash(): Promise<ContentHash> {
  const { createBLAKE3 } = await import('hash-wasm');
  const hasher = await createBLAKE3();
  hasher.init();
  return { update: (piece) => void hasher.update(piece), digest: () => hasher.digest('hex') };
}

type Native = typeof import('@napi-rs/blake-hash');
let loaded: Native | null | undefined;

function nativeModule(): Native | undefined {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)('@napi-rs/blake-hash') as Native;
    } catch {
      loaded = null;
    }
  }
  return loaded ?? undefined;
}
