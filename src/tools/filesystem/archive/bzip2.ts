import { refuse } from './refusal.js';

/** Bytes that one compressed block takes at most. */
const BLOCK_BYTES = 925_000;
/** A block holds 900 kB; only runs of one byte make more of it. This many are a bomb's. */
const MAX_BLOCK_OUTPUT = 16_000_000;
const PIECE_BYTES = 64 * 1024;

/** The part of `unbzip2-stream` that decodes a single block. */
interface BlockDecoder {
  header(bits: BitReader): number;
  /** The checksum so far, or null at the end of a stream. */
  decompress(
    bits: BitReader,
    put: (byte: number) => void,
    buffer: Int32Array,
    size: number,
    checksum: number,
  ): number | null;
}
interface BitReader {
  (count: number | null): number;
  bytesRead: number;
}

/**
 * Decompresses bzip2 block by block, with a pause between two blocks; several streams one after another are one.
 * Contract of the decoder: it is given bits only while a whole block, or the end, is at hand.
 */
export async function* bunzip2(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { decoder, reader } = await loadDecoder();
  const input = new Feed(chunks);
  if (!(await input.holds(BLOCK_BYTES, () => 0))) return;
  const bits = reader(() => input.take());
  while (await input.holds(BLOCK_BYTES, () => bits.bytesRead)) {
    const level = decoder.header(bits);
    const work = new Int32Array(level * 100_000);
    for (let checksum: number | null = 0; ; ) {
      await input.holds(BLOCK_BYTES, () => bits.bytesRead);
      const pieces = new Pieces();
      checksum = decoder.decompress(bits, pieces.put, work, work.length, checksum);
      if (checksum === null) break;
      yield* pieces.done();
      await new Promise(setImmediate);
    }
  }
}

async function loadDecoder(): Promise<{
  decoder: BlockDecoder;
  reader: (next: () => Uint8Array) => BitReader;
}> {
  const { default: decoder } = await import('unbzip2-stream/lib/bzip2.js');
  const { default: reader } = await import('unbzip2-stream/lib/bit_iterator.js');
  return { decoder, reader };
}

/** Chunks that wait to be decoded. */
class Feed {
  private readonly waiting: Uint8Array[] = [];
  private readonly source: AsyncIterator<Uint8Array>;
  private total = 0;
  private ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  /** Reads on until that many bytes wait, or the end has come; whether any byte is left. */
  async holds(bytes: number, read: () => number): Promise<boolean> {
    while (!this.ended && this.total - read() < bytes) {
      const next = await this.source.next();
      if (next.done) this.ended = true;
      else if (next.value.length > 0) {
        this.waiting.push(next.value);
        this.total += next.value.length;
      }
    }
    return this.total > read();
  }

  take(): Uint8Array {
    const next = this.waiting.shift();
    if (!next) throw new Error('the data ends too early');
    return next;
  }
}

/** Collects single bytes. */
class Pieces {
  private readonly full: Uint8Array[] = [];
  private piece = Buffer.allocUnsafe(PIECE_BYTES);
  private at = 0;

  readonly put = (byte: number): void => {
    if (this.at === PIECE_BYTES) this.turn();
    this.piece[this.at++] = byte;
  };

  done(): Uint8Array[] {
    return [...this.full, this.piece.subarray(0, this.at)];
  }

  private turn(): void {
    this.full.push(this.piece);
    if (this.full.length * PIECE_BYTES > MAX_BLOCK_OUTPUT)
      throw refuse('a bzip2 block expands like a bomb', { limit: 'max_ratio' });
    this.piece = Buffer.allocUnsafe(PIECE_BYTES);
    this.at = 0;
  }
}
