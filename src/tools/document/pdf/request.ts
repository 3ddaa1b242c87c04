import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath, writePath } from '../../parameters.js';
import { type PageRange, parsePages } from './page-ranges.js';

/** What the tool does. */
export const PDF_OPERATIONS = [
  'extract_text',
  'extract_metadata',
  'extract_pages',
  'extract_tables',
  'extract_images',
  'search',
] as const;

const pageNumber = z.int().min(1).max(1_000_000);

/** The parameters of the tool. */
export const pdfInput = z.object({
  operation: operationParameter(PDF_OPERATIONS)
    .default('extract_text')
    .describe(
      'extract_text: all text; extract_pages: text page by page; extract_metadata: title, dates, outline, sizes; extract_tables: rows and columns; extract_images: list images or save them as PNG; search: find text',
    ),
  input: readPath('The PDF file'),
  pages: z
    .union([z.string().max(2000), pageNumber, z.array(pageNumber).max(1000)])
    .optional()
    .describe('Which pages, e.g. 1-3,7 or 5- or [1, 2]; all when absent'),
  start_page: pageNumber.optional().describe('The first page, counted from 1; used when pages is absent'),
  end_page: pageNumber.optional().describe('The last page; used when pages is absent'),
  password: z.string().max(500).optional().describe('The password of a protected file'),
  layout: z
    .enum(['reading', 'physical', 'raw'])
    .default('reading')
    .describe(
      'reading: columns one after the other; physical: as it looks, set out with blanks; raw: in the order of the file',
    ),
  max_chars: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(1_000_000)
    .describe('Most characters of text that are given'),
  min_confidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('extract_tables: leave out what looks less like a table, from 0 to 1'),
  output_dir: writePath('The folder')
    .optional()
    .describe('extract_images: the folder to write PNG files to; they are only listed when absent'),
  max_images: z.int().min(1).max(1000).default(100).describe('extract_images: most images'),
  query: z.string().max(1000).optional().describe('search: the text to find, across the ends of lines too'),
  regex: z.boolean().default(false).describe('search: query is a regular expression (RE2 syntax)'),
  case_sensitive: z.boolean().default(false).describe('search: capital letters count'),
  whole_word: z.boolean().default(false).describe('search: whole words only'),
  max_results: z.int().min(1).max(10_000).default(100).describe('search: most places that are given'),
});

/** A call of the tool. */
export type PdfRequest = z.output<typeof pdfInput>;

/** The pages that a call asks for; undefined for all. @throws `input.invalid` */
export function wantedPages({ pages, start_page, end_page }: PdfRequest): readonly PageRange[] | undefined {
  if (pages !== undefined) return parsePages(Array.isArray(pages) ? pages.join(',') : String(pages));
  if (start_page === undefined && end_page === undefined) return undefined;
  return parsePages(`${start_page ?? 1}-${end_page ?? ''}`);
}
