import { fail, LlmspellError } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { answerHits } from './duckduckgo-answers.js';
import { captchaIn, pageHits } from './duckduckgo-page.js';
import type { EngineAccess, SearchEngine, SearchHit, SearchQuery } from './engine.js';

/** Where instant answers come from, unless the engine's base address is another. */
const ANSWERS = 'https://api.duckduckgo.com';

/** DuckDuckGo: its page without scripts, and its instant answers where that gives nothing. Needs no key. */
export const duckduckgo: SearchEngine = {
  name: 'duckduckgo',
  baseUrl: 'https://html.duckduckgo.com',
  keyVariables: [],
  maxResults: 30,
  async search(query, access) {
    if (query.kind !== 'web')
      throw fail('tool.failed', `duckduckgo only supports web search, not ${query.kind}`, {
        hint: 'Configure another engine, e.g. with TAVILY_API_KEY or BRAVE_API_KEY.',
      });
    try {
      const hits = await fromPage(query, access);
      return hits.length > 0 ? hits : await fromAnswers(query, access).catch(() => []);
    } catch (error) {
      if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') throw error;
      return orRaise(error, await fromAnswers(query, access).catch(() => []));
    }
  },
};

/** What the page failed with matters more than that there was no instant answer either. */
function orRaise(error: LlmspellError, hits: SearchHit[]): SearchHit[] {
  if (hits.length === 0) throw error;
  return hits;
}

async function fromPage(query: SearchQuery, access: EngineAccess): Promise<SearchHit[]> {
  const html = await access.text({
    path: '/html/',
    form: { q: query.text, b: '', kl: region(query.language), kp: query.safe ? '1' : '-2' },
    headers: { 'accept-language': query.language, referer: 'https://html.duckduckgo.com/' },
  });
  const hits = await pageHits(html);
  if (hits.length === 0 && captchaIn(html))
    throw fail('tool.failed', 'duckduckgo asks for a CAPTCHA instead of answering', {
      hint: 'Wait a while, or configure another engine, e.g. with TAVILY_API_KEY or BRAVE_API_KEY.',
    });
  return hits;
}

async function fromAnswers(query: SearchQuery, access: EngineAccess): Promise<SearchHit[]> {
  const answer: JsonValue = await access.json({
    path: '/',
    query: { q: query.text, format: 'json', no_html: 1, no_redirect: 1, skip_disambig: 1 },
    baseUrl: ANSWERS,
  });
  return answerHits(answer);
}

/** DuckDuckGo writes the region first: `en-GB` is `uk-en`, anywhere is `wt-wt`. */
function region(language: string): string {
  const [spoken, where] = language.toLowerCase().split('-');
  if (!where) return spoken === 'en' ? 'us-en' : 'wt-wt';
  return `${where === 'gb' ? 'uk' : where}-${spoken}`;
}
