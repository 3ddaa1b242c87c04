import type { Extract, Header } from 'tar-stream';
import { decodingError } from './codecs.js';
import type { ArchiveEntry, EntryKind, EntrySource } from './entry.js';

const KINDS: Readonly<Record<string, EntryKind>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'symlink',
  link: 'hardlink',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'fifo',
};

/**
 * The entries of a TAR archive, in one go from beginning to end.
 * @param bytes begins to read it; called for each walk
 */
export function openTar(bytes: () => AsyncIterable<Uint8Array>): EntrySource {
  return { randomAccess: false, entries: () => walk(bytes()), close: async () => {} };
}

/** Archives from before the format had a mark of its own are read too. */
interface TarOptions {
  allowUnknownFormat: boolean;
}

async function* walk(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveEntry> {
  const tar = await import('tar-stream');
  const options: TarOptions = { allowUnknownFormat: true };
  const extract = tar.extract(options as object);
  const fed = feed(chunks, extract);
  fed.catch(() => {});
  try {
    for await (const entry of extract) {
      yield describe(entry.header, entry as unknown as AsyncIterable<Uint8Array>);
      entry.resume();
    }
    await fed;
  } catch (error) {
    throw decodingError(error, 'the TAR data');
  } finally {
    extract.destroy();
    await fed.catch(() => {});
  }
}

function describe(header: Header, content: AsyncIterable<Uint8Array>): ArchiveEntry {
  const kind = KINDS[String(header.type)] ?? 'unknown';
  return {
    name: header.name,
    kind: kind === 'file' && header.name.endsWith('/') ? 'directory' : kind,
    size: header.size ?? 0,
    ...(header.mtime && { modifiedMs: header.mtime.getTime() }),
    async *content() {
      try {
        yield* content;
      } catch (error) {
        throw decodingError(error, 'the TAR data');
      }
    },
  };
}

/** Hands the chunks over no faster than they are taken; a failure of their source becomes that of the archive. */
async function feed(chunks: AsyncIterable<Uint8Array>, extract: Extract): Promise<void> {
  const closed = new Promise<void>((resolve) => extract.once('close', () => resolve()));
  try {
    for await (const chunk of chunks) {
      if (extract.destroyed) return;
      if (extract.write(chunk)) continue;
      await Promise.race([new Promise<void>((resolve) => extract.once('drain', () => resolve())), closed]);
    }
    extract.end(undefined);
  } catch (error) {
    extract.destroy(error as Error);
    throw error;
  }
}
