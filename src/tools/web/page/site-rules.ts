import { fail } from '../../../core/errors.js';
import { canonicalHost } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';

/** How the reading tools introduce themselves unless configured otherwise. */
const USER_AGENT = 'Mozilla/5.0 (compatible; LLMSpell/1.0)';
const MAX_REDIRECTS = 5;
/** Seconds that reading a page may take unless configured or asked otherwise. */
const TIMEOUT_SECONDS = 30;

/** What `[tools.web_tools]` says about reading pages. */
export interface SiteRules {
  readonly userAgent: string;
  /** The name under which robots.txt files address us. */
  readonly robotsName: string;
  readonly maxRedirects: number;
  /** Milliseconds between two requests to one site. */
  readonly delayMs: number;
  /** Milliseconds for one call that names no time limit. */
  readonly timeoutMs: number;
  /** Raises `permission.net` for a host that the configuration excludes. */
  check(url: URL): void;
}

/** The rules of a kernel. */
export function siteRules({ config }: ToolHost): SiteRules {
  const { user_agent, allowed_domains, blocked_domains, max_redirects, scraping_delay_ms } =
    config.web_tools ?? {};
  const allowed = domainMatcher(allowed_domains ?? ['*']);
  const blocked = domainMatcher(blocked_domains ?? []);
  const userAgent = user_agent ?? USER_AGENT;
  return {
    userAgent,
    robotsName: robotsName(userAgent),
    maxRedirects: max_redirects ?? MAX_REDIRECTS,
    delayMs: scraping_delay_ms ?? 0,
    timeoutMs: (config.network?.timeout_seconds ?? TIMEOUT_SECONDS) * 1000,
    check(url) {
      const host = canonicalHost(url.hostname) ?? url.hostname;
      if (blocked(host)) throw excluded(host, 'blocked_domains');
      if (!allowed(host)) throw excluded(host, 'allowed_domains');
    },
  };
}

/** `Mozilla/5.0 (compatible; Name/1.0)` is `Name`, `Name/1.0` too. */
function robotsName(userAgent: string): string {
  const name = /compatible;\s*([^/;)\s]+)/.exec(userAgent)?.[1] ?? /^[^/\s]+/.exec(userAgent)?.[0];
  return name ?? userAgent;
}

/** A domain stands for itself and its subdomains, `*.domain` for these alone, `*` for everything. */
function domainMatcher(patterns: readonly (string | undefined)[]): (host: string) => boolean {
  const tests = patterns.filter((pattern) => pattern !== undefined).map(matcherOf);
  return (host) => tests.some((matches) => matches(host));
}

function matcherOf(pattern: string): (host: string) => boolean {
  const text = pattern.trim().toLowerCase();
  if (text === '*') return () => true;
  const wildcard = text.startsWith('*.');
  const plain = text.replace(/^\*?\./, '');
  const domain = canonicalHost(plain) ?? plain;
  return (host) => (!wildcard && host === domain) || host.endsWith(`.${domain}`);
}

function excluded(host: string, key: string) {
  return fail('permission.net', `Host blocked: ${host} - Domain not in allowed list`, {
    hint: `It is excluded by tools.web_tools.${key} in llmspell.toml`,
    details: { capability: 'net', target: host },
  });
}
