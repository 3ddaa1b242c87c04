import { around } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import type { SessionChange as Changed } from '../core/events.js';
import type { NamedHookPoint } from '../core/hook-points.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import { expired, isDue, outlived, type SessionLimits } from './expiry.js';
import {
  checkDetails,
  isOpen,
  type SessionRecord,
  type SessionSettings,
  type SessionStatus,
  sessionId,
  sessionNotFound,
  transition,
} from './record.js';
import { type SessionQuery, selectSessions } from './search.js';
import type { SessionStore } from './session-store.js';

/** What is said of a session when it is made, and may be changed later. */
export interface SessionDetails {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** A new session. */
export interface NewSession extends SessionDetails {
  /** A UUID of the caller's choice. */
  readonly id?: string | undefined;
  readonly createdBy?: string | undefined;
  readonly parentId?: string | undefined;
  readonly settings?: SessionSettings | undefined;
}

/** What the sessions of a tenant are made of. */
export interface SessionParts {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  /** Forgets everything in a scope of the tenant's state. */
  clearState(scope: string, context: ExecutionContext): Promise<void>;
  /** Called now and then, when sessions were forgotten: their artifacts may be nobody's now. */
  collect(context: ExecutionContext): Promise<unknown>;
}

const DAY_MS = 86_400_000;

/**
 * The sessions of one tenant. Every change is durable when it is acknowledged, so a session whose process died is
 * taken up by another as it was. What the session's scripts keep is in the state's scope `session:<id>`.
 */
export class Sessions {
  constructor(private readonly parts: SessionParts) {}

  /** Makes an active session. @throws `session.limit`, `session.not_found` for the parent, `hook.cancelled` */
  async create(given: NewSession, context: ExecutionContext): Promise<SessionRecord> {
    await this.cleanUpDaily(context);
    const id = given.id === undefined ? context.effects.uuid() : sessionId(given.id);
    if (given.parentId !== undefined) await this.get(given.parentId, context);
    await this.checkRoom(context);
    let record!: SessionRecord;
    await around(pointOf('SessionStart', id), detailsOf(id, given), context, async (data) => {
      const details = detailsFrom(data);
      checkDetails(details);
      record = newRecord(id, { ...given, ...details }, context.effects.now());
      await this.parts.store.create(record);
      return null;
    });
    this.emit(record, 'created', context);
    return record;
  }

  /** A session by its id. @throws `session.invalid_id`, `session.not_found` */
  async get(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const found = await this.parts.store.get(sessionId(id));
    if (!found) throw sessionNotFound(sessionId(id));
    return this.current(found, context);
  }

  /** The sessions that a query asks for. */
  async find(query: SessionQuery, context: ExecutionContext): Promise<SessionRecord[]> {
    const records = await this.parts.store.all();
    const current: SessionRecord[] = [];
    for (const record of records) current.push(await this.current(record, context));
    return selectSessions(current, query);
  }

  /** Changes what is said of a session. */
  async describe(id: string, details: SessionDetails, context: ExecutionContext): Promise<SessionRecord> {
    checkDetails(details);
    const said = withoutAbsent(details) as Partial<SessionRecord>;
    return this.change(id, context, (record) => ({ ...record, ...said }));
  }

  /** A checkpoint, on demand. */
  async save(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const { id: known } = await this.get(id, context);
    const record = await this.through('SessionSave', known, {}, context, () =>
      this.checkpoint(known, context),
    );
    this.emit(record, 'saved', context);
    return record;
  }

  /** Takes a session up in this process: what was suspended or has expired is active again. */
  async load(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const before = await this.get(id, context);
    const { status } = before;
    const record = await this.through('SessionRestore', before.id, { status }, context, async () =>
      status === 'suspended' || status === 'expired' ? this.activate(before.id, context) : before,
    );
    this.emit(record, 'loaded', context);
    return record;
  }

  /** Puts an active session aside; it does not expire while it is suspended. */
  async suspend(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const { id: known } = await this.get(id, context);
    const record = await this.go(known, 'suspended', context, (next) => ({
      ...next,
      savedAt: context.effects.now(),
    }));
    this.emit(record, 'suspended', context);
    return record;
  }

  /** Takes up a suspended or expired session. @throws `session.illegal_transition`, `session.limit` */
  async resume(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const before = await this.get(id, context);
    transition(before, 'active');
    const { status } = before;
    const record = await this.through('SessionRestore', before.id, { status }, context, () =>
      this.activate(before.id, context),
    );
    this.emit(record, 'resumed', context);
    return record;
  }

  /** Ends a session well. */
  complete(id: string, summary: JsonValue | undefined, context: ExecutionContext): Promise<SessionRecord> {
    return this.end(id, 'completed', { summary }, context);
  }

  /** Ends a session that went wrong. */
  fail(id: string, reason: string | undefined, context: ExecutionContext): Promise<SessionRecord> {
    return this.end(id, 'failed', { reason }, context);
  }

  /** Puts an ended session away: it can only be read and deleted. */
  async archive(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const { id: known } = await this.get(id, context);
    const record = await this.go(known, 'archived', context);
    this.emit(record, 'archived', context);
    return record;
  }

  /** Forgets a session with its state and its artifacts. */
  async delete(id: string, context: ExecutionContext): Promise<void> {
    const record = await this.get(id, context);
    if (isOpen(record))
      await this.through(
        'SessionEnd',
        record.id,
        { status: record.status, reason: 'deleted' },
        context,
        async () => record,
      );
    await this.forget(record, context);
  }

  /** Notes that something was done in a session, and makes a checkpoint when it is time for one. */
  async touch(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const record = await this.change(id, context, (before) => before);
    if (record.status !== 'active' || !isDue(record, this.parts.limits, context.effects.now())) return record;
    const saved = await this.through('SessionCheckpoint', id, {}, context, () =>
      this.checkpoint(id, context),
    );
    this.emit(saved, 'saved', context, { automatic: true });
    return saved;
  }

  /**
   * A run works in a session: its journal is a part of the session's from now on. What was put aside is taken up.
   * @throws `session.not_found`
   */
  async enter(id: string, context: ExecutionContext): Promise<SessionRecord> {
    const { id: known, status } = await this.get(id, context);
    if (status === 'suspended' || status === 'expired') await this.load(known, context);
    const record = await this.touch(known, context);
    this.emit(record, 'started', context);
    return record;
  }

  /** Forgets ended sessions that have been kept for long enough; how many. */
  async cleanUp(context: ExecutionContext): Promise<number> {
    const now = context.effects.now();
    const records = await this.find({}, context);
    const old = records.filter((record) => outlived(record, this.parts.limits, now));
    for (const record of old) await this.forget(record, context);
    await this.parts.collect(context);
    return old.length;
  }

  private async cleanUpDaily(context: ExecutionContext): Promise<void> {
    const now = context.effects.now();
    const last = await this.parts.store.moment('cleaned');
    if (now - last < DAY_MS && now >= last) return;
    await this.parts.store.setMoment('cleaned', now);
    if (last > 0) await this.cleanUp(context);
  }

  private async forget(record: SessionRecord, context: ExecutionContext): Promise<void> {
    // The state first: a session that is there without its state is deleted again, never the other way round.
    await this.parts.clearState(`session:${record.id}`, context);
    if (await this.parts.store.delete(record.id)) this.emit(record, 'deleted', context);
  }

  private async end(
    id: string,
    to: 'completed' | 'failed',
    facts: Pick<SessionRecord, 'summary' | 'reason'>,
    context: ExecutionContext,
  ): Promise<SessionRecord> {
    const before = await this.get(id, context);
    transition(before, to);
    const data = { status: to, summary: facts.summary ?? null, reason: facts.reason ?? null };
    const record = await this.through('SessionEnd', before.id, data, context, () =>
      this.go(before.id, to, context, (next) => ({ ...next, ...withoutAbsent(facts), ...ended(context) })),
    );
    this.emit(record, to, context, facts.reason === undefined ? undefined : { reason: facts.reason });
    return record;
  }

  /** The session as it is at this moment: it may have expired since it was last looked at. */
  private async current(record: SessionRecord, context: ExecutionContext): Promise<SessionRecord> {
    const reason = expired(record, this.parts.limits, context.effects.now());
    if (reason === undefined) return record;
    const changed = await this.parts.store.update(record.id, (fresh) => ({
      record: this.aged(fresh, context),
    }));
    if (changed.status === 'expired') this.emit(changed, 'expired', context, { reason });
    return changed;
  }

  private aged(record: SessionRecord, context: ExecutionContext): SessionRecord {
    const reason = expired(record, this.parts.limits, context.effects.now());
    return reason === undefined ? record : { ...transition(record, 'expired'), ...ended(context), reason };
  }

  private async activate(id: string, context: ExecutionContext): Promise<SessionRecord> {
    await this.checkRoom(context);
    return this.go(id, 'active', context, ({ endedAt: _, reason: __, ...next }) => ({
      ...next,
      activeSince: context.effects.now(),
    }));
  }

  private go(
    id: string,
    to: SessionStatus,
    context: ExecutionContext,
    finish: (next: SessionRecord) => SessionRecord = (next) => next,
  ): Promise<SessionRecord> {
    return this.change(id, context, (record) => finish(transition(record, to)));
  }

  private checkpoint(id: string, context: ExecutionContext): Promise<SessionRecord> {
    return this.change(id, context, (record) => ({ ...record, savedAt: context.effects.now() }));
  }

  private change(
    id: string,
    context: ExecutionContext,
    change: (record: SessionRecord) => SessionRecord,
  ): Promise<SessionRecord> {
    return this.parts.store.update(sessionId(id), (record) => ({
      record: touched(change(record), context.effects.now()),
    }));
  }

  private async through(
    point: NamedHookPoint,
    id: string,
    facts: JsonObject,
    context: ExecutionContext,
    work: () => Promise<SessionRecord>,
  ): Promise<SessionRecord> {
    let record!: SessionRecord;
    await around(pointOf(point, id), { session_id: id, ...facts }, context, async () => {
      record = await work();
      return null;
    });
    return record;
  }

  private async checkRoom(context: ExecutionContext): Promise<void> {
    const { maxActive } = this.parts.limits;
    const active = await this.find({ status: 'active' }, context);
    if (active.length >= maxActive)
      throw fail('session.limit', `Resource limit exceeded: ${active.length} sessions are active`, {
        hint: 'Complete or suspend some, or raise runtime.sessions.max_sessions.',
      });
  }

  private emit({ id }: SessionRecord, change: Changed, context: ExecutionContext, data?: JsonObject): void {
    context.emit({ type: 'session.changed', session: id, change, ...(data && { data }) });
  }
}

function newRecord(id: string, given: NewSession, now: number): SessionRecord {
  const { name, description, tags = [], createdBy, parentId, metadata = {}, settings = {} } = given;
  return {
    id,
    ...withoutAbsent({ name, description, createdBy, parentId }),
    tags: [...new Set(tags)],
    status: 'active',
    metadata,
    settings,
    createdAt: now,
    activeSince: now,
    updatedAt: now,
    operations: 0,
    artifacts: 0,
    artifactBytes: 0,
    nextArtifact: 1,
  };
}

/** One more thing happened to it; its clock never goes back. */
export function touched(record: SessionRecord, now: number): SessionRecord {
  return { ...record, operations: record.operations + 1, updatedAt: Math.max(now, record.updatedAt) };
}

function ended(context: ExecutionContext): { endedAt: number } {
  return { endedAt: context.effects.now() };
}

function pointOf(before: NamedHookPoint, id: string) {
  return { before, subject: { type: 'Session', name: id } } as const;
}

/** What handlers of `SessionStart` see and may change. */
function detailsOf(id: string, { name, description, tags = [], metadata = {} }: NewSession): JsonObject {
  return {
    session_id: id,
    name: name ?? null,
    description: description ?? null,
    tags: [...tags],
    metadata,
  };
}

function detailsFrom(data: JsonObject): SessionDetails {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const { tags, metadata } = data;
  return {
    name: text(data.name),
    description: text(data.description),
    tags: Array.isArray(tags) ? tags.map(String) : [],
    metadata: typeof metadata === 'object' && !Array.isArray(metadata) ? (metadata ?? {}) : {},
  };
}

/** The fields that are there. */
export function withoutAbsent<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
