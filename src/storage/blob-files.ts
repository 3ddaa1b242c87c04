import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, LlmspellError } from '../core/errors.js';
import { readBlob, readSize } from './blob-reader.js';
import type { BlobContent, BlobInfo, BlobStore, Swept } from './blob-store.js';
import { type WriteOptions, writeBlob } from './blob-writer.js';
import { syncDirectory } from './sync-directory.js';

/** Where and how blobs are kept. */
export interface FileBlobOptions extends WriteOptions {
  /** A directory of their own; made when it is first written to. */
  readonly directory: string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * Blobs as files named by their hash. A blob is written beside the others and takes its name when it is whole and
 * durable, so nobody ever sees a part of one.
 */
export function fileBlobs(options: FileBlobOptions): BlobStore {
  return new FileBlobs(options);
}

class FileBlobs implements BlobStore {
  private closed = false;
  private readonly incoming: string;

  constructor(private readonly options: FileBlobOptions) {
    this.incoming = join(options.directory, 'incoming');
  }

  async put(content: BlobContent): Promise<BlobInfo> {
    this.checkOpen();
    const path = join(this.incoming, randomUUID());
    const written = await this.write(path, content);
    return guarded(async () => {
      // Also in the place of the same content: what was damaged there is whole again.
      await this.publish(path, this.pathOf(written.hash));
      return { ...written, storedAt: this.options.now() };
    });
  }

  async info(hash: string): Promise<BlobInfo | undefined> {
    this.checkOpen();
    return guarded(async () => {
      const file = await this.open(hash);
      if (!file) return undefined;
      try {
        const { size, mtimeMs } = await file.stat();
        return { hash, size: await readSize(file), storedSize: size, storedAt: Math.round(mtimeMs) };
      } finally {
        await file.close();
      }
    });
  }

  async *read(hash: string): AsyncGenerator<Uint8Array> {
    this.checkOpen();
    const file = await guarded(() => this.open(hash));
    if (!file) throw fail('artifact.not_found', `No content has the hash ${hash}`);
    try {
      yield* readBlob(file, hash);
    } finally {
      await file.close();
    }
  }

  /** Looks, takes away, and looks again: who stores the same content meanwhile either finds it or writes it anew. */
  async delete(hash: string, unlessSince = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.checkOpen();
    if (!HASH.test(hash)) return false;
    return guarded(async () => {
      const aside = await this.putAside(hash, unlessSince);
      if (aside !== undefined) await rm(aside, { force: true });
      return aside !== undefined;
    });
  }

  async sweep(before: number, wanted: () => Promise<ReadonlySet<string>>): Promise<Swept> {
    this.checkOpen();
    const first = await wanted();
    const aside: { hash: string; path: string }[] = [];
    for await (const hash of this.hashes()) {
      const path = first.has(hash) ? undefined : await guarded(() => this.putAside(hash, before));
      if (path !== undefined) aside.push({ hash, path });
    }
    const second = aside.length > 0 ? await wanted() : first;
    const swept = { blobs: 0, bytes: 0 };
    for (const { hash, path } of aside)
      await guarded(async () => {
        if (second.has(hash)) return void (await found(rename(path, this.pathOf(hash))));
        swept.bytes += (await stat(path)).size;
        swept.blobs++;
        await rm(path, { force: true });
      });
    return swept;
  }

  /** Where a blob is now that was stored before; nothing if there is none, or it was stored since. */
  private async putAside(hash: string, before: number): Promise<string | undefined> {
    const path = this.pathOf(hash);
    if (!(await isOlder(path, before))) return undefined;
    const aside = join(this.incoming, `${hash}.${randomUUID()}`);
    await mkdir(this.incoming, { recursive: true, mode: 0o700 });
    if (!(await found(rename(path, aside)))) return undefined;
    if (await isOlder(aside, before)) return aside;
    await found(rename(aside, path));
    return undefined;
  }

  async *list(): AsyncGenerator<BlobInfo> {
    this.checkOpen();
    for await (const hash of this.hashes()) {
      const info = await this.info(hash).catch(skipCorrupt);
      if (info) yield info;
    }
  }

  private async *hashes(): AsyncGenerator<string> {
    for (const folder of await guarded(() => names(this.options.directory))) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      const files = await guarded(() => names(join(this.options.directory, folder)));
      yield* files.filter((name) => HASH.test(name));
    }
  }

  async clean(before: number): Promise<void> {
    this.checkOpen();
    await guarded(async () => {
      for (const name of await names(this.incoming)) {
        const path = join(this.incoming, name);
        if (await isOlder(path, before)) await this.settle(path, name);
      }
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** What was put aside to be deleted when the process died goes back: whether anybody has it is for the next round. */
  private async settle(path: string, name: string): Promise<void> {
    const hash = name.slice(0, 64);
    if (name.length > 64 && HASH.test(hash) && !(await exists(this.pathOf(hash))))
      await found(rename(path, this.pathOf(hash)));
    else await rm(path, { force: true });
  }

  private async write(path: string, content: BlobContent) {
    const file = await guarded(async () => {
      await mkdir(this.incoming, { recursive: true, mode: 0o700 });
      return open(path, 'wx', 0o600);
    });
    try {
      const written = await writeBlob(file, content, this.options).catch(storageFailure);
      await file.close();
      return written;
    } catch (thrown) {
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
      throw thrown;
    }
  }

  private async publish(path: string, target: string): Promise<void> {
    const moment = new Date(this.options.now());
    await utimes(path, moment, moment);
    const folder = join(target, '..');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncDirectory(folder);
  }

  private async open(hash: string): Promise<FileHandle | undefined> {
    if (!HASH.test(hash)) return undefined;
    try {
      return await open(this.pathOf(hash), 'r');
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  private pathOf(hash: string): string {
    return join(this.options.directory, hash.slice(0, 2), hash);
  }

  private checkOpen(): void {
    if (this.closed) throw fail('storage.unavailable', 'The artifacts are closed');
  }
}

async function isOlder(path: string, moment: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < moment;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

async function exists(path: string): Promise<boolean> {
  return found(stat(path).then(() => {}));
}

async function found(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

async function names(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function isMissing(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    return storageFailure(thrown);
  }
}

/** What the file system says, as an error of the store; what the content's source said stays as it is. */
function storageFailure(thrown: unknown): never {
  if (thrown instanceof LlmspellError || (thrown as NodeJS.ErrnoException)?.syscall === undefined)
    throw thrown;
  throw fail('storage.failed', `An artifact could not be kept or read: ${(thrown as Error).message}`, {
    hint: 'Check that the disk is not full and that the data directory may be written.',
    cause: thrown,
  });
}

function skipCorrupt(thrown: unknown): undefined {
  if (thrown instanceof LlmspellError && thrown.code === 'artifact.corrupt') return undefined;
  throw thrown;
}
