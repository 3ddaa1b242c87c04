import { basename, extname } from 'node:path';
import type { ToolsConfig } from '../../../config/types.js';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { makeDirGuarded, statGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { progressOf } from '../../progress.js';
import { describeDocument, rounded } from './document-facts.js';
import { pageText } from './page-text.js';
import type { RawDocument, RawPage } from './raw-document.js';
import { type ReadingTask, readDocument } from './read-document.js';
import { type PdfRequest, wantedPages } from './request.js';
import { saveImages } from './save-images.js';
import { finderFor, type Match } from './search-text.js';
import { findTables, type Table } from './tables.js';

/** Bytes of PNG that one call writes. */
const MAX_IMAGE_BYTES = 100_000_000;
/** Cells of tables that one call gives. */
const MAX_CELLS = 100_000;
const LACKS_MAPS =
  'Some text is missing: it has an East Asian encoding whose tables are not installed (npm install pdfjs-dist)';
const CUT_MARK = '\n[… truncated]';

type DocumentConfig = NonNullable<ToolsConfig['document']>;
/** One operation. Contract: as `ToolDefinition.run`. */
type Work = (request: PdfRequest, context: ExecutionContext, config: DocumentConfig) => Promise<ToolOutcome>;

/** What each operation does. */
export const PDF_WORK: Readonly<Record<PdfRequest['operation'], Work>> = {
  async extract_text(request, context, config) {
    const { pages, document, extras, truncated } = await readTexts(request, context, config);
    const text = `${pages.map((page) => page.text).join('\n\n')}${truncated ? CUT_MARK : ''}`;
    return {
      result: {
        text,
        file_path: request.input,
        length: text.length,
        page_count: document.pageCount,
        pages: pages.map((page) => ({ page: page.page, length: page.text.length })),
        truncated,
        ...problemsOf(document),
        ...extras,
      },
      text,
      message: textMessage(pages, request),
    };
  },

  async extract_pages(request, context, config) {
    const { pages, document, extras, truncated } = await readTexts(request, context, config);
    const text = pages.map((page) => `--- Page ${page.page} ---\n${page.text}`).join('\n\n');
    const first = pages[0]?.page ?? null;
    return {
      result: {
        pages: pages.map((page) => ({ ...page, length: page.text.length })),
        text,
        start_page: request.start_page ?? first,
        file_path: request.input,
        page_count: document.pageCount,
        truncated,
        ...problemsOf(document),
        ...extras,
      },
      text,
      message: textMessage(pages, request),
    };
  },

  async extract_metadata(request, context, config) {
    const { document, size } = await read(request, { facts: true }, context, config);
    const file = await statGuarded(request.input, context);
    return {
      result: {
        ...describeDocument(document),
        file_path: request.input,
        file_name: basename(request.input),
        file_extension: extname(request.input).slice(1),
        file_size: size,
        modified_on_disk: new Date(file.modifiedMs).toISOString(),
      },
      message: `Read the metadata of ${request.input}`,
    };
  },

  async extract_tables(request, context, config) {
    const { document } = await read(request, { text: true }, context, config);
    const found = await tablesOf(document, request.min_confidence, context);
    const { tables, truncated } = withinCells(found);
    return {
      result: {
        tables,
        count: tables.length,
        file_path: request.input,
        page_count: document.pageCount,
        truncated: truncated || document.cut,
        ...problemsOf(document),
      },
      message: `Recognised ${tables.length} ${tables.length === 1 ? 'table' : 'tables'} in ${request.input}`,
    };
  },

  async extract_images(request, context, config) {
    const { output_dir: folder, max_images: count } = request;
    const images = { count, bytes: folder === undefined ? 0 : MAX_IMAGE_BYTES };
    const { document } = await read(request, { images }, context, config);
    if (folder !== undefined) await makeDirGuarded(folder, context, { recursive: true });
    const described = await saveImages(document.pages, folder, context, progressOf('pdf-processor', context));
    const saved = new Set(described.flatMap(({ file }) => file ?? [])).size;
    const many = described.length === 1 ? '1 image' : `${described.length} images`;
    return {
      result: {
        images: described,
        count: described.length,
        saved,
        file_path: request.input,
        page_count: document.pageCount,
        truncated: document.cut || document.imagesCut,
        ...problemsOf(document),
      },
      message: folder === undefined ? `Found ${many}` : `Found ${many} and wrote ${saved} to ${folder}`,
    };
  },

  async search(request, context, config) {
    const { query = '', regex, case_sensitive: caseSensitive, whole_word: wholeWord } = request;
    const find = await finderFor({ text: query, regex, caseSensitive, wholeWord });
    const { document } = await read(request, { text: true }, context, config);
    const matches: (Match & { page: number })[] = [];
    for await (const { page, text } of textsOf(document, request, context))
      matches.push(
        ...find(text, request.max_results + 1 - matches.length).map((match) => ({ page, ...match })),
      );
    const kept = matches.slice(0, request.max_results);
    return {
      result: {
        matches: kept.map((match) => ({ ...match })),
        count: kept.length,
        pages: [...new Set(kept.map(({ page }) => page))],
        file_path: request.input,
        page_count: document.pageCount,
        truncated: matches.length > kept.length || document.cut,
        ...problemsOf(document),
      },
      text: kept.map(({ page, context: words }) => `Page ${page}: ${words}`).join('\n'),
      message: `Found '${query}' ${kept.length} ${kept.length === 1 ? 'time' : 'times'}`,
    };
  },
};

function read(request: PdfRequest, task: ReadingTask, context: ExecutionContext, config: DocumentConfig) {
  const pages = wantedPages(request);
  progressOf('pdf-processor', context)(`Reading ${request.input}`);
  const full = { ...task, password: request.password, ...(pages && { pages }) };
  return readDocument(request.input, full, context, config);
}

interface PageWithText {
  page: number;
  text: string;
  width: number;
  height: number;
  rotation: number;
}

async function readTexts(request: PdfRequest, context: ExecutionContext, config: DocumentConfig) {
  const facts = config.extract_metadata === true;
  const images = config.extract_images === true ? { count: 100, bytes: 0 } : undefined;
  const { document } = await read(request, { text: true, facts, ...(images && { images }) }, context, config);
  const pages: PageWithText[] = [];
  let room = request.max_chars;
  for await (const page of textsOf(document, request, context)) {
    pages.push({ ...page, text: page.text.slice(0, Math.max(0, room)) });
    room -= page.text.length;
    if (room < 0) break;
  }
  const cut = document.pages.some(({ content }) => content?.cut);
  const progress = progressOf('pdf-processor', context);
  const extras: JsonObject = {
    ...(facts && { metadata: describeDocument(document) }),
    ...(images && { images: await saveImages(document.pages, undefined, context, progress) }),
  };
  return { document, pages, extras, truncated: room < 0 || document.cut || cut };
}

/** Page by page, with room for other work between them. */
async function* textsOf(
  document: RawDocument,
  { layout }: PdfRequest,
  { signal }: ExecutionContext,
): AsyncGenerator<PageWithText> {
  for (const { number, width = 0, height = 0, rotation = 0, content } of document.pages) {
    await breath(signal);
    if (!content) continue;
    const text = pageText(content, layout);
    yield { page: number, text, width: rounded(width), height: rounded(height), rotation };
  }
}

async function breath(signal: AbortSignal): Promise<void> {
  await new Promise(setImmediate);
  signal.throwIfAborted();
}

async function tablesOf(
  { pages }: RawDocument,
  minConfidence: number,
  { signal }: ExecutionContext,
): Promise<{ page: number; table: Table }[]> {
  const found: { page: number; table: Table }[] = [];
  for (const { number, content } of pages) {
    await breath(signal);
    const tables = content ? findTables(content) : [];
    for (const table of tables) if (table.confidence >= minConfidence) found.push({ page: number, table });
  }
  return found;
}

function withinCells(found: readonly { page: number; table: Table }[]) {
  const tables: JsonValue[] = [];
  let cells = 0;
  for (const { page, table } of found) {
    const { rows, confidence, bounds } = table;
    cells += rows.length * rows[0]!.length;
    if (cells > MAX_CELLS) return { tables, truncated: true };
    const [left, top, right, bottom] = bounds.map(rounded);
    tables.push({
      page,
      rows,
      row_count: rows.length,
      column_count: rows[0]!.length,
      confidence,
      bounds: { left: left!, top: top!, right: right!, bottom: bottom! },
    });
  }
  return { tables, truncated: false };
}

function problemsOf({ pages, lacksMaps }: RawDocument): JsonObject {
  const broken = pages.filter((page): page is RawPage & { problem: string } => page.problem !== undefined);
  const problems = broken.map(({ number, problem }): JsonObject => ({ page: number, message: problem }));
  if (lacksMaps) problems.push({ page: null, message: LACKS_MAPS });
  return problems.length === 0 ? {} : { problems };
}

function textMessage(pages: readonly PageWithText[], { input }: PdfRequest): string {
  const many = pages.length === 1 ? '1 page' : `${pages.length} pages`;
  if (pages.some(({ text }) => text !== '')) return `Extracted the text of ${many} of ${input}`;
  return `${input} has no text on these pages; they may be pictures of text`;
}
