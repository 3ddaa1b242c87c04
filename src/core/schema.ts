import type { z } from 'zod';
import { fail, type LlmspellError } from './errors.js';

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

/** The candidate nearest to `word` by edit distance, if one is near enough to be what was meant. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, change));
    }
    row = next;
  }
  return row[b.length]!;
}
