import { fail } from '../../core/errors.js';

/** The longest pattern. */
const MAX_PATTERN = 1000;
/** Characters of a subject that a pattern looks at. */
const MAX_SUBJECT = 100_000;

/** A pattern that takes time in proportion to its subject, whatever both are. */
export type LinearPattern = (subject: string) => boolean;

/** Makes linear patterns: found anywhere in the subject, RE2 syntax. */
export async function patternCompiler(): Promise<(source: string) => LinearPattern> {
  const { RE2JS } = await import('re2js');
  return (source) => {
    if (source.length > MAX_PATTERN)
      throw fail('input.invalid', `The pattern is longer than ${MAX_PATTERN} characters`);
    try {
      const pattern = RE2JS.compile(source);
      return (subject) => pattern.test(subject.slice(0, MAX_SUBJECT));
    } catch (error) {
      throw fail('input.invalid', `Invalid pattern '${source}': ${(error as Error).message}`, {
        hint: 'Look-around and back-references are not supported.',
      });
    }
  };
}
