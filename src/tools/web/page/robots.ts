import { fail, LlmspellError } from '../../../core/errors.js';
import { canonicalHost, joinHostPort } from '../../../security/network.js';

/** Characters of a robots.txt that count. */
const MOST_CHARACTERS = 512 * 1024;
/** Steps that comparing one address with all rules may take: less than a tenth of a second. */
const MOST_STEPS = 50_000_000;

/** What a site says to robots. */
export interface RobotsRules {
  /** Sitemaps it names, as written. */
  readonly sitemaps: readonly string[];
  /** Seconds it wants between two requests of robot `name`. */
  crawlDelay(name: string): number;
  /** Raises `tool.failed` when robot `name` may not read `url`. */
  require(url: URL, name: string): void;
}

/**
 * Fetches a robots.txt.
 * Contract: rejects with `permission.net`, `input.invalid` or `tool.failed`; any status is an answer.
 */
export type RobotsFetch = (url: URL) => Promise<{ status: number; body: Uint8Array }>;

/** The rules of sites, each read once. */
export class RobotsBook {
  private readonly rules = new Map<string, Promise<RobotsRules>>();

  constructor(private readonly fetch: RobotsFetch) {}

  /** The rules of the site of `url`. */
  rulesFor(url: URL): Promise<RobotsRules> {
    const known = this.rules.get(url.origin) ?? this.read(new URL('/robots.txt', url));
    this.rules.set(url.origin, known);
    return known;
  }

  /** No robots.txt (4xx, or one that leads where we may not go) allows everything, a broken one (5xx) nothing. */
  private async read(url: URL): Promise<RobotsRules> {
    try {
      const { status, body } = await this.fetch(url);
      if (status >= 500) return unreadable(url, status);
      return await parseRobots(url, status < 300 ? new TextDecoder().decode(body) : '');
    } catch (error) {
      if (leadsAstray(error, url)) return parseRobots(url, '');
      throw error;
    }
  }
}

/** Reads the text of a robots.txt that stands at `url`. */
export async function parseRobots(url: URL, text: string): Promise<RobotsRules> {
  const { default: robotsParser } = await import('robots-parser');
  const counted = text.slice(0, MOST_CHARACTERS);
  const robots = robotsParser(url.href, counted);
  return {
    sitemaps: robots.getSitemaps(),
    crawlDelay: (name) => Math.max(0, robots.getCrawlDelay(name) ?? 0),
    require(target, name) {
      const shown = shortened(target, MOST_STEPS / (counted.length + 1));
      if (robots.isAllowed(shown, name) !== false) return;
      const path = target.pathname.slice(0, 200);
      throw fail('tool.failed', `robots.txt of ${url.host} does not allow '${path}' for ${name}`, {
        hint: 'Pass respect_robots = false only where the owner of the site agreed.',
        details: { robots_url: url.href },
      });
    },
  };
}

/** Rules compare prefixes: a very long address is judged by its beginning. */
function shortened(url: URL, length: number): string {
  return url.origin + `${url.pathname}${url.search}`.slice(0, length);
}

function unreadable(url: URL, status: number): RobotsRules {
  return {
    sitemaps: [],
    crawlDelay: () => 0,
    require() {
      throw fail('tool.failed', `robots.txt of ${url.host} could not be read (HTTP error ${status})`, {
        hint: 'Try again later; until then nothing of the site may be read.',
        details: { robots_url: url.href, status_code: status },
      });
    },
  };
}

/** A redirect that went wrong; what the site itself refuses, its pages will refuse too. */
function leadsAstray(error: unknown, { hostname, port, protocol }: URL): boolean {
  if (!(error instanceof LlmspellError)) return false;
  if (error.code !== 'permission.net') return error.code === 'input.invalid' || !!error.details?.redirects;
  const host = canonicalHost(hostname) ?? hostname;
  const own = joinHostPort(host, port ? Number(port) : protocol === 'https:' ? 443 : 80);
  return error.details?.target !== own && error.details?.target !== host;
}
