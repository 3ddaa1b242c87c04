import { announce, around } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import { fail, toLlmspellError } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';
import { type BlobContent, type BlobInfo, type BlobStore, pieces } from '../storage/blob-store.js';
import {
  type ArtifactDetails,
  type ArtifactId,
  type ArtifactRecord,
  artifactType,
  checkArtifact,
  idOf,
  type NewArtifact,
} from './artifact-record.js';
import { type ArtifactQuery, selectArtifacts } from './artifact-search.js';
import type { SessionLimits } from './expiry.js';
import { type SessionRecord, sessionId } from './record.js';
import type { SessionStore } from './session-store.js';
import { type Sessions, touched } from './sessions.js';

/** What the artifacts of a tenant are made of. */
export interface ArtifactParts {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  blobs(): Promise<BlobStore>;
}

/** What {@link Artifacts.verify} found of one artifact. */
export interface Verified {
  readonly record: ArtifactRecord;
  readonly intact: boolean;
  readonly error?: string;
}

/** Milliseconds for which content that no artifact has is left alone: one may be about to. */
const GRACE_MS = 600_000;

/** What the sessions of one tenant have made: named versions of content, which is kept once however often it is stored. */
export class Artifacts {
  constructor(private readonly parts: ArtifactParts) {}

  /**
   * Stores content as the next version of its name.
   * @throws `artifact.invalid`, `artifact.too_large`, `artifact.quota`, `session.illegal_transition` for a session
   * that is not active, and whatever `content` throws; nothing is kept then.
   */
  async store(
    session: string,
    given: NewArtifact,
    content: BlobContent,
    context: ExecutionContext,
  ): Promise<ArtifactRecord> {
    const owner = await this.parts.sessions.get(session, context);
    requireActive(owner);
    const artifact = await this.validated(owner, given, context);
    const points = {
      before: 'custom:artifact:before_create',
      after: 'custom:artifact:after_create',
      subject: subjectOf(artifact.name),
    } as const;
    let record!: ArtifactRecord;
    await around(points, factsOf(owner.id, artifact), context, async (data) => {
      const final = { ...artifact, ...detailsFrom(data) };
      checkArtifact(final);
      record = await this.keep(owner, final, content, context);
      return idOf(record) as unknown as JsonObject;
    });
    await this.stored(record, context);
    return record;
  }

  /** A version of an artifact. @throws `artifact.not_found` */
  async get(id: ArtifactId, context: ExecutionContext): Promise<ArtifactRecord> {
    const owner = await this.parts.sessions.get(id.session_id, context);
    const found = (await this.parts.store.artifacts(owner.id)).find((record) => isThat(record, id));
    if (!found) throw notFound(id);
    return found;
  }

  /** The content of an artifact, in pieces. @throws `artifact.corrupt` before its end */
  async *read(record: ArtifactRecord, context: ExecutionContext): AsyncGenerator<Uint8Array> {
    await announce(
      'custom:artifact:accessed',
      subjectOf(record.name),
      factsOf(record.session, record),
      context,
    );
    const blobs = await this.parts.blobs();
    for await (const piece of blobs.read(record.hash)) {
      context.signal.throwIfAborted();
      yield piece;
    }
    this.emit(record, 'retrieved', context);
  }

  /** The content of an artifact at once. */
  async content(record: ArtifactRecord, context: ExecutionContext): Promise<Buffer> {
    const read: Uint8Array[] = [];
    for await (const piece of this.read(record, context)) read.push(piece);
    return Buffer.concat(read);
  }

  /** What a session has, oldest first. */
  async list(session: string, context: ExecutionContext): Promise<ArtifactRecord[]> {
    return this.parts.store.artifacts((await this.parts.sessions.get(session, context)).id);
  }

  /** What a query asks for, newest first; of all sessions without one. */
  async query(query: ArtifactQuery, context: ExecutionContext): Promise<ArtifactRecord[]> {
    const session = query.session === undefined ? undefined : sessionId(query.session);
    if (session !== undefined) await this.parts.sessions.get(session, context);
    return selectArtifacts(await this.parts.store.artifacts(session), query);
  }

  /** Changes what is said of a version; its content stays. */
  async describe(
    id: ArtifactId,
    details: ArtifactDetails,
    context: ExecutionContext,
  ): Promise<ArtifactRecord> {
    const before = await this.get(id, context);
    const points = {
      before: 'custom:artifact:before_modify',
      after: 'custom:artifact:after_modify',
      subject: subjectOf(before.name),
    } as const;
    let after!: ArtifactRecord;
    await around(points, factsOf(before.session, { ...before, ...details }), context, async (data) => {
      after = { ...before, ...(detailsFrom(data) as Partial<ArtifactRecord>) };
      checkArtifact(after);
      await this.parts.store.update(before.session, (record) => ({
        record: this.touch(record, context),
        add: after,
      }));
      return null;
    });
    return after;
  }

  /** Forgets a version. Its content goes when nothing else has it and {@link collect} comes by. */
  async delete(id: ArtifactId, context: ExecutionContext): Promise<void> {
    const record = await this.get(id, context);
    const points = {
      before: 'custom:artifact:before_delete',
      after: 'custom:artifact:after_delete',
      subject: subjectOf(record.name),
    } as const;
    await around(points, factsOf(record.session, record), context, async () => {
      await this.parts.store.update(record.session, (owner) => ({
        record: {
          ...this.touch(owner, context),
          artifacts: owner.artifacts - 1,
          artifactBytes: owner.artifactBytes - record.size,
        },
        remove: record,
      }));
      return null;
    });
    this.emit(record, 'deleted', context);
  }

  /** Reads everything that a query asks for and tells what is no longer what was stored. */
  async *verify(query: ArtifactQuery, context: ExecutionContext): AsyncGenerator<Verified> {
    const blobs = await this.parts.blobs();
    for (const record of await this.query(query, context)) {
      try {
        for await (const _ of blobs.read(record.hash)) context.signal.throwIfAborted();
        yield { record, intact: true };
      } catch (thrown) {
        context.signal.throwIfAborted();
        yield { record, intact: false, error: toLlmspellError(thrown).message };
      }
    }
  }

  /** Removes content that no artifact has any more; how many blobs and bytes. */
  async collect(context: ExecutionContext, graceMs = GRACE_MS): Promise<{ blobs: number; bytes: number }> {
    const blobs = await this.parts.blobs();
    const before = context.effects.now() - graceMs;
    await blobs.clean(before);
    const freed = { blobs: 0, bytes: 0 };
    // What is stored is looked at before the artifacts are: an artifact that comes between is seen with its content.
    const stored: BlobInfo[] = [];
    for await (const info of blobs.list()) if (info.storedAt < before) stored.push(info);
    const wanted = new Set((await this.parts.store.artifacts()).map(({ hash }) => hash));
    for (const { hash, storedSize } of stored) {
      if (wanted.has(hash) || !(await blobs.delete(hash, before))) continue;
      freed.blobs++;
      freed.bytes += storedSize;
    }
    return freed;
  }

  private async validated(
    owner: SessionRecord,
    given: NewArtifact,
    context: ExecutionContext,
  ): Promise<NewArtifact> {
    const points = {
      before: 'custom:artifact:before_validate',
      after: 'custom:artifact:after_validate',
      subject: subjectOf(given.name),
    } as const;
    try {
      let artifact = given;
      await around(points, factsOf(owner.id, given), context, async () => {
        artifact = { ...given, type: artifactType(given.type) };
        checkArtifact(artifact);
        return null;
      });
      return artifact;
    } catch (thrown) {
      const { code, message } = toLlmspellError(thrown);
      await announce(
        'custom:artifact:validation_failed',
        subjectOf(given.name),
        { ...factsOf(owner.id, given), code, message },
        context,
      );
      throw thrown;
    }
  }

  private async keep(
    owner: SessionRecord,
    artifact: NewArtifact,
    content: BlobContent,
    context: ExecutionContext,
  ): Promise<ArtifactRecord> {
    const { store, limits } = this.parts;
    checkCount(owner, limits);
    const blobs = await this.parts.blobs();
    const info = await blobs.put(bounded(content, this.room(owner), context.signal));
    let kept!: ArtifactRecord;
    await store.update(owner.id, async (record) => {
      requireActive(record);
      checkCount(record, limits);
      checkBytes(record, info.size, limits);
      const known = (await store.artifacts(owner.id)).filter(({ name }) => name === artifact.name);
      kept = newRecord(record, artifact, info, known.at(-1), context.effects.now());
      return {
        add: kept,
        record: {
          ...this.touch(record, context),
          artifacts: record.artifacts + 1,
          artifactBytes: record.artifactBytes + info.size,
          nextArtifact: record.nextArtifact + 1,
        },
      };
    });
    return kept;
  }

  private async stored(record: ArtifactRecord, context: ExecutionContext): Promise<void> {
    this.emit(record, 'stored', context);
    if (record.derivedFrom !== undefined)
      await announce(
        'custom:artifact:derived',
        subjectOf(record.name),
        factsOf(record.session, record),
        context,
      );
  }

  private touch(record: SessionRecord, context: ExecutionContext): SessionRecord {
    return touched(record, context.effects.now());
  }

  /** Bytes that one more artifact may have, and whose limit that is. */
  private room(owner: SessionRecord): { bytes: number; code: 'artifact.too_large' | 'artifact.quota' } {
    const { maxContentBytes, maxArtifactBytes } = this.parts.limits;
    const left = (owner.settings.maxArtifactBytes ?? maxArtifactBytes) - owner.artifactBytes;
    return left < maxContentBytes
      ? { bytes: Math.max(0, left), code: 'artifact.quota' }
      : { bytes: maxContentBytes, code: 'artifact.too_large' };
  }

  private emit(
    { session, name, version, hash, size }: ArtifactRecord,
    change: 'stored' | 'retrieved' | 'deleted',
    context: ExecutionContext,
  ): void {
    context.emit({ type: 'artifact.changed', session, change, name, version, hash, size });
  }
}

/** Content that fails as soon as it is more than there is room for, so that a flood never fills the disk. */
async function* bounded(
  content: BlobContent,
  room: { bytes: number; code: 'artifact.too_large' | 'artifact.quota' },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces(content)) {
    signal.throwIfAborted();
    size += piece.length;
    if (size > room.bytes)
      throw fail(room.code, `The artifact has more than the ${room.bytes} bytes that it may have`, {
        hint:
          room.code === 'artifact.quota'
            ? 'Delete artifacts of the session, or raise its max_artifact_bytes.'
            : 'Split it, or keep it in a file.',
        details: { limit: room.bytes },
      });
    yield piece;
  }
}

function newRecord(
  { id, nextArtifact }: SessionRecord,
  artifact: NewArtifact,
  { hash, size, storedSize }: BlobInfo,
  before: ArtifactRecord | undefined,
  createdAt: number,
): ArtifactRecord {
  const { name, type, description, mimeType = 'application/octet-stream', tags = [], custom = {} } = artifact;
  const { createdBy, derivedFrom } = artifact;
  return {
    session: id,
    number: nextArtifact,
    name,
    type,
    ...(description !== undefined && { description }),
    mimeType,
    tags: [...new Set(tags)],
    custom,
    version: (before?.version ?? 0) + 1,
    ...(before && { previous: before.hash }),
    ...(derivedFrom !== undefined && { derivedFrom }),
    hash,
    size,
    storedSize,
    createdAt,
    ...(createdBy !== undefined && { createdBy }),
  };
}

function requireActive({ id, status }: SessionRecord): void {
  if (status === 'active') return;
  throw fail('session.illegal_transition', `Cannot store artifacts in ${status} session`, {
    hint:
      status === 'suspended' || status === 'expired'
        ? 'Session.resume takes it up again.'
        : 'Make a new session.',
    details: { session: id, status },
  });
}

function checkCount({ artifacts, settings }: SessionRecord, limits: SessionLimits): void {
  const most = settings.maxArtifacts ?? limits.maxArtifacts;
  if (artifacts >= most)
    throw fail('artifact.quota', `The session has its ${most} artifacts already`, {
      hint: 'Delete some, or raise runtime.sessions.max_artifacts_per_session.',
    });
}

function checkBytes({ artifactBytes, settings }: SessionRecord, size: number, limits: SessionLimits): void {
  const most = settings.maxArtifactBytes ?? limits.maxArtifactBytes;
  if (artifactBytes + size > most)
    throw fail('artifact.quota', `The session's artifacts would have more than ${most} bytes`, {
      hint: 'Delete artifacts of the session, or raise its max_artifact_bytes.',
    });
}

function isThat({ hash, version }: ArtifactRecord, id: ArtifactId): boolean {
  return hash === id.content_hash && version === id.sequence;
}

function notFound({ content_hash, session_id, sequence }: ArtifactId): Error {
  return fail(
    'artifact.not_found',
    `Artifact not found: version ${sequence} of ${content_hash.slice(0, 16)}`,
    {
      hint: 'Artifact.list(session) shows what there is.',
      details: { session: session_id, hash: content_hash, version: sequence },
    },
  );
}

function subjectOf(name: string) {
  return { type: 'Artifact', name } as const;
}

/** What handlers see of an artifact. */
function factsOf(session: string, artifact: NewArtifact | ArtifactRecord): JsonObject {
  const { name, type, description, mimeType, tags = [], custom = {} } = artifact;
  return {
    session_id: session,
    name,
    type,
    description: description ?? null,
    mime_type: mimeType ?? null,
    tags: [...tags],
    custom,
  };
}

/** What handlers made of that. */
function detailsFrom(data: JsonObject): ArtifactDetails {
  const { description, mime_type, tags, custom } = data;
  return {
    ...(typeof description === 'string' && { description }),
    ...(typeof mime_type === 'string' && { mimeType: mime_type }),
    ...(Array.isArray(tags) && { tags: tags.map(String) }),
    ...(custom && typeof custom === 'object' && !Array.isArray(custom) && { custom }),
  };
}
