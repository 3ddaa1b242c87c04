import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noise, whole } from '../storage/blob.case.js';
import { fileBlobs } from '../storage/blob-files.js';
import { idOf } from './artifact-record.js';
import { testSessions } from './testing.js';

type Room = ReturnType<typeof testSessions>;

async function opened(limits: Parameters<typeof testSessions>[0] = {}) {
  const room = testSessions(limits);
  const { id } = await room.sessions.create({}, room.context);
  return { ...room, id };
}

const put = ({ artifacts, context }: Room, session: string, name: string, text: string | Buffer) =>
  artifacts.store(session, { type: 'text', name }, Buffer.from(text), context);

describe('storing', () => {
  test('the same name is the next version, with a link to the one before', async () => {
    const room = await opened();
    const one = await put(room, room.id, 'a.txt', 'one');
    const two = await put(room, room.id, 'a.txt', 'two');
    const other = await put(room, room.id, 'b.txt', 'one');
    expect([one.version, two.version, other.version]).toEqual([1, 2, 1]);
    expect(two.previous).toBe(one.hash);
    expect(other.hash).toBe(one.hash);
    expect(await room.artifacts.list(room.id, room.context)).toEqual([one, two, other]);
    expect((await room.artifacts.content(two, room.context)).toString()).toBe('two');
  });

  test('versions stored at once are all kept, each its own', async () => {
    const room = await opened();
    const stored = await Promise.all(Array.from({ length: 8 }, (_, i) => put(room, room.id, 'a', `${i}`)));
    expect(stored.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await room.sessions.get(room.id, room.context)).artifacts).toBe(8);
  });

  test.each([
    ['an empty name', { type: 't', name: '' }, 'artifact.invalid'],
    ['a long name', { type: 't', name: 'x'.repeat(256) }, 'artifact.invalid'],
    ['an empty type', { type: ' ', name: 'n' }, 'artifact.invalid'],
    ['a long tag', { type: 't', name: 'n', tags: ['x'.repeat(65)] }, 'artifact.invalid'],
    ['no MIME type', { type: 't', name: 'n', mimeType: 'text' }, 'artifact.invalid'],
  ])('refuses %s and keeps nothing', async (_, artifact, code) => {
    const { artifacts, context, id, blobs } = await opened();
    await expect(artifacts.store(id, artifact, Buffer.from('x'), context)).rejects.toMatchObject({ code });
    expect(await artifacts.list(id, context)).toEqual([]);
    expect((await blobs.list()[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  test('only an active session takes artifacts', async () => {
    const room = await opened();
    await room.sessions.suspend(room.id, room.context);
    await expect(put(room, room.id, 'a', 'x')).rejects.toThrow('Cannot store artifacts in suspended session');
    await room.sessions.resume(room.id, room.context);
    await put(room, room.id, 'a', 'x');
  });
});

test('a source that is silent ends with the work, and nothing is kept', async () => {
  const stop = new AbortController();
  const room = testSessions({}, { signal: stop.signal });
  const { id } = await room.sessions.create({}, room.context);
  async function* silent() {
    yield Buffer.from('x');
    setTimeout(() => stop.abort(new Error('enough')), 5);
    await new Promise(() => {});
  }
  const storing = room.artifacts.store(id, { type: 't', name: 'n' }, silent(), room.context);
  await expect(storing).rejects.toThrow('enough');
  expect(await room.artifacts.list(id, room.context)).toEqual([]);
  expect((await room.blobs.list()[Symbol.asyncIterator]().next()).done).toBe(true);
});

describe('limits', () => {
  test('what is said of one is bounded too', async () => {
    const { artifacts, context, id } = await opened();
    const custom = { large: 'x'.repeat(2_000_000) };
    const storing = artifacts.store(id, { type: 't', name: 'n', custom }, Buffer.from('x'), context);
    await expect(storing).rejects.toMatchObject({ code: 'artifact.invalid' });
  });

  test('one artifact has only so many bytes; a flood is cut as it comes', async () => {
    const { artifacts, context, id } = await opened();
    let given = 0;
    async function* flood() {
      for (;;) {
        given += 10_000;
        yield Buffer.alloc(10_000);
      }
    }
    const storing = artifacts.store(id, { type: 't', name: 'n' }, flood(), context);
    await expect(storing).rejects.toMatchObject({ code: 'artifact.too_large' });
    expect(given).toBeLessThan(200_000);
    expect(await artifacts.list(id, context)).toEqual([]);
  });

  test('a session has only so many artifacts, and room again when one is deleted', async () => {
    const room = await opened({ maxArtifacts: 2 });
    const first = await put(room, room.id, 'a', '1');
    await put(room, room.id, 'b', '2');
    await expect(put(room, room.id, 'c', '3')).rejects.toMatchObject({ code: 'artifact.quota' });
    await room.artifacts.delete(idOf(first), room.context);
    await put(room, room.id, 'c', '3');
  });

  test('a session has only so many bytes', async () => {
    const room = await opened({ maxArtifactBytes: 250 });
    await put(room, room.id, 'a', 'x'.repeat(200));
    await expect(put(room, room.id, 'b', 'x'.repeat(51))).rejects.toMatchObject({ code: 'artifact.quota' });
    await put(room, room.id, 'c', 'x'.repeat(50));
    expect((await room.sessions.get(room.id, room.context)).artifactBytes).toBe(250);
  });
});

describe('finding', () => {
  test('by everything a query may ask for, newest first', async () => {
    const room = await opened();
    const { artifacts, context, id, clock } = room;
    const make = (name: string, type: string, tags: string[], size: number) => {
      clock.now += 1000;
      return artifacts.store(id, { name, type, tags }, Buffer.alloc(size, name), context);
    };
    await make('report.txt', 'tool_result', ['final', 'x'], 10);
    await make('REPORT.md', 'ToolResult', ['x'], 20);
    await make('notes', 'mine', [], 30);
    const names = async (query: Parameters<typeof artifacts.query>[0]) =>
      (await artifacts.query(query, context)).map(({ name }) => name);
    expect(await names({})).toEqual(['notes', 'REPORT.md', 'report.txt']);
    expect(await names({ session: id, namePattern: 'report' })).toEqual(['REPORT.md', 'report.txt']);
    expect(await names({ namePattern: '*.txt' })).toEqual(['report.txt']);
    expect(await names({ type: 'TOOL_RESULT' })).toEqual(['REPORT.md', 'report.txt']);
    expect(await names({ tags: ['final', 'x'] })).toEqual(['report.txt']);
    expect(await names({ minSize: 20, maxSize: 20 })).toEqual(['REPORT.md']);
    expect(await names({ createdAfter: clock.now })).toEqual(['notes']);
    expect(await names({ limit: 1 })).toEqual(['notes']);
  });

  test('what is said of one can be changed; its content stays', async () => {
    const room = await opened();
    const one = await put(room, room.id, 'a', 'x');
    const after = await room.artifacts.describe(
      idOf(one),
      () => ({ tags: ['t'], custom: { k: 1 } }),
      room.context,
    );
    expect(after).toMatchObject({ tags: ['t'], custom: { k: 1 }, hash: one.hash, mimeType: one.mimeType });
    expect(await room.artifacts.list(room.id, room.context)).toEqual([after]);
  });

  test('names with the same content are told apart', async () => {
    const room = await opened();
    const one = await put(room, room.id, 'a', 'x');
    const two = await put(room, room.id, 'b', 'x');
    expect(await room.artifacts.get(idOf(two), room.context)).toEqual(two);
    const { name: _, ...nameless } = idOf(two);
    expect(await room.artifacts.get(nameless, room.context)).toEqual(one);
    await room.artifacts.delete(idOf(two), room.context);
    expect(await room.artifacts.list(room.id, room.context)).toEqual([one]);
  });

  test('what is changed at once is changed once; what is deleted stays deleted', async () => {
    const room = await opened();
    const one = await put(room, room.id, 'a', 'x');
    const deleting = Array.from({ length: 3 }, () => room.artifacts.delete(idOf(one), room.context));
    const ends = await Promise.allSettled(deleting);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await room.sessions.get(room.id, room.context)).toMatchObject({ artifacts: 0, artifactBytes: 0 });
    const two = await put(room, room.id, 'b', 'x');
    await Promise.allSettled([
      room.artifacts.delete(idOf(two), room.context),
      room.artifacts.describe(idOf(two), () => ({ tags: ['late'] }), room.context),
    ]);
    expect(await room.artifacts.list(room.id, room.context)).toEqual([]);
  });

  test('one that is not there is not found, whoever asks', async () => {
    const room = await opened();
    const one = await put(room, room.id, 'a', 'x');
    const { id: other } = await room.sessions.create({}, room.context);
    for (const wrong of [
      { ...idOf(one), sequence: 2 },
      { ...idOf(one), content_hash: 'x' },
      { ...idOf(one), session_id: other },
    ])
      await expect(room.artifacts.get(wrong, room.context)).rejects.toMatchObject({
        code: 'artifact.not_found',
      });
  });
});

describe('content that nobody has any more', () => {
  test('goes when the grace is over, and not before', async () => {
    const room = await opened();
    const { artifacts, context, clock, blobs } = room;
    const kept = await put(room, room.id, 'kept', 'kept');
    const gone = await put(room, room.id, 'gone', 'gone');
    const shared = await put(room, room.id, 'shared', 'kept');
    await artifacts.delete(idOf(gone), context);
    await artifacts.delete(idOf(shared), context);
    expect(await artifacts.collect(context)).toEqual({ blobs: 0, bytes: 0 });
    clock.now += 600_001;
    expect(await artifacts.collect(context)).toEqual({ blobs: 1, bytes: 4 });
    expect((await whole(blobs.read(kept.hash))).toString()).toBe('kept');
    expect(await blobs.info(gone.hash)).toBeUndefined();
  });

  test('is never taken from an artifact that is being stored', async () => {
    const room = await opened({ maxArtifacts: 100 });
    const stored = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, i) => {
        const storing = put(room, room.id, `n${i % 7}`, `${i % 3}`);
        await room.artifacts.collect(room.context, -60_000);
        return storing;
      }),
    );
    const kept = stored.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(kept.length).toBeGreaterThan(0);
    for (const record of kept) await room.artifacts.content(record, room.context);
    expect(await room.artifacts.list(room.id, room.context)).toHaveLength(kept.length);
  });

  test('goes with its session', async () => {
    const room = await opened({ timeoutSeconds: 1e9 });
    const one = await put(room, room.id, 'a', 'x');
    await room.sessions.delete(room.id, room.context);
    room.clock.now += 600_001;
    await room.artifacts.collect(room.context);
    expect(await room.blobs.info(one.hash)).toBeUndefined();
  });
});

test('damaged content is found by reading and by verifying, and the rest is whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'llmspell-artifacts-'));
  try {
    const blobs = fileBlobs({ directory, threshold: 10_240, method: 'lz4', now: () => Date.now() });
    const room = testSessions({}, {}, undefined, blobs);
    const { id } = await room.sessions.create({}, room.context);
    const bad = await put(room, id, 'bad', noise(5000));
    const good = await put(room, id, 'good', noise(5000, 'y'));
    const path = join(directory, bad.hash.slice(0, 2), bad.hash);
    const bytes = await readFile(path);
    bytes[2000]! ^= 1;
    await writeFile(path, bytes);
    await expect(room.artifacts.content(bad, room.context)).rejects.toMatchObject({
      code: 'artifact.corrupt',
    });
    const found: [string, boolean][] = [];
    for await (const { record, intact } of room.artifacts.verify({}, room.context))
      found.push([record.name, intact]);
    expect(Object.fromEntries(found)).toEqual({ bad: false, good: true });
    expect((await room.artifacts.content(good, room.context)).equals(noise(5000, 'y'))).toBe(true);
    expect(await readdir(join(directory, 'incoming'))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
