import { access, constants, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { fail, LlmspellError } from '../core/errors.js';
import { encodeKey, encodePrefix } from './key.js';
import { checkLmdbFile } from './lmdb-file.js';
import {
  type KeyValueStore,
  type StoreChange,
  type StoreEntry,
  type StoreRange,
  sameBytes,
} from './store.js';

/**
 * Opens the store in `directory`, which is created when missing. Several processes, and several handles in one
 * process, may use it at once. A write is on the disk when its promise resolves.
 * @throws `storage.unavailable` if the directory cannot be used or its data file is damaged.
 */
export async function openLmdbStore(directory: string): Promise<KeyValueStore> {
  try {
    await mkdir(directory, { recursive: true });
    await checkAccess(directory);
    await checkLmdbFile(join(directory, 'data.mdb'));
    // Its CommonJS form is one file; its modules would be resolved one by one.
    const { open, IF_EXISTS } = createRequire(import.meta.url)('lmdb') as typeof import('lmdb');
    // Without overlappingSync a commit is one step: visible and flushed, or neither.
    const options = {
      encoding: 'binary',
      keyEncoding: 'binary',
      noSubdir: false,
      overlappingSync: false,
      strictAsyncOrder: true,
    } as const;
    return new LmdbStore(open<Uint8Array, Uint8Array>({ path: directory, ...options }), IF_EXISTS);
  } catch (thrown) {
    throw unavailable(directory, thrown);
  }
}

/** The native library does not survive a lock file that it may not write, so that is asked beforehand. */
async function checkAccess(directory: string): Promise<void> {
  await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  try {
    await access(join(directory, 'lock.mdb'), constants.R_OK | constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function unavailable(directory: string, thrown: unknown): LlmspellError {
  const known = thrown instanceof LlmspellError ? thrown : undefined;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return fail('storage.unavailable', `The store in ${directory} could not be opened: ${reason}`, {
    hint: known?.hint ?? 'Check that the path is a directory on a local disk which you may read and write.',
    details: { directory },
    cause: thrown,
  });
}

class LmdbStore implements KeyValueStore {
  private closed = false;
  private readonly writing = new Set<Promise<unknown>>();

  /** @param ifExists the library's mark for a change that must find something to change. */
  constructor(
    private readonly db: RootDatabase<Uint8Array, Uint8Array>,
    private readonly ifExists: number,
  ) {}

  get(key: string): Promise<Uint8Array | undefined> {
    return this.attempt('read', () => {
      const bytes = encodeKey(key);
      this.seeAll();
      return copy(this.db.get(bytes));
    });
  }

  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.attempt('read', () => {
      const wanted = keys.map(encodeKey);
      this.seeAll();
      return wanted.map((key) => copy(this.db.get(key)));
    });
  }

  set(key: string, value: Uint8Array): Promise<void> {
    return this.write('write', async () => void (await this.db.put(encodeKey(key), value)));
  }

  delete(key: string): Promise<boolean> {
    return this.write('delete', () => this.db.remove(encodeKey(key), this.ifExists));
  }

  batch(changes: readonly StoreChange[]): Promise<void> {
    return this.write('write', async () => {
      const encoded = changes.map(encodeChange);
      await this.db.batch(() => this.change(encoded));
    });
  }

  batchIf(expected: readonly StoreChange[], changes: readonly StoreChange[]): Promise<boolean> {
    return this.write('write', () => {
      const [guards, encoded] = [expected.map(encodeChange), changes.map(encodeChange)];
      return this.db.transaction(() => {
        const asExpected = guards.every(({ key, value }) => sameBytes(this.db.get(key), value));
        if (asExpected) this.change(encoded);
        return asExpected;
      });
    });
  }

  keys(prefix: string, limit?: number): Promise<string[]> {
    return this.attempt('list its keys', () =>
      this.scan(prefix, { limit }, (start) =>
        this.db.getKeys({ start }).map((key) => [key, key] as const),
      ).map(([key]) => key),
    );
  }

  entries(prefix: string, range: StoreRange = {}): Promise<StoreEntry[]> {
    return this.attempt('read', () =>
      this.scan(prefix, range, (start) =>
        this.db.getRange({ start }).map(({ key, value }) => [key, value] as const),
      ).map(([key, value]) => [key, copy(value)] as const),
    );
  }

  /** What was begun is finished first. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.allSettled(this.writing);
    await this.db.close();
  }

  private change(changes: readonly EncodedChange[]): void {
    for (const { key, value } of changes) value ? this.db.put(key, value) : this.db.remove(key);
  }

  /** What `walk` gives from the beginning of the range on, as far as it belongs to the range. */
  private scan(
    prefix: string,
    { limit = Number.POSITIVE_INFINITY, after = '' }: StoreRange,
    walk: (start: Buffer) => Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
  ): [key: string, value: Uint8Array][] {
    const [head, last] = [encodePrefix(prefix), encodePrefix(after)];
    const found: [string, Uint8Array][] = [];
    if (limit <= 0) return found;
    this.seeAll();
    for (const [key, value] of walk(startOf(head, last))) {
      if (!head.equals(key.subarray(0, head.length))) break;
      if (last.equals(key)) continue;
      found.push([Buffer.from(key).toString('utf8'), value]);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** The library keeps a snapshot for a turn of the event loop; another process may have committed since. */
  private seeAll(): void {
    this.db.resetReadTxn();
  }

  /** Hands the change to the library before returning, so that changes happen in the order of the calls. */
  private write<T>(what: string, work: () => Promise<T>): Promise<T> {
    const result = this.attempt(what, work);
    const done = () => this.writing.delete(result);
    this.writing.add(result);
    result.then(done, done);
    return result;
  }

  private async attempt<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    if (this.closed) throw fail('storage.unavailable', 'The store is closed');
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof LlmspellError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw fail('storage.failed', `The store could not ${what}: ${reason}`, {
        hint: 'Check that the disk is neither full nor failing.',
        cause,
      });
    }
  }
}

interface EncodedChange {
  key: Buffer;
  value: Uint8Array | undefined;
}

function encodeChange({ key, value }: StoreChange): EncodedChange {
  return { key: encodeKey(key), value };
}

/** The later of the two; an empty start would skip keys that begin with control characters. */
function startOf(prefix: Buffer, after: Buffer): Buffer {
  const start = Buffer.compare(prefix, after) < 0 ? after : prefix;
  return start.length > 0 ? start : Buffer.of(0);
}

/** The library hands out memory that it uses again. */
function copy<T extends Uint8Array | undefined>(value: T): T {
  return (value && new Uint8Array(value)) as T;
}
