import { fail } from '../../../core/errors.js';

/** Pages from the first to the last, both included, counted from 1. The last may be `Infinity`. */
export type PageRange = readonly [first: number, last: number];

/** All pages of a document. */
export const ALL_PAGES: readonly PageRange[] = [[1, Number.POSITIVE_INFINITY]];

/** Most parts that one list of pages may have. */
const MAX_PARTS = 200;
const PART = /^(?:(\d{1,9})|(\d{1,9})?\s*[-–:]\s*(\d{1,9}|end|last)?)$/i;

/**
 * Reads a list of pages: `1-3,7`, `5-` (to the end), `-2` (from the start), `all`.
 * @throws `input.invalid`
 */
export function parsePages(text: string): readonly PageRange[] {
  const wanted = text.trim();
  if (wanted === '' || wanted.toLowerCase() === 'all') return ALL_PAGES;
  const parts = wanted.split(',', MAX_PARTS + 1);
  if (parts.length > MAX_PARTS) throw invalid(text, `it has more than ${MAX_PARTS} parts`);
  return parts.map((part) => parsePart(part.trim(), text));
}

function parsePart(part: string, whole: string): PageRange {
  const found = PART.exec(part);
  if (!found || /^[-–:]$/.test(part)) throw invalid(whole, `'${part}' is neither a page nor a range`);
  const [, single, from, to] = found;
  if (single !== undefined) return range(Number(single), Number(single), whole);
  const last = to === undefined || /[a-z]/i.test(to) ? Number.POSITIVE_INFINITY : Number(to);
  return range(from === undefined ? 1 : Number(from), last, whole);
}

function range(first: number, last: number, whole: string): PageRange {
  if (first < 1) throw invalid(whole, 'pages are counted from 1');
  if (last < first) throw invalid(whole, `page ${last} comes before page ${first}`);
  return [first, last];
}

function invalid(text: string, problem: string) {
  return fail('input.invalid', `Invalid pages '${text.slice(0, 60)}': ${problem}`, {
    hint: 'Write pages like 1-3,7 or 5-.',
  });
}
