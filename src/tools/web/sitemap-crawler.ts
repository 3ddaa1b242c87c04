import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { progressOf } from '../progress.js';
import { Visitor } from './page/visitor.js';
import { webUrl } from './page/web-url.js';
import { Crawl, type CrawlOutcome } from './sitemap/crawl.js';
import { type CrawlInput, crawlInput } from './sitemap/input.js';
import { UrlList } from './sitemap/url-list.js';

/** Lists the pages of a site. */
export default defineTool({
  name: 'sitemap-crawler',
  aliases: ['sitemap', 'sitemap-parser'],
  category: 'web',
  level: 'restricted',
  description:
    'Lists the pages of a site from its sitemaps: indexes, gzip, plain text and feeds, found through robots.txt too.',
  capabilities: ['net'],
  input: crawlInput,
  parameterAliases: {
    url: 'input',
    sitemap_url: 'input',
    filter: 'url_filter',
    limit: 'max_urls',
    delay: 'delay_ms',
  },
  timeoutMs: 610_000,
  samples: [
    {
      title: 'A host that is not granted is refused',
      input: { input: 'https://example.com/sitemap.xml', max_urls: 10 },
      error: 'permission.net',
    },
    {
      title: 'Only http and https are read',
      input: { input: 'ftp://unsupported.com' },
      error: 'input.invalid',
    },
    {
      title: 'Filters are regular expressions',
      input: { input: 'https://example.com/sitemap.xml', url_filter: '/blog/(' },
      error: 'input.invalid',
    },
  ],
  run: crawl,
});

async function crawl(input: CrawlInput, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const url = webUrl(input.input);
  const list = await UrlList.for(input);
  // A sitemap is written for robots: robots.txt is asked where sitemaps are, not whether they may be read.
  const visitor = new Visitor(context, host, {
    respectRobots: false,
    timeout: input.timeout,
    delayMs: input.delay_ms,
  });
  const work = new Crawl(list, input, visitor, context, progressOf('sitemap-crawler', context));
  await work.run(url);
  return outcomeOf(url, input, work, context);
}

function outcomeOf(url: URL, input: CrawlInput, work: CrawlOutcome, context: ExecutionContext): ToolOutcome {
  const { list, sitemaps, indexes, problems, incomplete } = work;
  const result: JsonObject = {
    sitemap_url: url.href,
    urls_found: list.urls.length,
    max_urls: input.max_urls,
    follow_sitemaps: input.follow_sitemaps,
    urls: list.urls,
    sitemaps,
    errors: problems.map(({ url: where, error }) => ({ url: where, error: error.message, code: error.code })),
    truncated: incomplete,
    stats: {
      sitemaps_processed: sitemaps.length,
      sitemaps_failed: problems.length,
      index_files_found: indexes,
      total_urls_discovered: list.discovered,
      urls_with_metadata: list.withMetadata,
      urls_filtered: list.filtered,
      urls_invalid: list.invalid,
    },
  };
  return {
    operation: 'crawl',
    result,
    text: list.urls.map((entry) => entry.url).join('\n'),
    message: summary(work),
    metadata: { timestamp: new Date(context.effects.now()).toISOString() },
  };
}

function summary({ list, sitemaps, problems }: CrawlOutcome): string {
  const found = `Found ${list.urls.length} addresses in ${sitemaps.length} sitemaps`;
  return problems.length > 0 ? `${found}; ${problems.length} could not be read` : found;
}
