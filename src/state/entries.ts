import type { ScriptValue } from '../core/values.js';
import type { KeyValueStore, StoreChange } from '../storage/store.js';
import type { SteadyClock } from './clock.js';
import { type EntryCodec, type StoredEntry, versionOf } from './entry-codec.js';
import { ExpiryIndex } from './expiry.js';
import { isInternalKey } from './internal-keys.js';

/** What a decision was based on: the stored bytes of an entry, or that there were none. */
export interface Seen {
  readonly name: string;
  readonly bytes: Uint8Array | undefined;
}

/** An entry that is there. */
export interface FoundEntry {
  readonly version: number;
  /** Reads its value. @throws `state.corrupt`, `state.encrypted`, `keys.unavailable` */
  value(): Promise<ScriptValue>;
}

/** What was found under a name. */
export interface Found {
  readonly seen: Seen;
  /** Absent when there is no entry, or none any more. */
  readonly entry?: FoundEntry;
}

/** A change to an entry; without a value it is removed. */
export interface EntryChange {
  readonly name: string;
  readonly value?: ScriptValue | undefined;
  /** Milliseconds since the Unix epoch; it stays when absent. */
  readonly expiresAt?: number | undefined;
  /** The version that it gets; a fresh one when absent. */
  readonly version?: number | undefined;
}

/**
 * Entries with values, versions and times to live, on a store of bytes. An entry whose time has come is gone before
 * anybody is told so: setting the clock back brings nothing back.
 */
export class Entries {
  private readonly expiry: ExpiryIndex;

  /** @param onExpired contract: is told the name of each entry whose time had come, and must not throw. */
  constructor(
    readonly store: KeyValueStore,
    readonly codec: EntryCodec,
    private readonly clock: SteadyClock,
    onExpired: (name: string) => void,
  ) {
    this.expiry = new ExpiryIndex(store, codec, clock, onExpired);
  }

  /** What is stored under a name. @throws `storage.*` */
  async find(name: string): Promise<Found> {
    const bytes = await this.store.get(name);
    if (!bytes) return { seen: { name, bytes } };
    const stored = this.codec.read(name, bytes);
    const { expiresAt } = stored.header;
    if (expiresAt !== undefined && expiresAt <= this.clock.now()) {
      const left = await this.expiry.remove({ name, bytes, expiresAt });
      return left === 'changed' ? this.find(name) : { seen: { name, bytes: left } };
    }
    return { seen: { name, bytes }, entry: entryOf(stored, bytes) };
  }

  /** Makes all changes if everything is still as it was seen, else none; whether it did. */
  async apply(changes: readonly EntryChange[], seen: readonly Seen[] = []): Promise<boolean> {
    const waiting = changes.flatMap(({ name, value }) =>
      value === undefined ? [] : (this.codec.prepare(name) ?? []),
    );
    if (waiting.length > 0) await Promise.all(waiting);
    const lasting = changes.every(({ expiresAt }) => expiresAt === undefined);
    const encoded = lasting ? changes.map((change) => this.encode(change)) : await this.withIndex(changes);
    if (seen.length > 0)
      return this.store.batchIf(
        seen.map(({ name, bytes }) => ({ key: name, value: bytes })),
        encoded,
      );
    const [first] = encoded;
    if (encoded.length === 1 && first?.value) await this.store.set(first.key, first.value);
    else await this.store.batch(encoded);
    return true;
  }

  /** The names of entries that begin with `prefix`, in order. */
  async names(prefix: string): Promise<string[]> {
    const expired = await this.expiry.sweep();
    const names = await this.store.keys(prefix);
    return names.filter((name) => !isInternalKey(name) && !expired.has(name));
  }

  /** Removes every entry whose time has come. */
  async sweep(): Promise<void> {
    await this.expiry.sweep();
  }

  private encode({ name, value, ...extras }: EntryChange): StoreChange {
    return { key: name, value: value === undefined ? undefined : this.codec.encode(name, value, extras) };
  }

  private async withIndex(changes: readonly EntryChange[]): Promise<StoreChange[]> {
    return [...(await this.expiry.rows(changes)), ...changes.map((change) => this.encode(change))];
  }
}

/** Most readers want the value alone; the version may have to be computed. */
function entryOf(stored: StoredEntry, bytes: Uint8Array): FoundEntry {
  return {
    value: stored.value,
    get version() {
      return versionOf(stored.header, bytes);
    },
  };
}
