import type { ExecutionContext } from '../../../core/context.js';
import { type ErrorData, errorToData, fail, toLlmspellError } from '../../../core/errors.js';
import type { Progress } from '../../progress.js';
import { parseRobots } from '../page/robots.js';
import { requireSuccess, type Visitor } from '../page/visitor.js';
import { absoluteUrl, isWeb } from '../page/web-url.js';
import type { CrawlInput } from './input.js';
import { MAX_SITEMAP_BYTES, readSitemap } from './read-sitemap.js';
import type { SitemapKind } from './sitemap-parser.js';
import type { UrlList } from './url-list.js';

/** A sitemap that is to be read: where it is and how many indexes led to it. */
interface Task {
  url: URL;
  depth: number;
}

/** A sitemap that could not be read. */
export interface CrawlProblem {
  url: string;
  error: ErrorData;
}

/** What a crawl found. */
export interface CrawlOutcome {
  list: UrlList;
  /** The sitemaps that were read, in order. */
  sitemaps: string[];
  indexes: number;
  problems: CrawlProblem[];
  /** Whether limits ended the crawl before everything was read. */
  incomplete: boolean;
}

const ACCEPT = 'application/xml, text/xml, application/gzip, text/plain;q=0.8, */*;q=0.5';

/** Reads a sitemap and those it leads to. */
export class Crawl implements CrawlOutcome {
  readonly sitemaps: string[] = [];
  readonly problems: CrawlProblem[] = [];
  indexes = 0;
  incomplete = false;
  private readonly queue: Task[] = [];
  private readonly queued = new Set<string>();

  constructor(
    readonly list: UrlList,
    private readonly input: CrawlInput,
    private readonly visitor: Visitor,
    private readonly context: ExecutionContext,
    private readonly progress: Progress,
  ) {}

  /** Raises when the first address itself cannot be read; problems further on are listed. */
  async run(start: URL): Promise<void> {
    if (isRobots(start)) await this.readRobots(start);
    else {
      this.enqueue(start, 0);
      const kind = await this.read(this.queue.shift()!);
      if (kind === 'other' && this.input.discover && start.pathname === '/') await this.discover(start);
    }
    await this.drain();
    this.incomplete ||= this.list.full || this.queue.length > 0;
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0 && !this.list.full && this.sitemaps.length < this.input.max_sitemaps) {
      const task = this.queue.shift()!;
      await this.read(task).catch((error: unknown) => this.note(task.url, error));
      const { urls } = this.list;
      this.progress(
        `${this.sitemaps.length} sitemaps, ${urls.length} addresses`,
        urls.length / this.input.max_urls,
      );
    }
  }

  private note(url: URL, error: unknown): void {
    this.context.signal.throwIfAborted();
    const problem = toLlmspellError(error, 'tool.failed');
    if (problem.code === 'component.timeout') this.queue.length = 0;
    this.problems.push({ url: url.href, error: errorToData(problem) });
    this.incomplete = true;
  }

  private async read({ url, depth }: Task): Promise<SitemapKind> {
    const response = await this.visitor.fetch(url, { accept: ACCEPT, maxBytes: MAX_SITEMAP_BYTES });
    requireSuccess(response);
    const sink = {
      page: (entry: Parameters<UrlList['add']>[0]) => this.list.add(entry, response.url),
      sitemap: (loc: string) => this.enqueue(absoluteUrl(loc, response.url), depth + 1),
    };
    const document = {
      body: response.body,
      contentType: response.headers['content-type'],
      url: response.url,
    };
    const kind = await readSitemap(document, sink, () => this.list.full, this.context.signal);
    if (kind !== 'other') this.sitemaps.push(url.href);
    if (kind === 'sitemapindex') this.indexes++;
    return kind;
  }

  private enqueue(url: URL | undefined, depth: number): void {
    if (!url || !isWeb(url) || this.queued.has(url.href)) return;
    if (depth > 0 && !this.input.follow_sitemaps) return;
    if (depth > this.input.max_depth || this.queued.size >= this.input.max_sitemaps) {
      this.incomplete = true;
      return;
    }
    this.queued.add(url.href);
    this.queue.push({ url, depth });
  }

  private async discover(site: URL): Promise<void> {
    const { sitemaps } = await this.visitor.robots.rulesFor(site);
    this.enqueueAll(sitemaps, site);
    if (this.queue.length === 0) this.enqueue(new URL('/sitemap.xml', site), 0);
  }

  private async readRobots(url: URL): Promise<void> {
    const response = await this.visitor.fetch(url, { accept: 'text/plain' });
    requireSuccess(response);
    const { sitemaps } = await parseRobots(url, new TextDecoder().decode(response.body));
    if (sitemaps.length === 0)
      throw fail('tool.failed', `${url.href} names no sitemap`, {
        hint: 'Try /sitemap.xml, or the address of the site.',
      });
    this.enqueueAll(sitemaps, url);
  }

  private enqueueAll(locations: readonly string[], base: URL): void {
    for (const location of locations) this.enqueue(absoluteUrl(location, base.href), 0);
  }
}

function isRobots(url: URL): boolean {
  return url.pathname === '/robots.txt';
}
