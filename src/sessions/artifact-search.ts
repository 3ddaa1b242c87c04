import { type ArtifactRecord, artifactType } from './artifact-record.js';
import { textTest } from './search.js';

/** Which artifacts are wanted. */
export interface ArtifactQuery {
  readonly session?: string | undefined;
  readonly type?: string | undefined;
  /** A glob when it contains `*` or `?`, else a part of the name; case is ignored. */
  readonly namePattern?: string | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  readonly limit?: number | undefined;
}

/** The artifacts that a query asks for, newest first. */
export function selectArtifacts(records: readonly ArtifactRecord[], query: ArtifactQuery): ArtifactRecord[] {
  const { namePattern, type, limit } = query;
  const named = namePattern === undefined || namePattern === '' ? () => true : textTest(namePattern);
  const wanted = type === undefined ? undefined : artifactType(type);
  const found = records.filter(
    (record) => (wanted === undefined || record.type === wanted) && named(record.name) && fits(record, query),
  );
  found.sort((a, b) => b.createdAt - a.createdAt || b.number - a.number);
  return limit === undefined ? found : found.slice(0, limit);
}

function fits({ tags, createdAt, size }: ArtifactRecord, query: ArtifactQuery): boolean {
  const { createdAfter = 0, createdBefore = Number.POSITIVE_INFINITY } = query;
  const { minSize = 0, maxSize = Number.POSITIVE_INFINITY } = query;
  return (
    (query.tags ?? []).every((tag) => tags.includes(tag)) &&
    createdAt >= createdAfter &&
    createdAt <= createdBefore &&
    size >= minSize &&
    size <= maxSize
  );
}
