import type { z } from 'zod';
import { closest } from './closest.js';
import { fail, type LlmspellError } from './errors.js';

export { closest } from './closest.js';

/** The error for input that a schema refuses: names each field, what was wrong, and the closest known key. */
export function inputError(subject: string, error: z.ZodError, schema?: z.ZodType): LlmspellError {
  const problems = error.issues.slice(0, 5).map((issue) => describe(issue, schema));
  return fail('input.invalid', `Invalid input for ${subject}: ${problems.join('; ')}`, {
    details: {
      issues: error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    },
  });
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType | undefined): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path.reduce(part, schema));
    const shown = issue.keys.slice(0, MAX_UNKNOWN_KEYS);
    return shown.map((key) => unknownKey(path && `${path}.`, key, known)).join('; ');
  }
  if (isMissing(issue)) return `Missing required parameter '${path}'`;
  return issueText(issue);
}

/** What is wrong with a field, and which. */
export function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  const message = issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^expected record\b/, 'expected object');
  return path ? `'${path}': ${message}` : message;
}

/** Unknown keys that an error names. */
const MAX_UNKNOWN_KEYS = 10;

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.path.length > 0 && issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  );
}

function unknownKey(prefix: string, key: string, known: string[]): string {
  const near = closest(key, known);
  return `unknown key '${prefix}${key}'${near ? `, did you mean '${prefix}${near}'?` : ''}`;
}

/** What the schemas that hold others offer for looking inside. */
interface Holder {
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  unwrap?: () => z.ZodType;
}

function knownKeys(schema: z.ZodType | undefined): string[] {
  return Object.keys(unwrapped(schema)?.shape ?? {});
}

/** The schema of a field or an element; undefined where there is no one schema for it. */
function part(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  const holder = unwrapped(schema);
  return holder?.shape?.[String(key)] ?? holder?.element;
}

/** The schema inside optional ones, defaults and the like. */
function unwrapped(schema: z.ZodType | undefined): Holder | undefined {
  let inner = schema as Holder | undefined;
  while (inner?.unwrap && !inner.element && !inner.shape) inner = inner.unwrap() as Holder;
  return inner;
}
