import { fail } from '../core/errors.js';
import { encodeKey, encodePrefix } from './key.js';
import {
  type KeyValueStore,
  type StoreChange,
  type StoreEntry,
  type StoreRange,
  sameBytes,
} from './store.js';

/** What scripts may fill the process's memory with. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A store in this process's memory: as ordered and as strict as the others, and gone with the process. */
export function memoryStore(): KeyValueStore {
  return new MemoryStore();
}

/** Values are copied on their way in and out, so nobody can change what is stored by changing what they hold. */
class MemoryStore implements KeyValueStore {
  private readonly values = new Map<string, Uint8Array>();
  private closed = false;
  private bytes = 0;

  async get(key: string): Promise<Uint8Array | undefined> {
    this.check([key]);
    return copy(this.values.get(key));
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.check(keys);
    return keys.map((key) => copy(this.values.get(key)));
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    await this.batch([{ key, value }]);
  }

  async delete(key: string): Promise<boolean> {
    this.check([key]);
    return this.put(key, undefined);
  }

  async batch(changes: readonly StoreChange[]): Promise<void> {
    this.check(changes.map((change) => change.key));
    const added = changes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    if (this.bytes + added > MAX_BYTES)
      throw fail('storage.failed', `The store in memory is full: it holds at most ${MAX_BYTES} bytes`);
    for (const { key, value } of changes) this.put(key, value);
  }

  async batchIf(expected: readonly StoreChange[], changes: readonly StoreChange[]): Promise<boolean> {
    this.check(expected.map((entry) => entry.key));
    const asExpected = expected.every(({ key, value }) => sameBytes(this.values.get(key), value));
    if (asExpected) await this.batch(changes);
    return asExpected;
  }

  async keys(prefix: string, limit?: number): Promise<string[]> {
    return this.find(prefix, { limit });
  }

  async entries(prefix: string, range: StoreRange = {}): Promise<StoreEntry[]> {
    return this.find(prefix, range).map((key) => [key, copy(this.values.get(key)!)] as const);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.values.clear();
  }

  private find(prefix: string, { limit = Number.POSITIVE_INFINITY, after = '' }: StoreRange): string[] {
    this.check([]);
    encodePrefix(prefix);
    const start = encodePrefix(after);
    const behind = (key: string) => after === '' || Buffer.compare(Buffer.from(key), start) > 0;
    const found = [...this.values.keys()].filter((key) => key.startsWith(prefix) && behind(key));
    return found.sort(compareUtf8).slice(0, Math.max(0, limit));
  }

  /** Whether there was a value before. */
  private put(key: string, value: Uint8Array | undefined): boolean {
    const before = this.values.get(key);
    this.bytes += (value?.length ?? 0) - (before?.length ?? 0);
    if (value) this.values.set(key, new Uint8Array(value));
    else this.values.delete(key);
    return before !== undefined;
  }

  /** Runs before anything changes: a refused batch leaves no trace. */
  private check(keys: readonly string[]): void {
    if (this.closed) throw fail('storage.unavailable', 'The store is closed');
    keys.forEach(encodeKey);
  }
}

/** JavaScript compares by UTF-16 units, which puts U+FFFD after U+1F600; bytes decide here. */
function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function copy<T extends Uint8Array | undefined>(value: T): T {
  return (value && new Uint8Array(value)) as T;
}
