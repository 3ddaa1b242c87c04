import { z } from 'zod';
import { fail } from '../../../core/errors.js';
import type { ToolHost } from '../../host.js';
import { refuse } from './refusal.js';

/** How much an archive may hold. */
export interface ArchiveLimits {
  /** Entries, folders included. */
  readonly maxEntries: number;
  /** Bytes of all entries together, unpacked. */
  readonly maxTotalSize: number;
  /** Bytes of one entry, unpacked. */
  readonly maxFileSize: number;
  /** Unpacked bytes for each packed byte, asked only where more than {@link RATIO_FLOOR} come out. */
  readonly maxRatio: number;
}

/** Below this many unpacked bytes no ratio is a danger. */
export const RATIO_FLOOR = 10_000_000;

const DEFAULTS = {
  max_entries: 50_000,
  max_total_size: 1_000_000_000,
  max_file_size: 104_857_600,
  max_ratio: 250,
};

const limit = z.int().min(1);
const settings = z.looseObject({
  max_entries: limit.optional(),
  max_total_size: limit.optional(),
  max_file_size: limit.optional(),
  max_ratio: limit.optional(),
});

/** The limits of `[tools.archive_handler]`. @throws `config.invalid` */
export function archiveLimits(config: ToolHost['config']): ArchiveLimits {
  const parsed = settings.safeParse(config.archive_handler ?? {});
  if (!parsed.success)
    throw fail('config.invalid', `[tools.archive_handler]: ${parsed.error.issues[0]!.message}`);
  const own = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  const all = { ...DEFAULTS, ...own };
  return {
    maxEntries: all.max_entries,
    maxTotalSize: all.max_total_size,
    maxFileSize: all.max_file_size,
    maxRatio: all.max_ratio,
  };
}

/** Counts what really comes out of an archive and refuses it when it is too much. */
export class Meter {
  private total = 0;
  private entries = 0;

  constructor(
    private readonly limits: ArchiveLimits,
    /** Bytes of the archive itself. */
    private readonly packedSize: number,
  ) {}

  /** Bytes that came out so far. */
  get bytes(): number {
    return this.total;
  }

  /** Counts an entry. */
  entry(): void {
    if (++this.entries > this.limits.maxEntries) throw tooMuch('entries', this.limits.maxEntries);
  }

  /** Counts bytes of the archive's content. */
  add(bytes: number): void {
    this.total += bytes;
    if (this.total > this.limits.maxTotalSize) throw tooMuch('total_size', this.limits.maxTotalSize);
    checkRatio(this.total, this.packedSize, this.limits);
  }

  /** The same pieces, counted as they pass. */
  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      this.add(chunk.length);
      yield chunk;
    }
  }
}

/** Refuses what expands like a bomb. */
export function checkRatio(unpacked: number, packed: number, { maxRatio }: ArchiveLimits): void {
  if (unpacked > RATIO_FLOOR && unpacked > packed * maxRatio)
    throw refuse(
      `it expands more than ${maxRatio} to 1`,
      { limit: 'max_ratio', value: maxRatio },
      raiseHint('max_ratio'),
    );
}

/** The error for an archive that is over a limit. */
export function tooMuch(what: 'entries' | 'total_size' | 'file_size', value: number, entry?: string) {
  const key = `max_${what}`;
  const subject = what === 'file_size' ? `entry ${JSON.stringify(entry ?? '')}` : 'its content';
  const words = { entries: `it has more than ${value} entries` } as Record<string, string>;
  const reason = words[what] ?? `${subject} exceeds maximum allowed size of ${value} bytes`;
  return refuse(reason, { limit: key, value, ...(entry !== undefined && { entry }) }, raiseHint(key));
}

function raiseHint(key: string): string {
  return `Raise ${key} in [tools.archive_handler] of the configuration if the archive can be trusted.`;
}
