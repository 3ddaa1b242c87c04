import type { KeyValueStore, StoreChange } from '../storage/store.js';
import type { SteadyClock } from './clock.js';
import type { EntryCodec } from './entry-codec.js';
import { INTERNAL } from './internal-keys.js';

/** Entries that are looked at, or removed, in one step. */
const PAGE = 256;
/** As many digits as the latest time that a date can have. */
const DIGITS = 16;

/** An entry whose time has come. */
interface Expired {
  name: string;
  bytes: Uint8Array;
  expiresAt: number;
}

/**
 * The times to live of entries, ordered by time. A row is written with its entry in one step. An entry that is
 * written anew or removed leaves its row behind, which means nothing then: what the entry itself says counts.
 */
export class ExpiryIndex {
  constructor(
    private readonly store: KeyValueStore,
    private readonly codec: EntryCodec,
    private readonly clock: SteadyClock,
    private readonly onExpired: (name: string) => void,
  ) {}

  /** The rows that belong to changes, and the removal of those that they make void. */
  async rows(changes: readonly { name: string; expiresAt?: number | undefined }[]): Promise<StoreChange[]> {
    const dated = changes.filter(({ expiresAt }) => expiresAt !== undefined);
    const before = await this.store.getMany(dated.map(({ name }) => name));
    const voided = dated.flatMap(({ name }, index) => {
      const expiresAt = this.expiryOf(name, before[index]);
      return expiresAt === undefined ? [] : [{ key: rowKey(expiresAt, name) }];
    });
    const made = dated.map(({ name, expiresAt }) => ({
      key: rowKey(expiresAt!, name),
      value: new Uint8Array(),
    }));
    return [...voided, ...made];
  }

  /** Removes an entry whose time has come. What is left: nothing, the entry if the store refused, or it had changed. */
  async remove(expired: Expired): Promise<Uint8Array | undefined | 'changed'> {
    const { name, bytes, expiresAt } = expired;
    const gone = await this.store
      .batchIf([{ key: name, value: bytes }], [{ key: name }, { key: rowKey(expiresAt, name) }])
      .catch(() => 'refused' as const);
    if (gone === 'refused') return bytes;
    if (!gone) return 'changed';
    this.onExpired(name);
    return undefined;
  }

  /**
   * Removes all entries whose time has come, and rows that mean nothing any more.
   * @returns the names of those that could not be removed, because the store can be read only at present.
   */
  async sweep(): Promise<ReadonlySet<string>> {
    const left = new Set<string>();
    for (let after: string | undefined; ; ) {
      const rows = await this.due(after);
      if (rows.length === 0) return left;
      after = rows.at(-1)!.key;
      await this.sweepPage(rows, left);
    }
  }

  private async due(after: string | undefined): Promise<Row[]> {
    const now = this.clock.now();
    const page = await this.store.entries(INTERNAL.expiry, { limit: PAGE, after });
    return page.map(([key]) => parseRow(key)).filter(({ expiresAt }) => expiresAt <= now);
  }

  /** At once, so that the store can write all of it in one go. */
  private async sweepPage(rows: readonly Row[], left: Set<string>): Promise<void> {
    const stored = await this.store.getMany(rows.map(({ name }) => name));
    const sweepRow = async ({ key, name }: Row, bytes: Uint8Array | undefined) => {
      const expiresAt = this.expiryOf(name, bytes);
      if (!bytes || expiresAt === undefined || expiresAt > this.clock.now()) return this.dropRow(key);
      if ((await this.remove({ name, bytes, expiresAt })) instanceof Uint8Array) left.add(name);
    };
    await Promise.all(rows.map((row, index) => sweepRow(row, stored[index])));
  }

  private async dropRow(key: string): Promise<void> {
    await this.store.delete(key).catch(() => false);
  }

  /** When a stored entry expires; undefined when it never does, is not there or cannot be read. */
  private expiryOf(name: string, bytes: Uint8Array | undefined): number | undefined {
    return bytes && this.codec.read(name, bytes).header.expiresAt;
  }
}

interface Row {
  key: string;
  expiresAt: number;
  name: string;
}

function rowKey(expiresAt: number, name: string): string {
  return `${INTERNAL.expiry}${String(expiresAt).padStart(DIGITS, '0')}/${name}`;
}

function parseRow(key: string): Row {
  const at = INTERNAL.expiry.length;
  return { key, expiresAt: Number(key.slice(at, at + DIGITS)), name: key.slice(at + DIGITS + 1) };
}
