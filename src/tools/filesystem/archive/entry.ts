/** What an entry says it is. */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'device' | 'fifo' | 'unknown';

/** One entry of an archive, whatever the format. */
export interface ArchiveEntry {
  /** As the archive spells it: not to be trusted. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Bytes, unpacked, as the archive says; absent where it does not say. */
  readonly size?: number;
  /** Bytes it takes in the archive. */
  readonly packedSize?: number;
  readonly modifiedMs?: number;
  readonly encrypted?: boolean;
  /** Why its content cannot be had. */
  readonly unreadable?: string;
  /**
   * The content, checked against the archive's own checksums.
   * Contract: where the archive is a stream it can be had once, before the next entry is asked for.
   */
  content(): AsyncIterable<Uint8Array>;
}

/** An open archive. */
export interface EntrySource {
  /** The entries in the archive's order. */
  entries(): AsyncIterable<ArchiveEntry>;
  /** Whether contents can be had in any order, at any time until `close`. */
  readonly randomAccess: boolean;
  close(): Promise<void>;
}
