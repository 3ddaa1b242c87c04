import type { JsonValue } from '../../../core/values.js';
import type { SearchEngine, SearchHit, SearchKind } from './engine.js';
import { hit, recordsAt, textAt } from './fields.js';

const LISTS: Readonly<Record<SearchKind, string>> = {
  web: 'organic_results',
  news: 'news_results',
  images: 'images_results',
};
/** Google's own abbreviations. */
const TBM: Readonly<Record<SearchKind, string | undefined>> = { web: undefined, news: 'nws', images: 'isch' };

/** SerpApi, which asks Google. */
export const serpapi: SearchEngine = {
  name: 'serpapi',
  baseUrl: 'https://serpapi.com',
  keyVariables: ['LLMSPELL_API_KEY_SERPAPI', 'WEBSEARCH_SERPAPI_API_KEY', 'SERPAPI_API_KEY'],
  maxResults: 100,
  rate: { count: 2, perMs: 60_000 },
  async search(query, access) {
    const answer = await access.json({
      path: '/search',
      query: {
        engine: 'google',
        q: query.text,
        api_key: access.key,
        num: query.count,
        hl: query.language,
        safe: query.safe ? 'active' : 'off',
        tbm: TBM[query.kind],
        output: 'json',
      },
    });
    return recordsAt(answer, LISTS[query.kind]).map((result) => hitOf(query.kind, result));
  },
};

function hitOf(kind: SearchKind, result: Record<string, JsonValue>): SearchHit {
  return hit({
    title: textAt(result, 'title'),
    url: textAt(result, 'link'),
    snippet: textAt(result, 'snippet'),
    provider: 'serpapi (google)',
    image_url: kind === 'images' ? textAt(result, 'original') : '',
    thumbnail_url: kind === 'images' ? textAt(result, 'thumbnail') : '',
    source: textAt(result, 'source'),
    published: textAt(result, 'date'),
  });
}
