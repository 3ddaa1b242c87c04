import type { Ingredient } from './gather.js';

/** Files up to this size are read whole. */
const SMALL_BYTES = 65_536;
/** How many are read at once: opening a file takes longer than reading a small one, and mostly waits. */
const AT_ONCE = 8;

/**
 * Reads a small file whole.
 * Contract: closes what it opens, also when it fails.
 */
export type ReadWhole = (file: Ingredient) => Promise<Uint8Array[]>;

/** Reads the next small files while one is packed. They are asked for in their order. */
export class ReadAhead {
  private readonly reading = new Map<Ingredient, Promise<Uint8Array[]>>();
  private next = 0;

  constructor(
    private readonly files: readonly Ingredient[],
    private readonly read: ReadWhole,
  ) {}

  /** The content of a small file; undefined for one that has to be streamed. */
  take(file: Ingredient): Promise<Uint8Array[]> | undefined {
    if (file.size > SMALL_BYTES) return undefined;
    while (this.next < this.files.length && this.reading.size < AT_ONCE) this.start(this.files[this.next++]!);
    const content = this.reading.get(file) ?? this.read(file);
    this.reading.delete(file);
    return content;
  }

  private start(file: Ingredient): void {
    if (file.size > SMALL_BYTES) return;
    const content = this.read(file);
    // Whoever takes it sees the failure; nobody may come for it when an earlier file fails.
    content.catch(() => {});
    this.reading.set(file, content);
  }
}
