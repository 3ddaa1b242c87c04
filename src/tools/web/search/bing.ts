import type { JsonValue } from '../../../core/values.js';
import type { SearchEngine, SearchHit, SearchKind } from './engine.js';
import { hit, recordAt, recordsAt, textAt } from './fields.js';

const PATHS: Readonly<Record<SearchKind, string>> = {
  web: '/v7.0/search',
  news: '/v7.0/news/search',
  images: '/v7.0/images/search',
};

/** Bing, or whatever speaks its version 7. */
export const bing: SearchEngine = {
  name: 'bing',
  baseUrl: 'https://api.bing.microsoft.com',
  keyVariables: ['LLMSPELL_API_KEY_BING', 'WEBSEARCH_BING_API_KEY', 'BING_API_KEY'],
  maxResults: 50,
  rate: { count: 30, perMs: 60_000 },
  async search(query, access) {
    const answer = await access.json({
      path: PATHS[query.kind],
      query: {
        q: query.text,
        count: query.count,
        safeSearch: query.safe ? 'Strict' : 'Off',
        setLang: query.language,
        mkt: market(query.language),
      },
      headers: { 'ocp-apim-subscription-key': access.key },
    });
    const results =
      query.kind === 'web' ? recordsAt(recordAt(answer, 'webPages'), 'value') : recordsAt(answer, 'value');
    return results.map((result) => hitOf(query.kind, result));
  },
};

/** A market is a language with a region; most languages have none in the United States. */
function market(language: string): string | undefined {
  if (language.includes('-')) return language;
  return language === 'en' ? 'en-US' : undefined;
}

function hitOf(kind: SearchKind, result: Record<string, JsonValue>): SearchHit {
  if (kind === 'images')
    return hit({
      title: textAt(result, 'name'),
      url: textAt(result, 'hostPageUrl', 'contentUrl'),
      image_url: textAt(result, 'contentUrl'),
      thumbnail_url: textAt(result, 'thumbnailUrl'),
    });
  return hit({
    title: textAt(result, 'name'),
    url: textAt(result, 'url'),
    snippet: textAt(result, 'snippet', 'description'),
    published: textAt(result, 'datePublished'),
    source: textAt(recordsAt(result, 'provider')[0] ?? {}, 'name'),
  });
}
