import type { SearchHit } from './engine.js';

/** Which hits are kept: those of allowed domains (`*` means all) that are not blocked. A domain covers its subdomains. */
export function domainFilter(
  allowed: readonly string[] = ['*'],
  blocked: readonly string[] = [],
): (hit: SearchHit) => boolean {
  const all = allowed.length === 0 || allowed.includes('*');
  return ({ url }) => {
    const host = hostOf(url);
    if (host === undefined) return all; // an answer without a page
    return (
      (all || allowed.some((domain) => covers(domain, host))) &&
      !blocked.some((domain) => covers(domain, host))
    );
  };
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function covers(domain: string, host: string): boolean {
  const name = domain.toLowerCase().replace(/^\*\./, '');
  return domain === '*' || host === name || host.endsWith(`.${name}`);
}
