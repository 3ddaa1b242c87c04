import { Readable } from 'node:stream';
import type { Bytes } from './codecs.js';
import type { Gathered, Ingredient } from './gather.js';

/** The content of a file, when its turn comes. */
export type OpenContent = (file: Ingredient) => Bytes;

/** A ZIP archive, piece by piece. @param level from 0 to 9 */
export async function* zipBytes(
  gathered: Gathered,
  level: number,
  open: OpenContent,
): AsyncGenerator<Uint8Array> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const failed = (error: Error) => output.destroy(error);
  let current: Readable | undefined;
  zip.on('error', failed);
  for (const folder of gathered.emptyFolders)
    zip.addEmptyDirectory(folder.name, { mtime: new Date(folder.modifiedMs) });
  for (const file of gathered.files)
    zip.addReadStreamLazy(
      file.name,
      { mtime: new Date(file.modifiedMs), mode: 0o100644, compressionLevel: level },
      (use) => {
        current = Readable.from(open(file), { objectMode: false }).on('error', failed);
        use(null, current);
      },
    );
  zip.end();
  try {
    yield* output as AsyncIterable<Uint8Array>;
  } finally {
    output.destroy();
    await closed(current);
  }
}

/** Ends a stream that was left in the middle, and with it the file it reads. */
function closed(stream: Readable | undefined): Promise<void> | undefined {
  if (!stream || stream.closed) return undefined;
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.destroy();
  });
}
