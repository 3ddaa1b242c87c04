import { fail } from '../../../core/errors.js';

/** Characters of a text that a pattern looks at: some patterns take a second for two million. */
const MAX_SUBJECT = 200_000;

/** Whether a text matches somewhere in its first {@link MAX_SUBJECT} characters. */
export type Matcher = (text: string) => boolean;

/**
 * Compiles a regular expression (RE2 syntax) that matches in linear time whatever it and the text are.
 * @throws `input.invalid`
 */
export async function matcher(pattern: string): Promise<Matcher> {
  const { RE2JS } = await import('re2js');
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text.slice(0, MAX_SUBJECT));
  } catch (error) {
    throw fail('input.invalid', `Invalid regular expression '${pattern}': ${(error as Error).message}`);
  }
}
