import type { FileHandle } from 'node:fs/promises';
import zlib from 'node:zlib';
import type { Entry, RandomAccessReader, ZipFile } from 'yauzl';
import type { ExecutionContext } from '../../../core/context.js';
import { decodingError, decompress, inflateRaw } from './codecs.js';
import type { ArchiveEntry, EntryKind, EntrySource } from './entry.js';
import { fileBytes } from './file-bytes.js';
import type { Compression } from './format.js';
import { corrupt, quote, refuse } from './refusal.js';

/** Bytes read at once while the directory of an archive is walked. */
const WINDOW_BYTES = 256 * 1024;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;
/** Extra fields of a local header beyond these are read the long way. */
const MAX_LOCAL_EXTRA = 256;
/** Entries up to this size are taken out of the archive at once. */
const SMALL_BYTES = 64 * 1024;
const TOO_LARGE = 'it is larger than the directory says';
const STORED = 0;
const DEFLATED = 8;
/** Methods beside these two that ZIP knows, as far as they can be decoded here. */
const METHODS: Readonly<Record<number, Compression>> = { 12: 'bzip2', 93: 'zstd', 95: 'xz' };
const UTF8_NAMES = 0x800;

/** The entries of a ZIP archive, from its central directory. ZIP64 and data descriptors are understood. */
export function openZip(handle: FileHandle, size: number, context: ExecutionContext): EntrySource {
  return { randomAccess: true, entries: () => walk(handle, size, context), close: async () => {} };
}

async function* walk(
  handle: FileHandle,
  size: number,
  context: ExecutionContext,
): AsyncGenerator<ArchiveEntry> {
  const yauzl = await import('yauzl');
  const spans: Span[] = [];
  try {
    const reader = directoryReader(yauzl.RandomAccessReader, handle, context);
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, {
      decodeStrings: false,
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) {
      context.signal.throwIfAborted();
      const name = yauzl.getFileNameLowLevel(nameFlags(entry), entry.fileNameRaw, entry.extraFields, true);
      spans.push({ name, start: entry.relativeOffsetOfLocalHeader, bytes: entry.compressedSize });
      yield describe(entry, name, zip, handle, context);
    }
  } catch (error) {
    throw decodingError(error, 'the ZIP directory');
  }
  refuseOverlaps(spans);
}

function describe(
  entry: Entry,
  name: string,
  zip: ZipFile,
  handle: FileHandle,
  context: ExecutionContext,
): ArchiveEntry {
  const unreadable = unreadableBecause(entry);
  return {
    name,
    kind: kindOf(entry, name),
    size: entry.uncompressedSize,
    packedSize: entry.compressedSize,
    modifiedMs: entry.getLastModDate({ timezone: 'UTC' }).getTime(),
    encrypted: entry.isEncrypted(),
    ...(unreadable !== undefined && { unreadable }),
    content: () => content(entry, name, zip, handle, context),
  };
}

/** The content of an entry; its size and checksum must be those of the directory. */
async function* content(
  entry: Entry,
  name: string,
  zip: ZipFile,
  handle: FileHandle,
  context: ExecutionContext,
): AsyncGenerator<Uint8Array> {
  const what = `entry ${quote(name)}`;
  let [size, checksum] = [0, 0];
  try {
    for await (const chunk of unpacked(entry, zip, handle, context)) {
      size += chunk.length;
      if (size > entry.uncompressedSize) throw new Error(TOO_LARGE);
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw decodingError(error, what);
  }
  if (size !== entry.uncompressedSize) throw corrupt(what, 'it is smaller than the directory says');
  if (checksum !== entry.crc32) throw corrupt(what, 'its checksum does not match');
}

async function* unpacked(
  entry: Entry,
  zip: ZipFile,
  handle: FileHandle,
  context: ExecutionContext,
): AsyncGenerator<Uint8Array> {
  const small = await smallContent(entry, handle, context);
  if (small) {
    yield small;
    return;
  }
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = fileBytes(handle, fileDataStart, fileDataStart + entry.compressedSize, context);
  yield* unpack(packed, entry);
}

/** Most entries are small: one read and one call take a fraction of the time that streams take. */
async function smallContent(
  entry: Entry,
  handle: FileHandle,
  { signal }: ExecutionContext,
): Promise<Uint8Array | undefined> {
  const { compressedSize, uncompressedSize, compressionMethod: method } = entry;
  if (Math.max(compressedSize, uncompressedSize) > SMALL_BYTES) return undefined;
  if (method !== STORED && method !== DEFLATED) return undefined;
  signal.throwIfAborted();
  const length = LOCAL_HEADER_BYTES + entry.fileNameLength + MAX_LOCAL_EXTRA + compressedSize;
  const { bytesRead, buffer } = await handle.read(
    Buffer.allocUnsafe(length),
    0,
    length,
    entry.relativeOffsetOfLocalHeader,
  );
  if (bytesRead < LOCAL_HEADER_BYTES || buffer.readUInt32LE(0) !== LOCAL_SIGNATURE) return undefined;
  const start = LOCAL_HEADER_BYTES + buffer.readUInt16LE(26) + buffer.readUInt16LE(28);
  if (start + compressedSize > bytesRead) return undefined;
  const packed = buffer.subarray(start, start + compressedSize);
  return method === STORED ? packed : inflateSmall(packed, uncompressedSize);
}

function inflateSmall(packed: Uint8Array, size: number): Uint8Array {
  try {
    const finishFlush = zlib.constants.Z_SYNC_FLUSH;
    return zlib.inflateRawSync(packed, { maxOutputLength: size + 1, finishFlush });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Error(TOO_LARGE);
  }
}

function unpack(packed: AsyncIterable<Uint8Array>, entry: Entry): AsyncIterable<Uint8Array> {
  if (entry.compressionMethod === STORED) return packed;
  if (entry.compressionMethod === DEFLATED) return inflateRaw(packed);
  return decompress(packed, METHODS[entry.compressionMethod]!);
}

function unreadableBecause(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'is encrypted';
  const { compressionMethod: method } = entry;
  if (method === STORED || method === DEFLATED || Object.hasOwn(METHODS, method)) return undefined;
  return `is compressed by a method that is not supported (${method})`;
}

/** The upper half of the attributes are a Unix mode where the archive was made by a program that knows modes. */
function kindOf(entry: Entry, name: string): EntryKind {
  const format = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (format === 0o120000) return 'symlink';
  if (format === 0o060000 || format === 0o020000) return 'device';
  if (format === 0o010000) return 'fifo';
  if (format === 0o140000) return 'unknown';
  return name.endsWith('/') || format === 0o040000 ? 'directory' : 'file';
}

/** Many programs write UTF-8 without saying so; text in another encoding is hardly ever valid UTF-8. */
function nameFlags({ generalPurposeBitFlag: flags, fileNameRaw }: Entry): number {
  return isUtf8(fileNameRaw) ? flags | UTF8_NAMES : flags;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Where the bytes of an entry lie. */
interface Span {
  name: string;
  start: number;
  bytes: number;
}

/** Entries that share bytes are how a small archive holds a huge one; no program writes them. */
function refuseOverlaps(spans: Span[]): void {
  spans.sort((a, b) => a.start - b.start);
  for (let i = 1; i < spans.length; i++) {
    const [before, span] = [spans[i - 1]!, spans[i]!];
    if (before.start + LOCAL_HEADER_BYTES + before.bytes > span.start)
      throw refuse(`entries ${quote(before.name)} and ${quote(span.name)} overlap`, {
        entry: span.name,
        reason: 'overlap',
      });
  }
}

const crc32: (bytes: Uint8Array, before: number) => number = zlib.crc32;

/** Reads the small records of a directory out of one larger window, instead of from the file each. */
function directoryReader(
  Base: typeof RandomAccessReader,
  handle: FileHandle,
  { signal }: ExecutionContext,
): RandomAccessReader {
  let window = Buffer.alloc(0);
  let from = 0;
  const fill = async (length: number, position: number) => {
    signal.throwIfAborted();
    if (position >= from && position + length <= from + window.length) return;
    const buffer = Buffer.allocUnsafe(Math.max(length, WINDOW_BYTES));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    [window, from] = [buffer.subarray(0, bytesRead), position];
    if (bytesRead < length) throw new Error('the file ends too early');
  };
  class DirectoryReader extends Base {
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      callback: (error: Error | null) => void,
    ): void {
      fill(length, position).then(() => {
        window.copy(buffer, offset, position - from, position - from + length);
        callback(null);
      }, callback);
    }
  }
  return new DirectoryReader();
}
