import { fail } from '../core/errors.js';
import { encodeKey } from './key.js';
import type { KeyValueStore, StoreChange, StoreEntry, StoreRange } from './store.js';

/**
 * A view of the part of a store whose keys begin with `prefix`; through it nothing else can be read, listed or
 * changed. Closing the view ends the view only: the store belongs to whoever opened it.
 */
export function prefixedStore(store: KeyValueStore, prefix: string): KeyValueStore {
  return new PrefixedStore(store, prefix);
}

/** The view that belongs to one tenant in a room of the store. Whatever the names are, no tenant's keys begin another's. */
export function tenantStore(store: KeyValueStore, tenant: string, room = 'tenant'): KeyValueStore {
  encodeKey(tenant);
  return prefixedStore(store, `${room}/${encodeURIComponent(tenant)}/`);
}

class PrefixedStore implements KeyValueStore {
  private closed = false;

  constructor(
    private readonly store: KeyValueStore,
    private readonly prefix: string,
  ) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.store.get(this.full(key));
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.checkOpen();
    return this.store.getMany(keys.map((key) => this.full(key)));
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    await this.store.set(this.full(key), value);
  }

  async delete(key: string): Promise<boolean> {
    return this.store.delete(this.full(key));
  }

  async batch(changes: readonly StoreChange[]): Promise<void> {
    this.checkOpen();
    await this.store.batch(this.allFull(changes));
  }

  async batchIf(expected: readonly StoreChange[], changes: readonly StoreChange[]): Promise<boolean> {
    this.checkOpen();
    return this.store.batchIf(this.allFull(expected), this.allFull(changes));
  }

  async keys(prefix: string, limit?: number): Promise<string[]> {
    this.checkOpen();
    const keys = await this.store.keys(this.prefix + prefix, oneMore(limit));
    const own = keys.filter((key) => key.length > this.prefix.length);
    return own.map((key) => key.slice(this.prefix.length)).slice(0, limit);
  }

  async entries(prefix: string, { limit, after }: StoreRange = {}): Promise<StoreEntry[]> {
    this.checkOpen();
    const range = { limit: oneMore(limit), after: after && this.prefix + after };
    const entries = await this.store.entries(this.prefix + prefix, range);
    const own = entries.filter(([key]) => key.length > this.prefix.length);
    return own.map(([key, value]) => [key.slice(this.prefix.length), value] as const).slice(0, limit);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private full(key: string): string {
    this.checkOpen();
    encodeKey(key);
    return this.prefix + key;
  }

  private allFull(changes: readonly StoreChange[]): StoreChange[] {
    return changes.map((change) => ({ ...change, key: this.full(change.key) }));
  }

  private checkOpen(): void {
    if (this.closed) throw fail('storage.unavailable', 'The store is closed');
  }
}

/** An entry named exactly like the prefix is not part of the view, but would be counted. */
function oneMore(limit: number | undefined): number | undefined {
  return limit && limit + 1;
}
