import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { type GuardedResponse, guardedRequest } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';
import { takeTurn } from './pace.js';
import { RobotsBook } from './robots.js';
import { type SiteRules, siteRules } from './site-rules.js';
import { absoluteUrl, webUrl } from './web-url.js';

/** What is asked for. */
export interface PageRequest {
  method?: 'GET' | 'HEAD';
  /** The `Accept` header. */
  accept?: string;
  /** Largest answer in bytes; 10 MB when absent. */
  maxBytes?: number;
}

/** How a call of a reading tool visits sites. */
export interface VisitorOptions {
  /** Whether robots.txt is asked first. */
  respectRobots: boolean;
  /** Seconds for everything the call fetches. */
  timeout?: number | undefined;
  /** Milliseconds between two requests to one site; never less than what is configured. */
  delayMs?: number | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** A robots.txt may ask for any pause; longer ones are for robots that have all day. */
const LONGEST_CRAWL_DELAY_MS = 10_000;
const MAX_ROBOTS_BYTES = 5_000_000;

/** Fetches pages for one call of a tool: within its time, at the configured pace, where site and configuration allow it. */
export class Visitor {
  readonly robots: RobotsBook;
  private readonly site: SiteRules;
  private readonly deadline: number;

  constructor(
    private readonly context: ExecutionContext,
    private readonly host: ToolHost,
    private readonly options: VisitorOptions,
  ) {
    this.site = siteRules(host);
    const limitMs = options.timeout === undefined ? this.site.timeoutMs : options.timeout * 1000;
    this.deadline = context.effects.now() + limitMs;
    this.robots = new RobotsBook((url) =>
      this.follow(url, { maxBytes: MAX_ROBOTS_BYTES, accept: 'text/plain, */*;q=0.5' }, (hop) =>
        this.site.check(hop),
      ),
    );
  }

  /**
   * Fetches with any status; configuration, robots.txt and grants are asked again for each redirect.
   * Raises `permission.net`, `component.timeout`, and `tool.failed` without an answer or the site's consent.
   */
  fetch(url: URL, request: PageRequest): Promise<GuardedResponse> {
    return this.follow(url, request, (hop) => this.enter(hop));
  }

  private async enter(url: URL): Promise<void> {
    this.site.check(url);
    let { delayMs } = this.site;
    if (this.options.respectRobots) {
      const rules = await this.robots.rulesFor(url);
      rules.require(url, this.site.robotsName);
      delayMs = Math.max(
        delayMs,
        Math.min(LONGEST_CRAWL_DELAY_MS, rules.crawlDelay(this.site.robotsName) * 1000),
      );
    }
    const wait = { delayMs: Math.max(delayMs, this.options.delayMs ?? 0), deadline: this.deadline };
    await takeTurn(this.host, url.host, wait, this.context);
  }

  private async follow(
    first: URL,
    request: PageRequest,
    enter: (url: URL) => Promise<void> | void,
  ): Promise<GuardedResponse> {
    const redirects: string[] = [];
    for (let url = first; ; ) {
      await enter(url);
      const response = await this.send(url, request);
      const next = redirectTarget(url, response);
      if (!next) return { ...response, redirects };
      redirects.push(url.href);
      if (redirects.length > this.site.maxRedirects)
        throw fail(
          'tool.failed',
          `Too many redirects: more than ${this.site.maxRedirects} from ${first.host}`,
          {
            details: { redirects },
          },
        );
      url = next;
    }
  }

  private async send(url: URL, { method, accept, maxBytes }: PageRequest): Promise<GuardedResponse> {
    const request = {
      method: method ?? 'GET',
      headers: { 'user-agent': this.site.userAgent, accept: accept ?? '*/*' },
      maxRedirects: 0,
      ...(maxBytes !== undefined && { maxBytes }),
      timeoutMs: Math.max(1, this.deadline - this.context.effects.now()),
    };
    try {
      return await guardedRequest(url.href, request, this.context);
    } catch (error) {
      throw fetchError(error);
    }
  }
}

/** Raises `tool.failed` unless the answer is a success. */
export function requireSuccess({ status, statusText, url }: GuardedResponse): void {
  if (status >= 200 && status < 300) return;
  throw fail('tool.failed', `HTTP error ${`${status} ${statusText}`.trim()}: ${url}`, {
    details: { status_code: status, url },
  });
}

function redirectTarget(from: URL, { status, headers }: GuardedResponse): URL | undefined {
  if (!REDIRECTS.has(status) || headers.location === undefined) return undefined;
  const to = webUrl(absoluteUrl(headers.location, from.href)?.href ?? headers.location);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw fail(
      'tool.failed',
      `The redirect from ${from.host} to ${to.host} would leave https and was refused`,
    );
  return to;
}

function fetchError(error: unknown): unknown {
  if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') return error;
  const message = `Failed to fetch URL: ${error.message.replace(/^HTTP request failed: /, '')}`;
  return fail('tool.failed', message, {
    ...(error.details && { details: error.details }),
    cause: error,
  });
}
