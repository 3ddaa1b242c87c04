/** One change of an atomic batch: a value to set, or a key to delete when `value` is absent. */
export interface StoreChange {
  key: string;
  value?: Uint8Array | undefined;
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
  set(key: string, value: Uint8Array): Promise<void>;
  /** Whether there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** All changes or none. */
  batch(changes: readonly StoreChange[]): Promise<void>;
  /** Keys that begin with `prefix`, in order, at most `limit`. */
  keys(prefix: string, limit?: number): Promise<string[]>;
  close(): Promise<void>;
}
