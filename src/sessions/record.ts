import { fail } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';

/** What a session can be. */
export const SESSION_STATUSES = [
  'active',
  'suspended',
  'completed',
  'failed',
  'expired',
  'archived',
] as const;
/** One of {@link SESSION_STATUSES}. */
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** What a session may use up; a limit that is absent is the configuration's. */
export interface SessionSettings {
  /** Seconds for which it can be active. */
  readonly maxDurationSeconds?: number | undefined;
  /** Seconds of silence after which it expires. */
  readonly timeoutSeconds?: number | undefined;
  /** Seconds between the checkpoints that are made by themselves; 0 makes none. */
  readonly autoSaveSeconds?: number | undefined;
  readonly maxArtifacts?: number | undefined;
  /** Bytes of all its artifacts together. */
  readonly maxArtifactBytes?: number | undefined;
  /** Days for which it is kept when it has ended. */
  readonly retentionDays?: number | undefined;
}

/** A session as it is stored. Times are milliseconds since the Unix epoch. */
export interface SessionRecord {
  /** A UUID. */
  readonly id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags: readonly string[];
  readonly status: SessionStatus;
  readonly createdBy?: string | undefined;
  readonly parentId?: string | undefined;
  readonly metadata: JsonObject;
  readonly settings: SessionSettings;
  readonly createdAt: number;
  /** When it was made or last taken up again: its longest duration counts from then. */
  readonly activeSince: number;
  /** The last sign of life; never goes back, whatever the clock does. */
  readonly updatedAt: number;
  readonly savedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** What whoever completed it said of it. */
  readonly summary?: JsonValue | undefined;
  /** Why it failed. */
  readonly reason?: string | undefined;
  /** Changes of the session and its artifacts so far. */
  readonly operations: number;
  readonly artifacts: number;
  readonly artifactBytes: number;
  /** The number of the next artifact. */
  readonly nextArtifact: number;
}

/** From where a session can go where. What has expired was only silent for too long: it can be taken up again. */
const TRANSITIONS: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  active: ['suspended', 'completed', 'failed', 'expired'],
  suspended: ['active', 'completed', 'failed', 'expired'],
  expired: ['active', 'completed', 'failed', 'archived'],
  completed: ['archived'],
  failed: ['archived'],
  archived: [],
};

/** The session in its next status. @throws `session.illegal_transition` */
export function transition(record: SessionRecord, to: SessionStatus): SessionRecord {
  if (TRANSITIONS[record.status].includes(to)) return { ...record, status: to };
  throw fail(
    'session.illegal_transition',
    `Invalid session state transition from ${record.status} to ${to}`,
    {
      hint: hintFor(record.status),
      details: { session: record.id, from: record.status, to },
    },
  );
}

function hintFor(status: SessionStatus): string {
  const next = TRANSITIONS[status];
  return next.length > 0
    ? `From here it can become ${next.join(', ')}.`
    : 'An archived session only waits to be deleted.';
}

/** Whether work can still go on in it, now or after it was resumed. */
export function isOpen({ status }: SessionRecord): boolean {
  return status === 'active' || status === 'suspended';
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id as it is stored. @throws `session.invalid_id` */
export function sessionId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw fail('session.invalid_id', `Invalid session ID: ${text.slice(0, 100)}`, {
    hint: 'A session id is the UUID that Session.create gave; Session.list() shows them.',
  });
}

/** @throws `session.invalid` for a name or a tag that could not be shown in a list. */
export function checkDetails({
  name,
  tags = [],
}: {
  name?: string | undefined;
  tags?: readonly string[] | undefined;
}): void {
  if (name !== undefined && (name.length > 255 || /[\0\r\n]/.test(name)))
    throw fail('session.invalid', "A session's name is one line of at most 255 characters");
  if (tags.some((tag) => tag.length < 1 || tag.length > 64))
    throw fail('session.invalid', 'A tag has 1 to 64 characters');
}

/** There is none of that id. */
export function sessionNotFound(id: string): Error {
  return fail('session.not_found', `Session not found: ${id}`, {
    hint: 'Session.list() and `llmspell session list` show what there is.',
    details: { session: id },
  });
}
