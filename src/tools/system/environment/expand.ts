import { fail } from '../../../core/errors.js';

/** The most characters that a template may grow to. */
const MOST_CHARACTERS = 1_000_000;

/** What to do with a variable that is not set and has no default in the template. */
export type Missing = 'error' | 'keep' | 'empty';

/** `${NAME}`, `${NAME:-default}` and `$$` for a dollar sign. Everything else stays, a lone `$` too. */
const PLACE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_.-]*?)(?::-([^{}]*))?\}/g;

/** A filled-in template. */
export interface Expanded {
  text: string;
  /** The variables that were used, and those that were not there. */
  used: string[];
  missing: string[];
}

/**
 * Fills in a template. What is filled in is not looked through again.
 * @throws `input.invalid` for variables that are missing, where those are errors, and for results that are too long
 */
export function expandTemplate(
  template: string,
  lookUp: (name: string) => string | undefined,
  missing: Missing,
): Expanded {
  const used = new Set<string>();
  const absent = new Set<string>();
  let grown = template.length;
  const text = template.replace(PLACE, (place: string, name: string | undefined, fallback?: string) => {
    if (name === undefined) return '$';
    const value = lookUp(name);
    (value === undefined ? absent : used).add(name);
    const filled = value ?? fallback ?? (missing === 'keep' ? place : '');
    grown += filled.length;
    if (grown > MOST_CHARACTERS)
      throw fail('input.invalid', `The expanded text is longer than ${MOST_CHARACTERS} characters`);
    if (value === undefined && fallback === undefined && missing === 'error') throw notSet(name);
    return filled;
  });
  return { text, used: [...used].sort(), missing: [...absent].sort() };
}

/** The names that a template uses. */
export function templateNames(template: string): string[] {
  return expandTemplate(template, () => undefined, 'keep').missing;
}

function notSet(name: string): Error {
  return fail('input.invalid', `The variable '${name}' is not set`, {
    hint: `Set it, write \${${name}:-default}, or choose missing = keep or empty.`,
  });
}
