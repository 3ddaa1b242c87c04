import { fail } from '../../../core/errors.js';
import { type JsonObject, setOwn } from '../../../core/values.js';
import type { LoadedPage } from '../page/load-page.js';
import { type PageContent, readPage } from '../page/read-page.js';
import { articleOf } from './article.js';
import { type Extract, extractsOf } from './extracts.js';
import type { ScrapeInput } from './input.js';
import { type Selection, selectedValue, selectionsOf } from './selections.js';
import { TABLE_LIMITS, tablesOf } from './tables.js';

/** What is wanted of a page. */
export interface Plan {
  input: ScrapeInput;
  selections: Selection[];
  extracts: Extract[];
  /** Whether title and text are wanted: nothing more special was. */
  whole: boolean;
}

/** What was found, and which lists or texts are not complete. */
export interface Content {
  content: JsonObject;
  truncated: string[];
}

/** What the input asks for. Raises `input.invalid` for names that collide. */
export function planOf(input: ScrapeInput): Plan {
  const selections = selectionsOf(input);
  const whole = selections.length === 0 && !input.extract_article;
  return { input, selections, extracts: extractsOf(input), whole };
}

/** Reads a page of any kind. */
export function contentOf(page: LoadedPage, plan: Plan, signal: AbortSignal): Promise<Content> | Content {
  return page.kind === 'text' ? plainContent(page, plan) : markupContent(page, plan, signal);
}

function plainContent({ text, contentType }: LoadedPage, { input, selections }: Plan): Content {
  if (selections.length > 0)
    throw fail('tool.failed', `The page is ${contentType || 'plain text'}: selectors find nothing in it`);
  const kept = text.slice(0, input.max_text_length);
  return { content: { title: '', text: kept }, truncated: kept.length < text.length ? ['text'] : [] };
}

async function markupContent(
  { text, url, kind }: LoadedPage,
  plan: Plan,
  signal: AbortSignal,
): Promise<Content> {
  const { input, selections, extracts, whole } = plan;
  const job = {
    text,
    url,
    xml: kind === 'xml',
    picks: [...selections, ...extracts].map(({ pick }) => pick),
    tables: input.extract_tables ? { limit: input.max_items, ...TABLE_LIMITS } : undefined,
    lines: whole,
    article: input.extract_article,
    collapse: true,
    maxText: input.max_text_length,
  };
  const read = await readPage(job, { signal, timeout: input.timeout });
  return { content: assemble(read, plan), truncated: incomplete(read, plan) };
}

function assemble(read: PageContent, { input, selections, extracts, whole }: Plan): JsonObject {
  const content: JsonObject = {};
  if (whole) Object.assign(content, { title: read.title, text: (read.lines ?? []).join('\n') });
  selections.forEach((selection, index) => {
    const value = selectedValue(selection, read.picks[index]!, read.base);
    if (value !== undefined) setOwn(content, selection.name, value);
  });
  extracts.forEach((extract, index) => {
    content[extract.name] = extract.value(read.picks[selections.length + index]!.hits, read);
  });
  if (input.extract_tables) content.tables = tablesOf(read);
  if (input.extract_article) content.article = articleOf(read.article);
  return content;
}

function incomplete(read: PageContent, { selections, extracts }: Plan): string[] {
  const short = [...selections, ...extracts]
    .filter((_, index) => read.picks[index]!.total > read.picks[index]!.hits.length)
    .map(({ name }) => name);
  if (read.tables && read.tables.total > read.tables.tables.length) short.push('tables');
  return read.truncated ? [...short, 'text'] : short;
}
