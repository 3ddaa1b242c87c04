import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { type TestContextOptions, testContext } from '../../core/testing.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import type { ToolHost } from '../host.js';
import { callTool } from '../run-tool.case.js';
import {
  closeSitesAfterEach,
  itRunsItsSamplesGuarded,
  loopbackOnly,
  serveSite,
  type TestPage,
} from './page/site.case.js';
import sitemapCrawler from './sitemap-crawler.js';

closeSitesAfterEach();

interface Crawled {
  urls: { url: string; [key: string]: unknown }[];
  sitemaps: string[];
  errors: { url: string; error: string; code: string }[];
  stats: Record<string, number>;
  truncated: boolean;
}
type Options = TestContextOptions & { host?: Partial<ToolHost> };
const crawl = async (input: Record<string, unknown>, options: Options = {}) => {
  const { result } = await callTool(sitemapCrawler, input, { permissions: loopbackOnly(), ...options });
  return result as unknown as Crawled;
};
const urlset = (...locs: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${locs
    .map((loc) => `<url><loc>${loc}</loc></url>`)
    .join('')}</urlset>`;
const index = (...locs: string[]) =>
  `<sitemapindex>${locs.map((loc) => `<sitemap><loc>${loc}</loc></sitemap>`).join('')}</sitemapindex>`;
const found = ({ urls }: Crawled) => urls.map(({ url }) => url);

/** Crawls one document at `/sitemap.xml`. */
async function crawlOne(document: TestPage, input: Record<string, unknown> = {}) {
  const { origin } = await serveSite({ '/sitemap.xml': document });
  return crawl({ input: `${origin}/sitemap.xml`, ...input });
}

describe('sitemap-crawler', () => {
  itRunsItsSamplesGuarded(sitemapCrawler);

  it('reads a sitemap on one line, with CDATA and entities', async () => {
    const crawled = await crawlOne(
      urlset(
        'https://a.test/1',
        ' <![CDATA[https://a.test/2?x=1&y=2]]> ',
        'https://a.test/3?x=1&amp;y=&#50;',
      ),
    );
    expect(crawled).toMatchObject({
      urls: [
        { url: 'https://a.test/1', has_metadata: false },
        { url: 'https://a.test/2?x=1&y=2' },
        { url: 'https://a.test/3?x=1&y=2' },
      ],
      stats: { sitemaps_processed: 1, index_files_found: 0, total_urls_discovered: 3 },
      errors: [],
      truncated: false,
    });
  });

  it('gives what is said about pages, and takes other vocabularies for what they are', async () => {
    const crawled = await crawlOne(`<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><sm:url>
      <image:image><image:loc>https://a.test/1.png</image:loc></image:image><sm:loc>https://a.test/1</sm:loc>
      <sm:lastmod>2024-05-01</sm:lastmod><sm:changefreq>daily</sm:changefreq><sm:priority>0.8</sm:priority>
      </sm:url></sm:urlset>`);
    expect(crawled.urls).toEqual([
      {
        url: 'https://a.test/1',
        has_metadata: true,
        lastmod: '2024-05-01',
        changefreq: 'daily',
        priority: 0.8,
      },
    ]);
  });

  it('follows indexes, packed sitemaps among them, each once', async () => {
    const site = await serveSite({ '/b.xml.gz': gzipSync(urlset('https://a.test/b')) });
    site.put({
      '/index.xml': index('/a.xml', `${site.origin}/b.xml.gz`, '/index.xml', '/a.xml'),
      '/a.xml': urlset('https://a.test/a', 'https://a.test/b'),
    });
    const crawled = await crawl({ input: `${site.origin}/index.xml` });
    expect(found(crawled)).toEqual(['https://a.test/a', 'https://a.test/b']);
    expect(crawled.stats).toMatchObject({ sitemaps_processed: 3, index_files_found: 1 });
    expect(site.seen).toEqual(['/index.xml', '/a.xml', '/b.xml.gz']);
    expect(found(await crawl({ input: `${site.origin}/index.xml`, follow_sitemaps: false }))).toEqual([]);
  });

  it('lists what could not be read and goes on', async () => {
    const { origin } = await serveSite({
      '/index.xml': index('/gone.xml', '/broken.xml', '/fake.xml.gz', 'http://10.0.0.1/x.xml', '/good.xml'),
      '/broken.xml': '<urlset><url><loc>https://a.test/early</loc></url><url></urlset>',
      '/fake.xml.gz': Buffer.from([0x1f, 0x8b, 1, 2, 3]),
      '/good.xml': urlset('https://a.test/good'),
    });
    const crawled = await crawl({ input: `${origin}/index.xml` });
    expect(found(crawled)).toEqual(['https://a.test/early', 'https://a.test/good']);
    expect(crawled.errors).toMatchObject([
      { url: `${origin}/gone.xml`, code: 'tool.failed', error: expect.stringContaining('HTTP error 404') },
      { url: `${origin}/broken.xml`, error: expect.stringContaining('not valid XML') },
      { url: `${origin}/fake.xml.gz`, error: expect.stringContaining('not valid gzip') },
      { url: 'http://10.0.0.1/x.xml', code: 'permission.net' },
    ]);
    expect(crawled).toMatchObject({ truncated: true, stats: { sitemaps_failed: 4 } });
  });

  it.each<[string, string]>([
    [
      'entities',
      '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
    ],
    ['any document type', '<!DOCTYPE urlset><urlset/>'],
    ['undeclared entities', '<urlset><url><loc>&x;</loc></url></urlset>'],
    ['deep nesting', '<urlset>'.repeat(100_000)],
  ])('refuses %s', async (_, document) => {
    await expect(crawlOne(document)).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('not valid XML'),
    });
  });

  it('keeps to its limits', async () => {
    const many = urlset(...Array.from({ length: 20_000 }, (_, number) => `https://a.test/${number}`));
    expect(await crawlOne(many, { max_urls: 7 })).toMatchObject({
      urls: { length: 7 },
      truncated: true,
    });
    const site = await serveSite({
      '/0.xml': index('/1.xml'),
      '/1.xml': index('/2.xml'),
      '/2.xml': urlset('https://a.test/deep'),
    });
    const input = `${site.origin}/0.xml`;
    expect(await crawl({ input, max_depth: 1 })).toMatchObject({ urls: [], truncated: true });
    expect(found(await crawl({ input, max_depth: 2 }))).toEqual(['https://a.test/deep']);
    expect(await crawl({ input, max_sitemaps: 2 })).toMatchObject({
      urls: [],
      truncated: true,
      stats: { sitemaps_processed: 2 },
    });
  });

  it('unpacks no more than the protocol allows', async () => {
    const head = '<urlset><url><loc>https://a.test/1</loc></url>';
    const bomb = gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(60_000_000, ' ')]));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(crawlOne(bomb)).rejects.toThrow(/exceeds maximum allowed size/);
  });

  it('filters by address and date', async () => {
    const document = `<urlset><url><loc>https://a.test/blog/1</loc><lastmod>2020-01-01</lastmod></url>
      <url><loc>https://a.test/blog/2</loc><lastmod>2024-01-01T10:00:00+02:00</lastmod></url>
      <url><loc>https://a.test/shop/3</loc></url><url><loc>/blog/4</loc></url><url><loc>mailto:x@y.z</loc></url></urlset>`;
    const blog = await crawlOne(document, { url_filter: '/blog/', exclude_filter: '[4]$' });
    expect(found(blog)).toEqual(['https://a.test/blog/1', 'https://a.test/blog/2']);
    expect(blog.stats).toMatchObject({ urls_filtered: 2, urls_invalid: 1, total_urls_discovered: 5 });
    const recent = await crawlOne(document, { modified_since: '2023-01-01', url_filter: 'blog/\\d' });
    expect(found(recent)).toEqual(['https://a.test/blog/2', expect.stringMatching(/blog\/4$/)]);
  });

  it('finds the sitemaps of a site', async () => {
    const site = await serveSite({ '/': '<!doctype html><title>x</title>' });
    site.put({
      '/sitemap.xml': urlset('https://a.test/default'),
      '/map.xml': urlset('https://a.test/named'),
    });
    expect(found(await crawl({ input: site.origin }))).toEqual(['https://a.test/default']);
    site.put({ '/robots.txt': 'User-agent: *\nDisallow: /\nSitemap: /map.xml\n' });
    expect(found(await crawl({ input: site.origin }))).toEqual(['https://a.test/named']);
    expect(found(await crawl({ input: `${site.origin}/robots.txt` }))).toEqual(['https://a.test/named']);
    expect(found(await crawl({ input: site.origin, discover: false }))).toEqual([]);
    site.put({ '/robots.txt': 'User-agent: *' });
    await expect(crawl({ input: `${site.origin}/robots.txt` })).rejects.toThrow(/names no sitemap/);
  });

  it('reads plain lists and feeds; a page is no sitemap', async () => {
    const { origin } = await serveSite({
      '/list.txt': 'https://a.test/1\r\nhttps://a.test/2',
      '/rss.xml': `<rss><channel><link>https://a.test/</link><item><link>https://a.test/post</link>
        <pubDate>Wed, 01 May 2024 00:00:00 GMT</pubDate></item></channel></rss>`,
      '/atom.xml': '<feed><entry><link href="https://a.test/entry"/></entry></feed>',
      '/page': '<html><body>hello',
    });
    expect(found(await crawl({ input: `${origin}/list.txt` }))).toEqual([
      'https://a.test/1',
      'https://a.test/2',
    ]);
    expect(found(await crawl({ input: `${origin}/rss.xml` }))).toEqual(['https://a.test/post']);
    expect(found(await crawl({ input: `${origin}/atom.xml` }))).toEqual(['https://a.test/entry']);
    expect(await crawl({ input: `${origin}/page` })).toMatchObject({
      urls: [],
      stats: { sitemaps_processed: 0 },
    });
  });

  it('reads other encodings', async () => {
    const latin = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><urlset><url><loc>https://a.test/\xe9</loc></url></urlset>',
      'latin1',
    );
    expect(found(await crawlOne(latin))).toEqual(['https://a.test/%C3%A9']);
    const wide = Buffer.from(`\ufeff${urlset('https://a.test/ü')}`, 'utf16le');
    expect(found(await crawlOne(wide))).toEqual(['https://a.test/%C3%BC']);
  });

  it.each(['not-a-url', 'ftp://unsupported.com', 'http://', '://broken', ''])('refuses %j', async (input) => {
    await expect(crawl({ input })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(/Invalid URL/),
    });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ url_filter: '(a+' }, /Invalid regular expression/],
    [{ modified_since: 'yesterday' }, /no date/],
    [{ max_urls: 0 }, /max_urls/],
  ])('refuses %j', async (input, message) => {
    await expect(crawlOne(urlset(), input)).rejects.toThrow(message);
  });

  it('fails when the first sitemap cannot be read', async () => {
    const { origin } = await serveSite({});
    await expect(crawl({ input: `${origin}/sitemap.xml` })).rejects.toThrow('HTTP error 404');
  });

  it('pauses between requests and reports how far it is', async () => {
    const waits: number[] = [];
    let now = 1000;
    const effects = {
      now: () => now,
      sleep: async (ms: number) => {
        waits.push(ms);
        now += ms;
      },
    };
    const { origin } = await serveSite({
      '/index.xml': index('/a.xml', '/b.xml'),
      '/a.xml': urlset('https://a.test/a'),
      '/b.xml': urlset('https://a.test/b'),
    });
    const { context, events } = testContext({ effects, permissions: loopbackOnly() });
    const input = normalizeToolInput(sitemapCrawler, { url: `${origin}/index.xml`, delay: 150 });
    await invoke(toolComponent(sitemapCrawler), input, context);
    expect(waits).toEqual([150, 150]);
    expect(events.filter(({ type }) => type === 'component.progress')).toHaveLength(2);
  });

  it('asks for nothing more once it is cancelled', async () => {
    const abort = new AbortController();
    const { origin, seen } = await serveSite({
      '/index.xml': index(...Array.from({ length: 50 }, (_, number) => `/${number}.xml`)),
      '/0.xml': urlset('https://a.test/0'),
      '/1.xml': () => abort.abort(new Error('enough')),
    });
    await expect(crawl({ input: `${origin}/index.xml` }, { signal: abort.signal })).rejects.toThrow('enough');
    const asked = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([asked, seen.length]).toEqual([3, 3]);
    await vi.waitFor(() => expect(seen.at(-1)).toBe('/1.xml'));
  });
});
