import { z } from 'zod';
import { closest } from '../core/schema.js';

/**
 * The `operation` parameter of a tool: one of `names`. An unknown one is refused with the list of names and,
 * where one is near, what was probably meant.
 */
export function operationParameter<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: (issue) => explain(issue.input, names) });
}

function explain(input: unknown, names: readonly string[]): string {
  const allowed = `Allowed values: ${names.join(', ')}`;
  if (input === undefined) return `Missing required parameter 'operation'. ${allowed}`;
  const near = typeof input === 'string' ? closest(input, names) : undefined;
  return `Unknown operation '${String(input)}'${near ? `, did you mean '${near}'?` : '.'} ${allowed}`;
}
