import { type JsonObject, setOwn } from '../../../core/values.js';
import { matcher } from '../api/patterns.js';
import { absoluteUrl, isWeb } from '../page/web-url.js';
import type { CrawlInput } from './input.js';
import type { SitemapEntry } from './sitemap-parser.js';

/** The addresses that were asked for, each once, in the order in which they were found. */
export class UrlList {
  readonly urls: JsonObject[] = [];
  /** Addresses seen, those left out included. */
  discovered = 0;
  /** What is no web address. */
  invalid = 0;
  filtered = 0;
  withMetadata = 0;
  private readonly known = new Set<string>();

  private constructor(
    private readonly max: number,
    private readonly wanted: (url: string) => boolean,
    private readonly since: number,
  ) {}

  /** Raises `input.invalid` for a filter that is no regular expression. */
  static async for(input: CrawlInput): Promise<UrlList> {
    const include = input.url_filter ? await matcher(input.url_filter) : () => true;
    const exclude = input.exclude_filter ? await matcher(input.exclude_filter) : () => false;
    const since = input.modified_since ? Date.parse(input.modified_since) : Number.NEGATIVE_INFINITY;
    return new UrlList(input.max_urls, (url) => include(url) && !exclude(url), since);
  }

  get full(): boolean {
    return this.urls.length >= this.max;
  }

  /** Takes an entry of the sitemap at `base`, unless there are enough. */
  add({ loc, ...metadata }: SitemapEntry, base: string): void {
    if (this.full) return;
    const url = absoluteUrl(loc, base);
    this.discovered++;
    if (!url || !isWeb(url)) this.invalid++;
    else if (!this.known.has(url.href)) this.keep(url.href, metadata);
  }

  private keep(url: string, metadata: Omit<SitemapEntry, 'loc'>): void {
    this.known.add(url);
    if (!this.wanted(url) || isOlder(metadata.lastmod, this.since)) {
      this.filtered++;
      return;
    }
    const described = Object.keys(metadata).length > 0;
    if (described) this.withMetadata++;
    const entry: JsonObject = { url, has_metadata: described };
    for (const [name, value] of Object.entries(metadata)) setOwn(entry, name, value);
    if (metadata.priority !== undefined && Number.isFinite(Number(metadata.priority)))
      entry.priority = Number(metadata.priority);
    this.urls.push(entry);
  }
}

/** A date that cannot be read proves nothing. */
function isOlder(lastmod: string | undefined, since: number): boolean {
  return lastmod !== undefined && Date.parse(lastmod) < since;
}
