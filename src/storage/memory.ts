import { fail } from '../core/errors.js';
import { encodeKey, encodePrefix } from './key.js';
import type { KeyValueStore, StoreChange } from './store.js';

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
    const value = this.values.get(key);
    return value && new Uint8Array(value);
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

  async keys(prefix: string, limit = Number.POSITIVE_INFINITY): Promise<string[]> {
    this.check([]);
    encodePrefix(prefix);
    const found = [...this.values.keys()].filter((key) => key.startsWith(prefix));
    return found.sort(compareUtf8).slice(0, Math.max(0, limit));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.values.clear();
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
