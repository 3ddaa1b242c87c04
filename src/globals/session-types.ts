import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import { SESSION_STATUSES, type SessionRecord, type SessionSettings } from '../sessions/record.js';
import { SESSION_ORDERS, type SessionQuery } from '../sessions/search.js';
import type { NewSession, SessionDetails, Sessions } from '../sessions/sessions.js';
import type { Call } from './define.js';
import { flag, integer, number, table, text } from './types.js';

/** An empty list is an empty table. */
const record = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? {} : value), z.strictObject(shape));

const positive = () => number().pipe(z.number().positive());
const notNegative = () => number().pipe(z.number().min(0));
/** How many. */
export const count = () => integer().pipe(z.int().min(0));

const tags = () => z.array(text()).optional();

const settings = record({
  max_duration: positive().optional().describe('Seconds for which it can be active.'),
  timeout: positive().optional().describe('Seconds of silence after which it expires.'),
  auto_save_interval: notNegative().optional().describe('Seconds between checkpoints; 0 makes none.'),
  max_artifacts: count().optional(),
  max_artifact_bytes: count().optional().describe('Bytes of all its artifacts together.'),
  retention_days: notNegative().optional().describe('Days for which it is kept when it has ended.'),
});

/** The options of `Session.create`. */
export const sessionOptions = record({
  id: text().optional().describe('A UUID of your choice.'),
  name: text().optional(),
  description: text().optional(),
  tags: tags(),
  metadata: table().optional(),
  created_by: text().optional(),
  parent_session_id: text().optional(),
  config: settings.optional(),
}).meta({ id: 'SessionOptions' });

/** What `Session.update` changes. */
export const sessionDetails = record({
  name: text().optional(),
  description: text().optional(),
  tags: tags(),
  metadata: table().optional(),
}).meta({ id: 'SessionDetails' });

/** The query of `Session.list`. */
export const sessionQuery = record({
  status: z.enum(SESSION_STATUSES).optional(),
  tags: tags().describe('All of them.'),
  created_by: text().optional(),
  parent_session_id: text().optional(),
  created_after: z.union([number(), text()]).optional().describe('Milliseconds since 1970, or a date.'),
  created_before: z.union([number(), text()]).optional(),
  search_text: text().optional().describe('In the name, the description or a tag; a glob with `*` or `?`.'),
  limit: count().optional(),
  offset: count().optional(),
  sort_by: z.preprocess(orderWord, z.enum(SESSION_ORDERS)).optional(),
  sort_desc: flag().optional(),
}).meta({ id: 'SessionQuery' });

/** A session as scripts see it. */
export const sessionInfo = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    tags: z.array(z.string()),
    status: z.enum(SESSION_STATUSES),
    created_at: z.string().describe('RFC 3339.'),
    updated_at: z.string(),
    saved_at: z.string().optional(),
    ended_at: z.string().optional(),
    created_by: z.string().optional(),
    parent_session_id: z.string().optional(),
    custom_metadata: z.record(z.string(), z.any()),
    summary: z.any().optional(),
    reason: z.string().optional().describe('Why it failed or expired.'),
    artifact_count: z.int(),
    artifact_bytes: z.int(),
    operation_count: z.int(),
  })
  .meta({ id: 'SessionInfo' });

/** The parameter `id`. */
export const sessionIdParam = () => text().describe('What `Session.create` gave.');

/** The sessions of the tenant. */
export async function sessionsOf(call: Call): Promise<Sessions> {
  return (await call.services.sessions()).sessions;
}

/** The options in the room's own terms. */
export function newSession(given: z.output<typeof sessionOptions> = {}): NewSession {
  const { id, created_by: createdBy, parent_session_id: parentId, config } = given;
  return { ...detailsOf(given), id, createdBy, parentId, settings: config && settingsOf(config) };
}

/** The details in the room's own terms. */
export function detailsOf({
  name,
  description,
  tags: words,
  metadata,
}: z.output<typeof sessionDetails>): SessionDetails {
  return { name, description, tags: words, metadata };
}

function settingsOf(config: z.output<typeof settings>): SessionSettings {
  return {
    maxDurationSeconds: config.max_duration,
    timeoutSeconds: config.timeout,
    autoSaveSeconds: config.auto_save_interval,
    maxArtifacts: config.max_artifacts,
    maxArtifactBytes: config.max_artifact_bytes,
    retentionDays: config.retention_days,
  };
}

/** The query in the room's own terms. @throws `input.invalid` for what is no date */
export function queryOf(given: z.output<typeof sessionQuery> = {}): SessionQuery {
  return {
    status: given.status,
    tags: given.tags,
    createdBy: given.created_by,
    parentId: given.parent_session_id,
    createdAfter: moment(given.created_after),
    createdBefore: moment(given.created_before),
    text: given.search_text,
    limit: given.limit,
    offset: given.offset,
    sortBy: given.sort_by,
    descending: given.sort_desc,
  };
}

/** @throws `input.invalid` */
function moment(given: number | string | undefined): number | undefined {
  if (given === undefined || typeof given === 'number') return given;
  const time = Date.parse(given);
  if (Number.isNaN(time))
    throw fail('input.invalid', `'${given}' is no date`, { hint: 'Write 2026-05-01T12:00:00Z.' });
  return time;
}

/** The session as scripts see it. */
export function shownSession(record: SessionRecord): { [key: string]: JsonValue } {
  const {
    id,
    name,
    description,
    tags: words,
    status,
    createdBy,
    parentId,
    metadata,
    summary,
    reason,
  } = record;
  const shown = {
    id,
    name,
    description,
    tags: [...words],
    status,
    created_at: date(record.createdAt),
    updated_at: date(record.updatedAt),
    saved_at: date(record.savedAt),
    ended_at: date(record.endedAt),
    created_by: createdBy,
    parent_session_id: parentId,
    custom_metadata: metadata,
    summary,
    reason,
    artifact_count: record.artifacts,
    artifact_bytes: record.artifactBytes,
    operation_count: record.operations,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as never;
}

/** RFC 3339, of milliseconds since the Unix epoch. */
export function date(moment: number): string;
export function date(moment: number | undefined): string | undefined;
export function date(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}

/** `CreatedAt`, `created_at` and `createdAt` are the same word. */
function orderWord(value: unknown): unknown {
  const plain = (word: string) => word.toLowerCase().replace(/[-_ ]/g, '');
  return typeof value === 'string'
    ? (SESSION_ORDERS.find((order) => plain(order) === plain(value)) ?? value)
    : (value as ScriptValue);
}
