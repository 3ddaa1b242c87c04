import type { SearchHit } from './engine.js';
import { hit } from './fields.js';

/** What stands on the page that wants to know whether a person asks. */
const CAPTCHA = /anomaly-modal|challenge-form|anomaly\.js|bots use DuckDuckGo too/i;

/** A page of results has a tenth of this; what is longer is none. */
const MAX_CHARACTERS = 500_000;

/** Whether the page asks for a CAPTCHA. */
export function captchaIn(html: string): boolean {
  return CAPTCHA.test(html);
}

/** The hits on a page of results; advertisements are left out. */
export async function pageHits(html: string): Promise<SearchHit[]> {
  const { parseHTML } = await import('linkedom');
  const { document } = parseHTML(html.slice(0, MAX_CHARACTERS)) as unknown as Page;
  return [...document.querySelectorAll('.result:not(.result--ad)')].flatMap((result) => {
    const link = result.querySelector('a.result__a');
    const url = target(link?.getAttribute('href') ?? undefined);
    if (!link || url === undefined) return [];
    const snippet = result.querySelector('.result__snippet')?.textContent ?? '';
    return [hit({ title: oneLine(link.textContent), url, snippet: oneLine(snippet) })];
  });
}

/** The little of a document that is looked at. */
interface Page {
  document: { querySelectorAll(selector: string): Iterable<Element> };
}
interface Element {
  textContent: string;
  querySelector(selector: string): Element | null;
  getAttribute(name: string): string | null;
}

/** The page that a link leads to: links pass through a counter, which has the address as a parameter. */
function target(href: string | undefined): string | undefined {
  if (!href || !URL.canParse(href, 'https://duckduckgo.com')) return undefined;
  const url = new URL(href, 'https://duckduckgo.com');
  if (!/^https?:$/.test(url.protocol)) return undefined;
  if (!/(?:^|\.)duckduckgo\.com$/.test(url.hostname)) return url.href;
  const real = url.pathname === '/l/' ? url.searchParams.get('uddg') : null;
  return real !== null && /^https?:/i.test(real) ? real : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
