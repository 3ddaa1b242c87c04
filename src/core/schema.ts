import type { z } from 'zod';
import { closest } from './closest.js';
import { fail, type LlmspellError } from './errors.js';

export { closest } from './closest.js';

/** The error for input that a schema refuses: names each field, what was wrong, and the closest known key. */
export function inputError(subject: string, error: z.ZodError, schema?: z.ZodType): LlmspellError {
  const known = schema ? knownKeys(schema) : [];
  const problems = error.issues.slice(0, 5).map((issue) => describe(issue, known));
  return fail('input.invalid', `Invalid input for ${subject}: ${problems.join('; ')}`, {
    details: {
      issues: error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    },
  });
}

function describe(issue: z.core.$ZodIssue, known: string[]): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, known)).join('; ');
  if (isMissing(issue)) return `Missing required parameter '${path}'`;
  return path ? `'${path}': ${issue.message}` : issue.message;
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.path.length > 0 && issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  );
}

function unknownKey(key: string, known: string[]): string {
  const near = closest(key, known);
  return `unknown key '${key}'${near ? `, did you mean '${near}'?` : ''}`;
}

function knownKeys(schema: z.ZodType): string[] {
  const shape = (schema as { shape?: Record<string, unknown> }).shape;
  return shape ? Object.keys(shape) : [];
}
