import type { ExecutionContext } from '../../core/context.js';
import { isRecord, type JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { progressOf } from '../progress.js';
import { type LoadedPage, loadPage } from './page/load-page.js';
import { Visitor } from './page/visitor.js';
import { webUrl } from './page/web-url.js';
import { contentOf, planOf } from './scrape/content.js';
import { type ScrapeInput, scrapeInput } from './scrape/input.js';

/** Reads web pages. */
export default defineTool({
  name: 'web-scraper',
  aliases: ['web-fetch', 'web-scrape', 'scraper'],
  category: 'web',
  level: 'restricted',
  description:
    'Reads a web page: its text, its main article, elements by CSS selector, links, images, tables and metadata.',
  capabilities: ['net'],
  input: scrapeInput,
  parameterAliases: { url: 'input', uri: 'input', css: 'selector', article: 'extract_article' },
  timeoutMs: 330_000,
  samples: [
    {
      title: 'A host that is not granted is refused',
      input: { input: 'https://example.com/', extract_links: true },
      error: 'permission.net',
    },
    {
      title: 'Only http and https are read',
      input: { input: 'ftp://unsupported.com' },
      error: 'input.invalid',
    },
    {
      title: 'Names of selectors may not collide with what is extracted besides',
      input: {
        input: 'https://example.com/',
        selectors: { title: 'h1', links: 'nav a@href' },
        extract_links: true,
      },
      error: 'input.invalid',
    },
    {
      title: 'Pages are read as the server sends them',
      input: { input: 'https://example.com/', wait_for_js: true },
      error: 'input.invalid',
    },
  ],
  run: scrape,
});

async function scrape(input: ScrapeInput, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const url = webUrl(input.input);
  const plan = planOf(input);
  const visitor = new Visitor(context, host, {
    respectRobots: input.respect_robots,
    timeout: input.timeout,
  });
  const progress = progressOf('web-scraper', context);
  progress(`Fetching ${url.host}`, 0);
  const page = await loadPage(visitor, url, { maxBytes: input.max_page_size }, input.charset);
  progress(`Reading ${page.text.length} characters`, 0.5);
  const { content, truncated } = await contentOf(page, plan, context.signal);
  return {
    operation: 'scrape',
    result: { url: page.url, content, ...(truncated.length > 0 && { truncated: true }) },
    ...readable(content),
    message: `Read ${page.url}`,
    metadata: {
      ...about(page),
      requested_url: url.href,
      timestamp: new Date(context.effects.now()).toISOString(),
      ...(truncated.length > 0 && { truncated }),
    },
  };
}

/** Text to read where that is all there is; everything else reads best as data. */
function readable({ title, text, article, ...others }: JsonObject): { text?: string } {
  if (Object.keys(others).length > 0) return {};
  const source = isRecord(article) ? article : { title, text };
  if (typeof source.text !== 'string') return {};
  return { text: source.title ? `${source.title}\n\n${source.text}` : source.text };
}

function about({ response, contentType, charset }: LoadedPage): JsonObject {
  return {
    status_code: response.status,
    content_type: contentType,
    charset,
    bytes: response.body.length,
    redirects: response.redirects,
  };
}
