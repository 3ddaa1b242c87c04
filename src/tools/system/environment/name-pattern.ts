import { fail } from '../../../core/errors.js';

/** More than any name has. */
const MOST_LENGTH = 256;

/**
 * What a pattern with `*` (any text, none too) matches; upper and lower case differ. Takes time in proportion to
 * pattern and name.
 * @throws `input.invalid` for patterns that are empty or very long
 */
export function namePattern(pattern: string): (name: string) => boolean {
  if (pattern === '') throw fail('input.invalid', 'The pattern cannot be empty');
  if (pattern.length > MOST_LENGTH)
    throw fail('input.invalid', `The pattern is longer than ${MOST_LENGTH} characters`);
  const [first, ...rest] = pattern.split('*') as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(first)) return false;
    const at = endOfParts(name, rest, first.length);
    return at !== undefined && name.length - last.length >= at && name.endsWith(last);
  };
}

/** Where the last of the parts ends, each one taken as early as possible. */
function endOfParts(name: string, parts: readonly string[], start: number): number | undefined {
  let at = start;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return undefined;
    at = found + part.length;
  }
  return at;
}
