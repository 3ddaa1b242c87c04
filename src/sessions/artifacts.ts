import { announce, around } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import { fail, toLlmspellError } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';
import type { BlobContent, BlobInfo, BlobStore } from '../storage/blob-store.js';
import { type ArtifactMoment, detailsFrom, factsOf, pointsOf, subjectOf } from './artifact-facts.js';
import { bounded, checkBytes, checkCount, requireActive, roomFor } from './artifact-limits.js';
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
import type { SessionChange, SessionStore } from './session-store.js';
import { type Sessions, touched, withoutAbsent } from './sessions.js';

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
   * @throws `artifact.invalid`, `artifact.too_large`, `artifact.quota`, `session.illegal_transition` or
   * `session.expired` for a session that is not active, and whatever `content` throws; nothing is kept then.
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
    let record!: ArtifactRecord;
    await around(pointsOf('create', artifact.name), factsOf(owner.id, artifact), context, async (data) => {
      const final = { ...artifact, ...detailsFrom(data) };
      checkArtifact(final);
      record = await this.keep(owner, final, content, context);
      this.emit(record, 'stored', context);
      return { ...idOf(record) };
    });
    if (record.derivedFrom !== undefined) await this.announce('derived', record, context);
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
    await this.announce('accessed', record, context);
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

  /**
   * Changes what is said of a version; its content stays.
   * @param change gives what is to be different.
   */
  async describe(
    id: ArtifactId,
    change: (before: ArtifactRecord) => ArtifactDetails,
    context: ExecutionContext,
  ): Promise<ArtifactRecord> {
    const before = await this.get(id, context);
    const wanted = withoutAbsent(change(before));
    const facts = factsOf(before.session, { ...before, ...wanted });
    let after!: ArtifactRecord;
    await around(pointsOf('modify', before.name), facts, context, async (data) => {
      await this.change(before, context, (fresh, owner) => {
        after = { ...fresh, ...wanted, ...detailsFrom(data) } as ArtifactRecord;
        checkArtifact(after);
        return { record: owner, add: after };
      });
      return null;
    });
    return after;
  }

  /** Forgets a version. Its content goes when nothing else has it and {@link collect} comes by. */
  async delete(id: ArtifactId, context: ExecutionContext): Promise<void> {
    const before = await this.get(id, context);
    const facts = factsOf(before.session, before);
    await around(pointsOf('delete', before.name), facts, context, async () => {
      await this.forget(before, context);
      this.emit(before, 'deleted', context);
      return null;
    });
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
    return blobs.sweep(
      before,
      async () => new Set((await this.parts.store.artifacts()).map(({ hash }) => hash)),
    );
  }

  private async validated(
    owner: SessionRecord,
    given: NewArtifact,
    context: ExecutionContext,
  ): Promise<NewArtifact> {
    const facts = factsOf(owner.id, given);
    try {
      let artifact = given;
      await around(pointsOf('validate', given.name), facts, context, async () => {
        artifact = { ...given, type: artifactType(given.type) };
        checkArtifact(artifact);
        return null;
      });
      return artifact;
    } catch (thrown) {
      const { code, message } = toLlmspellError(thrown);
      const failed = { ...facts, code, message };
      await announce('custom:artifact:validation_failed', subjectOf(given.name), failed, context);
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
    const info = await blobs.put(bounded(content, roomFor(owner, limits), context.signal));
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
          ...touched(record, context.effects.now()),
          artifacts: record.artifacts + 1,
          artifactBytes: record.artifactBytes + info.size,
          nextArtifact: record.nextArtifact + 1,
        },
      };
    });
    if (!(await blobs.info(info.hash))) await this.lost(kept, context);
    return kept;
  }

  /** The content was swept away as nobody's before the artifact was there. */
  private async lost(record: ArtifactRecord, context: ExecutionContext): Promise<never> {
    await this.forget(record, context);
    throw fail('storage.failed', 'The content was removed by a clean-up while it was stored', {
      hint: 'Store it again.',
    });
  }

  private forget(record: ArtifactRecord, context: ExecutionContext): Promise<void> {
    return this.change(record, context, (fresh, owner) => ({
      record: {
        ...owner,
        artifacts: owner.artifacts - 1,
        artifactBytes: owner.artifactBytes - fresh.size,
      },
      remove: fresh,
    }));
  }

  /** Changes a version that is still there, and its session with it. @throws `artifact.not_found` */
  private async change(
    { session, number, ...known }: ArtifactRecord,
    context: ExecutionContext,
    change: (fresh: ArtifactRecord, owner: SessionRecord) => SessionChange,
  ): Promise<void> {
    await this.parts.store.update(session, async (record) => {
      const fresh = await this.parts.store.artifact(session, number);
      if (!fresh) throw notFound(idOf({ session, number, ...known }));
      return change(fresh, touched(record, context.effects.now()));
    });
  }

  private announce(moment: ArtifactMoment, record: ArtifactRecord, context: ExecutionContext): Promise<void> {
    const facts: JsonObject = factsOf(record.session, record);
    return announce(`custom:artifact:${moment}`, subjectOf(record.name), facts, context);
  }

  private emit(
    { session, name, version, hash, size }: ArtifactRecord,
    change: 'stored' | 'retrieved' | 'deleted',
    context: ExecutionContext,
  ): void {
    context.emit({ type: 'artifact.changed', session, change, name, version, hash, size });
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
    mimeType,
    tags: [...new Set(tags)],
    custom,
    version: (before?.version ?? 0) + 1,
    hash,
    size,
    storedSize,
    createdAt,
    ...withoutAbsent({ description, previous: before?.hash, derivedFrom, createdBy }),
  };
}

/** Two names may have the same content in the same version; an id that says no name means the first of them. */
function isThat({ hash, version, name }: ArtifactRecord, id: ArtifactId): boolean {
  return hash === id.content_hash && version === id.sequence && (id.name === undefined || name === id.name);
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
