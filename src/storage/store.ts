/** One change of an atomic batch: a value to set, or a key to delete when `value` is absent. */
export interface StoreChange {
  key: string;
  value?: Uint8Array | undefined;
}

/** An entry as it is stored. */
export type StoreEntry = readonly [key: string, value: Uint8Array];

/** Which part of a range of entries is wanted. */
export interface StoreRange {
  /** At most so many; all when absent. */
  limit?: number | undefined;
  /** Only entries behind this key; it need not exist. */
  after?: string | undefined;
}

/**
 * An ordered key-value store. Keys are text, compared by their UTF-8 bytes; values are bytes.
 *
 * Contract for backends: when the promise of a write resolves, the write survives the death of the process.
 * Reads see every write that was acknowledged before them. After `close` every method rejects with
 * `storage.unavailable`. Failures are `storage.failed` with the cause.
 */
export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | undefined>;
  /** The values of several keys, all as they were at one moment. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  set(key: string, value: Uint8Array): Promise<void>;
  /** Whether there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** All changes or none. */
  batch(changes: readonly StoreChange[]): Promise<void>;
  /**
   * All changes if every entry of `expected` has just that value (without a value: if there is none), else
   * nothing; whether the changes were made. Looking and changing are one step for everybody who uses the store.
   */
  batchIf(expected: readonly StoreChange[], changes: readonly StoreChange[]): Promise<boolean>;
  /** Keys that begin with `prefix`, in order, at most `limit`. */
  keys(prefix: string, limit?: number): Promise<string[]>;
  /** Entries whose keys begin with `prefix`, in order, all as they were at one moment. */
  entries(prefix: string, range?: StoreRange): Promise<StoreEntry[]>;
  close(): Promise<void>;
}

/** Whether two stored values, or their absence, are the same. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b;
  return Buffer.compare(a, b) === 0;
}
