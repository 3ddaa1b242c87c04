import { fail } from '../core/errors.js';
import { type BlobContent, type BlobInfo, type BlobStore, pieces, type Swept } from './blob-store.js';
import { contentHash } from './content-hash.js';

/** Bytes that all blobs together may take. */
const MAX_BYTES = 512 * 1024 * 1024;
/** Bytes of a piece that is read. */
const PIECE = 1024 * 1024;

/** Blobs in this process's memory: as strict as the others, and gone with the process. */
export function memoryBlobs(now: () => number): BlobStore {
  return new MemoryBlobs(now);
}

interface Kept {
  readonly info: BlobInfo;
  readonly content: Buffer;
}

class MemoryBlobs implements BlobStore {
  private readonly blobs = new Map<string, Kept>();
  private bytes = 0;
  private closed = false;

  constructor(private readonly now: () => number) {}

  async put(content: BlobContent): Promise<BlobInfo> {
    this.checkOpen();
    const taken: Buffer[] = [];
    const hash = await contentHash();
    let size = 0;
    for await (const piece of pieces(content)) {
      size += piece.length;
      if (this.bytes + size > MAX_BYTES)
        throw fail(
          'storage.failed',
          `The artifacts in memory are full: they hold at most ${MAX_BYTES} bytes`,
        );
      hash.update(piece);
      taken.push(Buffer.from(piece));
    }
    const name = hash.digest();
    const info = { hash: name, size, storedSize: size, storedAt: this.now() };
    this.keep({ info, content: Buffer.concat(taken) });
    return info;
  }

  async info(hash: string): Promise<BlobInfo | undefined> {
    this.checkOpen();
    return this.blobs.get(hash)?.info;
  }

  async *read(hash: string): AsyncGenerator<Uint8Array> {
    this.checkOpen();
    const blob = this.blobs.get(hash);
    if (!blob) throw fail('artifact.not_found', `No content has the hash ${hash}`);
    for (let at = 0; at < blob.content.length; at += PIECE)
      yield Buffer.from(blob.content.subarray(at, at + PIECE));
  }

  async delete(hash: string, unlessSince?: number): Promise<boolean> {
    this.checkOpen();
    const blob = this.blobs.get(hash);
    if (!blob || (unlessSince !== undefined && blob.info.storedAt >= unlessSince)) return false;
    return this.take(hash);
  }

  async sweep(before: number, wanted: () => Promise<ReadonlySet<string>>): Promise<Swept> {
    this.checkOpen();
    const first = await wanted();
    const aside = [...this.blobs.values()].filter(
      ({ info }) => info.storedAt < before && !first.has(info.hash),
    );
    for (const { info } of aside) this.take(info.hash);
    const second = await wanted();
    const back = aside.filter(({ info }) => second.has(info.hash) && !this.blobs.has(info.hash));
    for (const blob of back) this.keep(blob);
    const gone = aside.filter(({ info }) => !second.has(info.hash));
    return { blobs: gone.length, bytes: gone.reduce((sum, { info }) => sum + info.size, 0) };
  }

  private keep(blob: Kept): void {
    this.take(blob.info.hash);
    this.bytes += blob.info.size;
    this.blobs.set(blob.info.hash, blob);
  }

  private take(hash: string): boolean {
    this.bytes -= this.blobs.get(hash)?.info.size ?? 0;
    return this.blobs.delete(hash);
  }

  async *list(): AsyncGenerator<BlobInfo> {
    this.checkOpen();
    for (const { info } of [...this.blobs.values()]) yield info;
  }

  async clean(): Promise<void> {
    this.checkOpen();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.blobs.clear();
  }

  private checkOpen(): void {
    if (this.closed) throw fail('storage.unavailable', 'The artifacts are closed');
  }
}
