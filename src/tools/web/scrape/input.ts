import { z } from 'zod';
import { urlText } from '../../parameters.js';
import { readingTimeout, respectRobots } from '../page/parameters.js';

const namedSelector = z.union([
  z.string().min(1),
  z.object({
    selector: z.string().min(1).describe('The CSS selector.'),
    attribute: z.string().min(1).optional().describe('The attribute that is wanted instead of the text.'),
    html: z.boolean().default(false).describe('The outer HTML instead of the text.'),
    all: z.boolean().default(false).describe('Always a list, whatever the number of elements.'),
  }),
]);
/** One entry of `selectors`. */
export type NamedSelector = z.output<typeof namedSelector>;

/** The parameters of web-scraper. */
export const scrapeInput = z.object({
  input: urlText('The address of the page, http or https.'),
  selector: z.string().min(1).optional().describe('CSS selector of the elements to return.'),
  attribute: z
    .string()
    .min(1)
    .optional()
    .describe('With `selector`: this attribute of the elements instead of their text.'),
  selectors: z
    .record(z.string().min(1), namedSelector)
    .refine((map) => Object.keys(map).length <= 50, 'At most 50 selectors')
    .optional()
    .describe(
      'Name to CSS selector. `css@attribute` gives an attribute; an object may say {selector, attribute, html, all}.',
    ),
  extract_article: z
    .boolean()
    .default(false)
    .describe('The main text without navigation and advertisements, with title and author.'),
  extract_links: z.boolean().default(false).describe('All links, as absolute addresses.'),
  extract_images: z.boolean().default(false).describe('All images, as absolute addresses.'),
  extract_meta: z.boolean().default(false).describe('Description, canonical address and meta tags.'),
  extract_tables: z.boolean().default(false).describe('All tables as rows of text.'),
  timeout: readingTimeout,
  respect_robots: respectRobots,
  charset: z.string().min(1).max(40).optional().describe('The encoding, where the page names a wrong one.'),
  max_items: z.int().min(1).max(10_000).default(500).describe('Most elements, links, images or tables each.'),
  max_text_length: z
    .int()
    .min(1)
    .max(2_000_000)
    .default(200_000)
    .describe('Most characters of everything that is returned.'),
  max_page_size: z
    .int()
    .min(1)
    .max(20_000_000)
    .default(10_000_000)
    .describe('Largest page in bytes, after decompression.'),
  wait_for_js: z
    .boolean()
    .default(false)
    .refine((wait) => !wait, {
      error: 'wait_for_js: pages are read as the server sends them; no JavaScript is run',
    })
    .describe('Must be false: pages are read as the server sends them, without running their JavaScript.'),
});
/** The checked parameters. */
export type ScrapeInput = z.output<typeof scrapeInput>;
