import type { Pack } from 'tar-stream';
import type { Bytes } from './codecs.js';
import type { Gathered, Ingredient } from './gather.js';
import type { OpenContent } from './zip-writer.js';

/** A TAR archive, piece by piece. */
export async function* tarBytes(gathered: Gathered, open: OpenContent): AsyncGenerator<Uint8Array> {
  const tar = await import('tar-stream');
  const pack = tar.pack();
  const packed = packAll(pack, gathered, open);
  packed.catch(() => {});
  try {
    yield* pack as AsyncIterable<Uint8Array>;
    await packed;
  } finally {
    pack.destroy();
    await packed.catch(() => {});
  }
}

async function packAll(pack: Pack, gathered: Gathered, open: OpenContent): Promise<void> {
  try {
    for (const folder of gathered.emptyFolders) pack.entry({ ...header(folder), type: 'directory' });
    for (const file of gathered.files) await packFile(pack, file, open(file));
    pack.finalize();
  } catch (error) {
    pack.destroy(error as Error);
    throw error;
  }
}

/** The header states the size before the content: a file that changes meanwhile is an error, not a broken archive. */
async function packFile(pack: Pack, file: Ingredient, bytes: Bytes): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  const entry = pack.entry(header(file), (error) => (error ? reject(error) : resolve()));
  const ended = promise.then(
    () => true,
    () => true,
  );
  for await (const chunk of bytes) {
    if (!entry.write(chunk))
      await Promise.race([new Promise((done) => entry.once('drain', () => done(true))), ended]);
  }
  entry.end(undefined);
  await promise;
}

function header({ name, size, modifiedMs }: Ingredient) {
  return { name, size, mtime: new Date(modifiedMs) };
}

function withResolvers() {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}
