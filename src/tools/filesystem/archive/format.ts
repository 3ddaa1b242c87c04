import { basename } from 'node:path';

/** How bytes are compressed. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** What an archive is: a ZIP, a TAR that may be compressed as a whole, or a single compressed file. */
export interface ArchiveFormat {
  readonly container: 'zip' | 'tar' | 'single';
  readonly compression: Compression;
}

/** Formats by the names that people and file names use for them. */
const BY_NAME: Readonly<Record<string, ArchiveFormat>> = {
  'tar.gz': { container: 'tar', compression: 'gzip' },
  'tar.bz2': { container: 'tar', compression: 'bzip2' },
  'tar.xz': { container: 'tar', compression: 'xz' },
  'tar.zst': { container: 'tar', compression: 'zstd' },
  tgz: { container: 'tar', compression: 'gzip' },
  tbz2: { container: 'tar', compression: 'bzip2' },
  tbz: { container: 'tar', compression: 'bzip2' },
  txz: { container: 'tar', compression: 'xz' },
  tzst: { container: 'tar', compression: 'zstd' },
  zip: { container: 'zip', compression: 'none' },
  tar: { container: 'tar', compression: 'none' },
  gz: { container: 'single', compression: 'gzip' },
  bz2: { container: 'single', compression: 'bzip2' },
  xz: { container: 'single', compression: 'xz' },
  zst: { container: 'single', compression: 'zstd' },
};

const SHORT: Readonly<Record<Compression, string>> = {
  none: '',
  gzip: 'GZ',
  bzip2: 'BZ2',
  xz: 'XZ',
  zstd: 'ZST',
};

/** Everything that {@link formatByName} knows. */
export const FORMAT_NAMES: readonly string[] = Object.keys(BY_NAME);

/** The format of that name, e.g. `tar.gz`; case does not matter. */
export function formatByName(name: string): ArchiveFormat | undefined {
  const key = name.toLowerCase().replace(/^\./, '');
  return Object.hasOwn(BY_NAME, key) ? BY_NAME[key] : undefined;
}

/** The format that a file's name speaks of. */
export function formatOfFile(path: string): ArchiveFormat | undefined {
  const ending = endingOf(path);
  return ending === undefined ? undefined : BY_NAME[ending];
}

/** A file's name without the ending that says how it is packed: `notes.txt` for `notes.txt.gz`. */
export function nameWithoutEnding(path: string): string {
  const name = basename(path);
  const ending = endingOf(name);
  const bare = ending === undefined ? '' : name.slice(0, -ending.length - 1);
  return bare || `${name}.out`;
}

/** As people write it: `ZIP`, `TAR.GZ`, `GZ`. */
export function formatTitle({ container, compression }: ArchiveFormat): string {
  if (container === 'zip') return 'ZIP';
  if (container === 'single') return SHORT[compression];
  return compression === 'none' ? 'TAR' : `TAR.${SHORT[compression]}`;
}

/** How data that begins like this is compressed, judged by its magic bytes. */
export function compressionOf(head: Uint8Array): Compression {
  if (startsWith(head, [0x1f, 0x8b])) return 'gzip';
  if (startsWith(head, [0x42, 0x5a, 0x68])) return 'bzip2';
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz';
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  return isSkippableZstdFrame(head) ? 'zstd' : 'none';
}

/** Whether data that begins like this is a ZIP archive: a first entry, or the end of an empty archive. */
export function looksLikeZip(head: Uint8Array): boolean {
  return startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06]);
}

/** Whether a first block is the header of a TAR entry: its checksum holds, which text does by no accident. */
export function looksLikeTar(block: Uint8Array): boolean {
  if (block.length < 512) return false;
  const stated = Number.parseInt(Buffer.from(block.subarray(148, 156)).toString('latin1'), 8);
  let sum = 8 * 0x20;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum === stated;
}

/** Whether a first block says that nothing follows, as in a TAR without entries. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.length >= 512 && block.every((byte) => byte === 0);
}

function endingOf(path: string): string | undefined {
  const name = basename(path).toLowerCase();
  return FORMAT_NAMES.find((ending) => name.endsWith(`.${ending}`));
}

function isSkippableZstdFrame(head: Uint8Array): boolean {
  return head.length >= 4 && (head[0]! & 0xf0) === 0x50 && startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}
