import type { ArchiveEntry, EntryKind } from './entry.js';
import { checkName } from './entry-name.js';
import { type ArchiveLimits, checkRatio, tooMuch } from './limits.js';
import { refuseEntry } from './refusal.js';

const REFUSED_KINDS: Readonly<Partial<Record<EntryKind, string>>> = {
  symlink: 'is a symbolic link',
  hardlink: 'is a hard link',
  device: 'is a device',
  fifo: 'is a named pipe',
  unknown: 'is of a kind that is not supported',
};

/** What is to be made of an entry: its checked name and what it is. */
export interface Admitted {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** Looks at the entries of one archive in turn and says which may be unpacked. */
export class Gate {
  private readonly kinds = new Map<string, 'file' | 'directory'>();
  private entries = 0;
  private stated = 0;

  constructor(private readonly limits: ArchiveLimits) {}

  /**
   * The entry's checked name.
   * @throws `tool.failed` for what must not be unpacked, and for what is more than the limits allow by the
   *   archive's own account.
   */
  admit(entry: ArchiveEntry): Admitted {
    if (++this.entries > this.limits.maxEntries) throw tooMuch('entries', this.limits.maxEntries);
    this.checkSize(entry);
    const problem = this.problem(entry);
    if (problem !== undefined) throw refuseEntry(entry.name, problem);
    const { name } = checkName(entry.name) as { name: string };
    return { name, kind: entry.kind as Admitted['kind'] };
  }

  /** Why an entry must not be unpacked; undefined when it may. */
  problem(entry: ArchiveEntry): string | undefined {
    const checked = checkName(entry.name);
    if ('unsafe' in checked) return checked.unsafe;
    const refused = REFUSED_KINDS[entry.kind];
    if (refused !== undefined) return refused;
    if (checked.name === '') return entry.kind === 'directory' ? undefined : 'has an empty name';
    return entry.unreadable ?? this.claim(checked.name, entry.kind === 'directory');
  }

  /** Each name is one thing only: never two files, nor a file that others lie below. */
  private claim(name: string, isDirectory: boolean): string | undefined {
    const key = folded(name);
    const known = this.kinds.get(key);
    if (known === 'file' || (known === 'directory' && !isDirectory)) return 'has the name of another entry';
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const above = key.slice(0, at);
      const kind = this.kinds.get(above);
      if (kind === 'file') return 'lies below an entry that is a file';
      if (kind === 'directory') break;
      this.kinds.set(above, 'directory');
    }
    this.kinds.set(key, isDirectory ? 'directory' : 'file');
    return undefined;
  }

  private checkSize({ name, size = 0, packedSize, kind }: ArchiveEntry): void {
    if (kind !== 'file') return;
    if (size > this.limits.maxFileSize) throw tooMuch('file_size', this.limits.maxFileSize, name);
    this.stated += size;
    if (this.stated > this.limits.maxTotalSize) throw tooMuch('total_size', this.limits.maxTotalSize);
    if (packedSize !== undefined) checkRatio(size, packedSize, this.limits);
  }
}

/** Where file systems take letters of either case for one, so do we. */
function folded(name: string): string {
  const normal = name.normalize('NFC');
  return process.platform === 'linux' ? normal : normal.toLowerCase();
}
