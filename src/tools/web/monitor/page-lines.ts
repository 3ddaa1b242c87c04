import { fail } from '../../../core/errors.js';
import type { LoadedPage } from '../page/load-page.js';
import { type ReadLimits, readPage } from '../page/read-page.js';

/** Characters of a page that are watched. */
const MOST_TEXT = 1_000_000;
/** Elements that one selector may mean. */
const MOST_ELEMENTS = 1000;

/** The text of a page, or of the elements that are meant, line by line with white space as it is. */
export async function pageLines(
  page: LoadedPage,
  selector: string | undefined,
  limits: ReadLimits,
): Promise<string[]> {
  if (page.kind === 'text') {
    if (selector !== undefined) throw notFound(selector, page.url);
    return page.text.slice(0, MOST_TEXT).split(/\r?\n/);
  }
  const { lines, picks } = await readPage(
    {
      text: page.text,
      url: page.url,
      xml: page.kind === 'xml',
      picks: selector === undefined ? [] : [{ selector, limit: MOST_ELEMENTS, lines: true }],
      lines: selector === undefined,
      collapse: false,
      maxText: MOST_TEXT,
    },
    limits,
  );
  if (selector === undefined) return lines ?? [];
  if (picks[0]!.total === 0) throw notFound(selector, page.url);
  return picks[0]!.hits.flatMap((hit) => hit.lines ?? []);
}

function notFound(selector: string, url: string) {
  return fail('tool.failed', `No elements found for selector '${selector}' in ${url}`);
}
