import { compileGlob } from '../core/glob.js';
import type { SessionRecord, SessionStatus } from './record.js';

/** What sessions are ordered by. */
export const SESSION_ORDERS = [
  'created_at',
  'updated_at',
  'name',
  'artifact_count',
  'operation_count',
] as const;

/** Which sessions are wanted. */
export interface SessionQuery {
  readonly status?: SessionStatus | undefined;
  readonly createdBy?: string | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  readonly parentId?: string | undefined;
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
  /** In the name, the description or a tag; a glob when it contains `*` or `?`. Case is ignored. */
  readonly text?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** `updated_at` when absent. */
  readonly sortBy?: (typeof SESSION_ORDERS)[number] | undefined;
  readonly descending?: boolean | undefined;
}

/** The sessions that a query asks for, in its order. */
export function selectSessions(records: readonly SessionRecord[], query: SessionQuery): SessionRecord[] {
  const { offset = 0, limit = Number.POSITIVE_INFINITY, sortBy = 'updated_at', descending = false } = query;
  const matches = textMatcher(query.text);
  const wanted = records.filter((record) => fits(record, query) && matches(record));
  wanted.sort((a, b) => compare(ORDER[sortBy](a), ORDER[sortBy](b)) || compare(a.id, b.id));
  if (descending) wanted.reverse();
  return wanted.slice(offset, offset + limit);
}

const ORDER: Readonly<Record<(typeof SESSION_ORDERS)[number], (record: SessionRecord) => string | number>> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  name: ({ name }) => name ?? '',
  artifact_count: ({ artifacts }) => artifacts,
  operation_count: ({ operations }) => operations,
};

function fits(record: SessionRecord, query: SessionQuery): boolean {
  const { status, createdBy, tags = [], parentId, createdAfter, createdBefore } = query;
  return (
    (status === undefined || record.status === status) &&
    (createdBy === undefined || record.createdBy === createdBy) &&
    (parentId === undefined || record.parentId === parentId) &&
    (createdAfter === undefined || record.createdAt >= createdAfter) &&
    (createdBefore === undefined || record.createdAt <= createdBefore) &&
    tags.every((tag) => record.tags.includes(tag))
  );
}

/** Matches texts: by glob when there is a wildcard, else by what they contain; case is ignored. */
export function textTest(pattern: string): (text: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return (text) => text.toLowerCase().includes(wanted);
  const glob = compileGlob(wanted);
  return (text) => glob.matches(text.toLowerCase());
}

function textMatcher(pattern: string | undefined): (record: SessionRecord) => boolean {
  if (pattern === undefined || pattern === '') return () => true;
  const test = textTest(pattern);
  return ({ id, name = '', description = '', tags }) => [id, name, description, ...tags].some(test);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
