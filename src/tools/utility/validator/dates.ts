import { fail, LlmspellError } from '../../../core/errors.js';
import { parseDate } from '../datetime/parse.js';

/** Directives of a pattern; more could take long to match. */
const MAX_DIRECTIVES = 14;
/** Characters of a date. */
const MAX_CHARACTERS = 100;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Whether a text is a date: by a strftime pattern, with or without a time, or in ISO 8601 when there is none.
 * @throws `input.invalid` for a pattern that does not exist
 */
export function dateCheck(format: string | undefined): (text: string) => boolean {
  if (format === undefined) return (text) => ISO_DATE.test(text) && reads(text, undefined);
  if (format.split('%').length - 1 > MAX_DIRECTIVES)
    throw fail('input.invalid', `A date format has at most ${MAX_DIRECTIVES} directives`);
  reads('', format, true);
  return (text) => text.length <= MAX_CHARACTERS && reads(text, format);
}

/** A text that fits another of the known forms does not fit this one. */
function reads(text: string, format: string | undefined, strict = false): boolean {
  try {
    const parsed = parseDate(text, { format });
    return format === undefined || parsed.format === format;
  } catch (error) {
    if (error instanceof LlmspellError && error.message.startsWith('Could not parse')) return false;
    if (strict || !(error instanceof LlmspellError)) throw error;
    return false;
  }
}
