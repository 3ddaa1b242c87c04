import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { JsonObject, JsonValue, ScriptValue } from '../core/values.js';
import {
  type ArtifactDetails,
  type ArtifactId,
  type ArtifactRecord,
  idOf,
  spelledType,
} from '../sessions/artifact-record.js';
import type { ArtifactQuery } from '../sessions/artifact-search.js';
import type { Artifacts } from '../sessions/artifacts.js';
import type { Call } from './define.js';
import { count, date } from './session-types.js';
import { anyValue, integer, table, text } from './types.js';

/** The id of an artifact, in either spelling. */
export const artifactId = z
  .object({
    content_hash: z.string(),
    session_id: z.string(),
    sequence: integer().describe('The version of its name.'),
    name: text()
      .optional()
      .describe('Tells apart names with the same content; the first of them when absent.'),
  })
  .meta({ id: 'ArtifactId' });

/** An artifact as scripts see it. */
export const artifactInfo = z
  .object({
    id: artifactId,
    content_hash: z.string().describe('BLAKE3 of the content.'),
    name: z.string(),
    description: z.string().optional(),
    type: z.string(),
    artifact_type: z.string().describe('The type as older spells read it.'),
    mime_type: z.string(),
    size: z.int(),
    tags: z.array(z.string()),
    custom: z.record(z.string(), z.any()),
    version: z.int(),
    created_at: z.string(),
    created_by: z.string().optional(),
    parent_artifact: z
      .string()
      .optional()
      .describe('The hash of the version before, or of what it was made from.'),
    is_compressed: z.boolean(),
    original_size: z.int().optional(),
  })
  .meta({ id: 'ArtifactInfo' });

/** The query of `Artifact.query`. */
export const artifactQuery = z
  .preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.strictObject({
      session_id: text().optional().describe('All sessions when absent.'),
      type: text().optional(),
      name_pattern: text()
        .optional()
        .describe('A part of the name, or a glob with `*` or `?`; case is ignored.'),
      tags: z.array(text()).optional().describe('All of them.'),
      created_after: text().optional().describe('RFC 3339.'),
      created_before: text().optional(),
      min_size: count().optional(),
      max_size: count().optional(),
      limit: count().optional(),
    }),
  )
  .meta({ id: 'ArtifactQuery' });

/** The parameter `session_id`: empty text is the current session. */
export const ownerParam = () => text().describe('A session; empty text is the current one.');

/** The parameter `metadata`. */
export const metadataParam = () =>
  table()
    .optional()
    .describe(
      '`mime_type`, `tags`, `description`, `created_by`, `derived_from`; everything else is kept under `custom`.',
    );

/** The artifacts of the tenant. */
export async function artifactsOf(call: Call): Promise<Artifacts> {
  return (await call.services.sessions()).artifacts;
}

/** The session that is meant. @throws `session.no_current` */
export function ownerOf({ services }: Call, id: string): string {
  const meant = id === '' ? services.currentSession.id : id;
  if (meant !== undefined) return meant;
  throw fail('session.no_current', 'No current session set', {
    hint: 'Session.set_current chooses one; or name the session.',
  });
}

/** The artifact that is meant: its id is given with its session, or after it. */
export function meant(call: Call, session: string, id: ArtifactId): ArtifactId {
  const owner = ownerOf(call, session);
  if (owner.toLowerCase() === id.session_id.toLowerCase()) return id;
  throw fail(
    'artifact.not_found',
    `Artifact not found: version ${id.sequence} of ${id.content_hash.slice(0, 16)}`,
    {
      hint: 'The artifact belongs to another session than the one that was named.',
    },
  );
}

/** Content as a script gives it: text or bytes. @throws `artifact.invalid` */
export function contentOf(given: ScriptValue): Uint8Array {
  if (typeof given === 'string') return Buffer.from(given, 'utf8');
  if (given instanceof Uint8Array) return given;
  throw fail('artifact.invalid', 'Content must be string or byte array', {
    hint: 'Tables can be stored as JSON.stringify(value).',
  });
}

/** The parameter `content`. */
export const contentParam = () => anyValue().describe('Text or bytes.');

/** Content as scripts get it: text where it is UTF-8, else bytes. */
export function shownContent(content: Buffer): string | Uint8Array {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? text : new Uint8Array(content);
}

/** What a script says of an artifact, in the room's own terms. @throws `artifact.invalid` */
export function detailsOf(metadata: JsonObject = {}): ArtifactDetails {
  const { mime_type, tags, description, created_by, derived_from, custom, ...rest } = metadata;
  const own = custom && typeof custom === 'object' && !Array.isArray(custom) ? custom : {};
  return {
    mimeType: optionalText('mime_type', mime_type),
    tags: tags === undefined || tags === null ? undefined : textList(tags),
    description: optionalText('description', description),
    createdBy: optionalText('created_by', created_by),
    derivedFrom: optionalText('derived_from', derived_from),
    custom: custom === undefined && Object.keys(rest).length === 0 ? undefined : { ...rest, ...own },
  };
}

/** What a script wants to be different: keys of its own come beside those that are kept. @throws `artifact.invalid` */
export function changesOf(before: ArtifactRecord, metadata: JsonObject = {}): ArtifactDetails {
  const details = detailsOf(metadata);
  if (details.custom === undefined || metadata.custom !== undefined) return details;
  return { ...details, custom: { ...before.custom, ...details.custom } };
}

function optionalText(key: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw fail('artifact.invalid', `The metadata's ${key} is text`);
}

function textList(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((tag) => typeof tag === 'string')) return value;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return [];
  throw fail('artifact.invalid', "The metadata's tags are a list of texts");
}

/** The query in the room's own terms; dates that are none are left out, as older spells expect. */
export function queryOf(given: z.output<typeof artifactQuery> = {}): ArtifactQuery {
  return {
    session: given.session_id,
    type: given.type,
    namePattern: given.name_pattern,
    tags: given.tags,
    createdAfter: moment(given.created_after),
    createdBefore: moment(given.created_before),
    minSize: given.min_size,
    maxSize: given.max_size,
    limit: given.limit,
  };
}

function moment(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The artifact as scripts see it. */
export function shownArtifact(record: ArtifactRecord): { [key: string]: JsonValue } {
  const { name, description, type, mimeType, size, tags, custom, version, hash, createdBy } = record;
  const compressed = record.storedSize < size;
  const shown = {
    id: { ...idOf(record) },
    content_hash: hash,
    name,
    description,
    type,
    artifact_type: spelledType(type),
    mime_type: mimeType,
    size,
    tags: [...tags],
    custom,
    version,
    created_at: date(record.createdAt),
    created_by: createdBy,
    parent_artifact: record.derivedFrom ?? record.previous,
    is_compressed: compressed,
    original_size: compressed ? size : undefined,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as never;
}
