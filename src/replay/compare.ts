import { isRecord, type JsonValue } from '../core/values.js';

/** How much a difference counts. */
export const SEVERITIES = { info: 0.1, minor: 0.25, major: 0.5, critical: 1 } as const;
/** A word for how much a difference counts. */
export type Severity = keyof typeof SEVERITIES;

/** One place at which two values differ. */
export interface Difference {
  /** `steps[0].output.text`; `$` is the value itself. */
  readonly path: string;
  readonly description: string;
  readonly severity: Severity;
}

/** What {@link compareJson} finds. */
export interface Comparison {
  readonly identical: boolean;
  /** From 1 (identical) down to 0: ten hundredths for each difference, by its weight. */
  readonly similarity_score: number;
  readonly summary: string;
  readonly differences?: readonly Difference[];
}

/** Members that are other every time. */
const IGNORED = new Set(['timestamp', 'duration']);
/** Differences in what came out of something matter most. */
const CRITICAL = /error|result/;

/** Compares two values, place by place. Members called `timestamp` or `duration` are left out, at any depth. */
export function compareJson(before: JsonValue, after: JsonValue): Comparison {
  const differences = differencesOf(before, after, '');
  if (differences.length === 0)
    return { identical: true, similarity_score: 1, summary: 'Results are identical' };
  const weight = differences.reduce((sum, { severity }) => sum + SEVERITIES[severity], 0);
  // In whole numbers, so that no binary fraction shows.
  const similarity_score = Math.max(0, Math.round(10_000 - 1000 * weight)) / 10_000;
  return { identical: false, similarity_score, summary: summaryOf(differences), differences };
}

function summaryOf(differences: readonly Difference[]): string {
  const counts = (['critical', 'major', 'minor', 'info'] as const).flatMap((severity) => {
    const count = differences.filter((difference) => difference.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  const noun = differences.length === 1 ? 'difference' : 'differences';
  return `${differences.length} ${noun}: ${counts.join(', ')}`;
}

function differencesOf(before: JsonValue, after: JsonValue, path: string): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, path);
  if (isRecord(before) && isRecord(after)) return inRecords(before, after, path);
  if (before === after) return [];
  const [was, is] = [kindOf(before), kindOf(after)];
  if (was !== is) return [difference(path, `${was} became ${is}`, 'major')];
  const severity = isSameText(before, after) ? 'info' : 'minor';
  return [difference(path, `${shown(before)} became ${shown(after)}`, severity)];
}

function inLists(before: JsonValue[], after: JsonValue[], path: string): Difference[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) =>
    inMember(before[index], after[index], `${path}[${index}]`),
  ).flat();
}

function inRecords(
  before: Record<string, JsonValue>,
  after: Record<string, JsonValue>,
  path: string,
): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => !IGNORED.has(key))
    .flatMap((key) => inMember(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`));
}

function inMember(before: JsonValue | undefined, after: JsonValue | undefined, path: string): Difference[] {
  if (before === undefined) return [difference(path, `${shown(after ?? null)} came in`, 'minor')];
  if (after === undefined) return [difference(path, `${shown(before)} is missing`, 'major')];
  return differencesOf(before, after, path);
}

function difference(path: string, description: string, severity: Severity): Difference {
  return {
    path: path === '' ? '$' : path,
    description,
    severity: CRITICAL.test(path) ? 'critical' : severity,
  };
}

function own(record: Record<string, JsonValue>, key: string): JsonValue | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Texts that differ in nothing but case and white space. */
function isSameText(before: JsonValue, after: JsonValue): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
  return typeof before === 'string' && typeof after === 'string' && plain(before) === plain(after);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'list' : typeof value === 'object' ? 'table' : typeof value;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
