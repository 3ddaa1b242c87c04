import type { ArtifactRecord } from '../../sessions/artifact-record.js';
import type { SessionRecord } from '../../sessions/record.js';
import type { RunRecord } from '../../storage/journal-store.js';
import { printable } from '../printable.js';
import { alignColumns } from '../render/columns.js';
import { clockTime, duration } from '../runs/figures.js';

/** A session as people read it. */
export function renderSession(
  record: SessionRecord,
  artifacts: readonly ArtifactRecord[],
  runs: readonly RunRecord[],
): string {
  const parts = [alignColumns(facts(record).map(([key, value]) => [key, printable(value)]))];
  if (runs.length > 0) parts.push(`Runs:\n${alignColumns(runs.map(runRow))}`);
  if (artifacts.length > 0) parts.push(`Artifacts:\n${artifactTable(artifacts)}`);
  return parts.join('\n\n');
}

/** Artifacts as people read them. */
export function artifactTable(artifacts: readonly ArtifactRecord[]): string {
  if (artifacts.length === 0) return 'There are no artifacts.';
  const rows = artifacts.map(({ hash, name, version, type, size, createdAt }) => [
    hash.slice(0, 12),
    `v${version}`,
    String(size),
    clockTime(createdAt),
    printable(type),
    printable(name),
  ]);
  return alignColumns([['HASH', 'VERSION', 'BYTES', 'STORED', 'TYPE', 'NAME'], ...rows]);
}

function facts(record: SessionRecord): [string, string][] {
  const all: [string, string | undefined][] = [
    ['session', record.id],
    ['name', record.name],
    ['description', record.description],
    ['status', record.reason === undefined ? record.status : `${record.status}: ${record.reason}`],
    ['tags', record.tags.length > 0 ? record.tags.join(', ') : undefined],
    [
      'created',
      clockTime(record.createdAt) + (record.createdBy === undefined ? '' : ` by ${record.createdBy}`),
    ],
    ['last active', clockTime(record.updatedAt)],
    ['ended', record.endedAt === undefined ? undefined : clockTime(record.endedAt)],
    ['parent', record.parentId],
    ['summary', record.summary === undefined ? undefined : JSON.stringify(record.summary)],
    ['metadata', Object.keys(record.metadata).length > 0 ? JSON.stringify(record.metadata) : undefined],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function runRow({ run, startedAt, status, durationMs, name }: RunRecord): string[] {
  const took = durationMs === undefined ? '' : duration(durationMs);
  return [run, clockTime(startedAt), status, took, printable(name)];
}
