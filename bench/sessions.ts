import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testContext } from '../src/core/testing.js';
import { testSessions } from '../src/sessions/testing.js';
import { fileBlobs } from '../src/storage/blob-files.js';
import { contentHash } from '../src/storage/content-hash.js';
import { openLmdbStore } from '../src/storage/lmdb.js';
import type { KeyValueStore } from '../src/storage/store.js';
import { alternate, compared, type Figure } from './measure.js';

/** Bytes of the large artifact; random, so that nothing makes it smaller. */
const SIZE = 10_000_000;

/** Sessions against the bare store, and a large artifact against hashing and writing its bytes. */
export async function sessions(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const store = await openLmdbStore(join(folder, 'store'));
  try {
    const blobs = fileBlobs({
      directory: join(folder, 'blobs'),
      threshold: 10_240,
      method: 'lz4',
      now: Date.now,
    });
    const room = testSessions(
      { maxArtifactBytes: 1e12, maxContentBytes: 1e9, maxActive: 1e6, maxArtifacts: 1e6 },
      {},
      store,
      blobs,
    );
    return [...(await sessionFigures(room, store)), await artifactFigure(room, folder)];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

type Room = ReturnType<typeof testSessions>;

async function sessionFigures(room: Room, store: KeyValueStore): Promise<Figure[]> {
  const { context } = testContext();
  const { id } = await room.sessions.create({ name: 'bench' }, context);
  const bytes = randomBytes(400);
  const [bare, save, create] = await alternate(100, [
    () => store.set('bare', bytes),
    () => room.sessions.save(id, context),
    () => room.sessions.create({ name: 'another' }, context),
  ]);
  const floor = { name: 'durable write of 400 bytes to the bare store', value: bare! };
  return [
    compared('saving a session', 'ms', save!, floor, 3),
    compared('creating a session beside up to 100 others', 'ms', create!, floor, 5),
  ];
}

async function artifactFigure(room: Room, folder: string): Promise<Figure> {
  const { context } = testContext();
  const { id } = await room.sessions.create({}, context);
  let round = 0;
  let content = randomBytes(SIZE);
  const [plain, put] = await alternate(15, [
    () => hashAndWrite(content, join(folder, `plain-${round}`)),
    async () => {
      await room.artifacts.store(id, { type: 't', name: `n${round++}` }, content, context);
      content = randomBytes(SIZE);
    },
  ]);
  const floor = { name: 'BLAKE3, write and sync of the same bytes', value: plain! };
  return compared('storing an artifact of 10 MB', 'ms', put!, floor, 2);
}

async function hashAndWrite(content: Buffer, path: string): Promise<void> {
  const hash = await contentHash();
  hash.update(content);
  hash.digest();
  const file = await open(path, 'wx');
  await file.write(content);
  await file.sync();
  await file.close();
}
