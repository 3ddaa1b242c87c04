/** What a blob store knows of stored content. */
export interface BlobInfo {
  /** BLAKE3 of the content, 64 lower-case hexadecimal characters. */
  readonly hash: string;
  /** Bytes of the content, however it is kept. */
  readonly size: number;
  /** Bytes it takes up in the store. */
  readonly storedSize: number;
  /** When it was stored last, in milliseconds since the Unix epoch; storing it again counts. */
  readonly storedAt: number;
}

/** Content that comes in pieces, or at once. */
export type BlobContent = Uint8Array | AsyncIterable<Uint8Array>;

/** What a sweep removed. */
export interface Swept {
  readonly blobs: number;
  /** Bytes that these took up. */
  readonly bytes: number;
}

/**
 * Content by its hash: what is the same is kept once.
 *
 * Contract for backends: when `put` resolves the content survives the death of the process; a `put` that was cut
 * short leaves nothing that could be read. `read` gives exactly the content, or fails with `artifact.corrupt` before
 * its end. Failures are `storage.failed`; after `close` everything rejects with `storage.unavailable`.
 */
export interface BlobStore {
  /** @throws whatever `content` throws; nothing is kept then. */
  put(content: BlobContent): Promise<BlobInfo>;
  /** What is known of a blob, or undefined. */
  info(hash: string): Promise<BlobInfo | undefined>;
  /** The content in pieces, in order. @throws `artifact.not_found`, `artifact.corrupt` */
  read(hash: string): AsyncIterable<Uint8Array>;
  /**
   * Deletes a blob, and with `unlessSince` only if nobody has stored it since then, however closely both happen;
   * whether there was something to delete.
   */
  delete(hash: string, unlessSince?: number): Promise<boolean>;
  /** All blobs, in no particular order. */
  list(): AsyncIterable<BlobInfo>;
  /**
   * Deletes all blobs that were stored before `before` and that `wanted` does not name; how many, and their bytes in
   * the store. Asks a second time when it has put them aside, and puts back what is wanted then: whoever wants a blob
   * and finds it afterwards keeps it.
   */
  sweep(before: number, wanted: () => Promise<ReadonlySet<string>>): Promise<Swept>;
  /** Removes what puts that were cut short have left behind since before `before`. */
  clean(before: number): Promise<void>;
  close(): Promise<void>;
}

/** Content in pieces, whichever way it comes. */
export async function* pieces(content: BlobContent): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}
