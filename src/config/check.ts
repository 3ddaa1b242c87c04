import type { z } from 'zod';
import { isSecretKey } from '../core/redact.js';
import { closest } from '../core/schema.js';
import { isRecord } from '../core/values.js';
import { type Merged, placeOf } from './layers.js';
import { formatPath, getAt } from './paths.js';
import { configSchema } from './schema.js';
import type { ConfigIssue } from './types.js';

/** What the schema refuses in the merged values, each with what was expected, what was found, and where. */
export function checkValues(merged: Merged): ConfigIssue[] {
  const result = configSchema.safeParse(merged.values);
  if (result.success) return [];
  return result.error.issues.map((issue) => toIssue(issue, merged));
}

function toIssue(issue: z.core.$ZodIssue, merged: Merged): ConfigIssue {
  const path = issue.path.map(String);
  const value = getAt(merged.values, path);
  const suggestion = suggestionFor(issue, value);
  const where = placeOf(merged, path);
  const found = value === undefined || !namesType(issue) ? '' : `, got ${describe(value, path)}`;
  const meant = suggestion ? `; did you mean '${suggestion}'?` : '';
  return {
    code: 'invalid_value',
    path: formatPath(path),
    message: `${formatPath(path)}: ${expectation(issue, path, value)}${found}${meant}`,
    ...(suggestion && { suggestion }),
    ...(issue.code === 'invalid_value' && { allowed: issue.values.map(String) }),
    ...(where && { where }),
  };
}

function namesType(issue: z.core.$ZodIssue): boolean {
  return issue.code !== 'custom' && issue.code !== 'unrecognized_keys';
}

const ARTICLES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text in quotes',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
  record: 'a table',
};

/** Backends that other programs of this kind have; naming what there is instead saves a search. */
const FOREIGN_BACKENDS: ReadonlySet<unknown> = new Set(['sled', 'redis', 'sqlite', 'postgres', 'rocksdb']);

function expectation(issue: z.core.$ZodIssue, path: readonly string[], value: unknown): string {
  if (issue.code === 'invalid_type') return `expected ${ARTICLES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value' && FOREIGN_BACKENDS.has(value) && path.at(-1)?.includes('backend'))
    return `there is no such backend; the backends are ${issue.values.join(' and ')}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'expected an http:// or https:// address';
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}${unit(issue)}`;
  return issue.message;
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'must not be empty';
  if (issue.origin === 'array' && issue.minimum === 1) return 'the list must not be empty';
  return issue.inclusive === false
    ? `expected more than ${issue.minimum}`
    : `expected at least ${issue.minimum}${unit(issue)}`;
}

function unit(issue: { origin: string }): string {
  return issue.origin === 'array' ? ' entries' : '';
}

function suggestionFor(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return undefined;
  return closest(value, issue.values.map(String));
}

function describe(value: unknown, path: readonly string[]): string {
  if (path.some(isSecretKey)) return 'something else';
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a table';
  return typeof value === 'string' ? `'${value.slice(0, 60)}'` : String(value);
}
