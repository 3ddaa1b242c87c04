import { z } from 'zod';
import { urlText } from '../../parameters.js';

/** The parameters of sitemap-crawler. */
export const crawlInput = z.object({
  input: urlText('The address of a sitemap, of a robots.txt, or of a site.'),
  follow_sitemaps: z.boolean().default(true).describe('Read the sitemaps that an index lists.'),
  discover: z
    .boolean()
    .default(true)
    .describe('For a site: find its sitemaps through robots.txt, else at /sitemap.xml.'),
  max_urls: z.int().min(1).max(50_000).default(1000).describe('Most addresses to return.'),
  max_depth: z.int().min(0).max(10).default(3).describe('How deep indexes inside indexes are followed.'),
  max_sitemaps: z.int().min(1).max(1000).default(100).describe('Most sitemaps to fetch.'),
  url_filter: z
    .string()
    .max(1000)
    .optional()
    .describe('Regular expression (RE2): only addresses in which it is found.'),
  exclude_filter: z
    .string()
    .max(1000)
    .optional()
    .describe('Regular expression (RE2): no addresses in which it is found.'),
  modified_since: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'It is no date')
    .optional()
    .describe('ISO date: only pages whose lastmod is not older; pages without one are kept.'),
  delay_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe('Milliseconds between two requests to one site; never less than is configured.'),
  timeout: z
    .number()
    .positive()
    .max(600)
    .optional()
    .describe('Seconds for the whole crawl; 30 unless configured otherwise.'),
});
/** The checked parameters. */
export type CrawlInput = z.output<typeof crawlInput>;
