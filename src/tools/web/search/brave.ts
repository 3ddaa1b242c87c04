import type { JsonValue } from '../../../core/values.js';
import type { SearchEngine, SearchHit, SearchKind } from './engine.js';
import { hit, recordAt, recordsAt, textAt } from './fields.js';

/** Brave Search. */
export const brave: SearchEngine = {
  name: 'brave',
  baseUrl: 'https://api.search.brave.com',
  keyVariables: ['LLMSPELL_API_KEY_BRAVE_SEARCH', 'WEBSEARCH_BRAVE_API_KEY', 'BRAVE_API_KEY'],
  maxResults: 20,
  rate: { count: 60, perMs: 60_000 },
  async search(query, access) {
    const answer = await access.json({
      path: `/res/v1/${query.kind}/search`,
      query: {
        q: query.text,
        count: query.count,
        search_lang: query.language.split('-')[0]!,
        safesearch: query.safe ? 'strict' : 'off',
        text_decorations: query.kind === 'images' ? undefined : 'false',
      },
      headers: { 'x-subscription-token': access.key },
    });
    const results =
      query.kind === 'web' ? recordsAt(recordAt(answer, 'web'), 'results') : recordsAt(answer, 'results');
    return results.map((result) => hitOf(query.kind, result));
  },
};

function hitOf(kind: SearchKind, result: Record<string, JsonValue>): SearchHit {
  const common = { title: textAt(result, 'title'), url: textAt(result, 'url') };
  if (kind === 'images')
    return hit({
      ...common,
      image_url: textAt(recordAt(result, 'properties'), 'url'),
      thumbnail_url: textAt(recordAt(result, 'thumbnail'), 'src'),
      source: textAt(result, 'source'),
    });
  return hit({
    ...common,
    snippet: textAt(result, 'description'),
    published: textAt(result, 'page_age', 'age'),
    source: kind === 'news' ? textAt(recordAt(result, 'meta_url'), 'hostname') : '',
  });
}
