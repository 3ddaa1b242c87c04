import type { JsonValue } from '../../../core/values.js';
import type { SearchEngine, SearchHit, SearchKind } from './engine.js';
import { hit, recordAt, recordsAt, textAt } from './fields.js';

const PATHS: Readonly<Record<SearchKind, string>> = { web: '/search', news: '/news', images: '/images' };
const LISTS: Readonly<Record<SearchKind, string>> = { web: 'organic', news: 'news', images: 'images' };

/** Serper, which asks Google. An answer that Google gives itself comes first. */
export const serperdev: SearchEngine = {
  name: 'serperdev',
  baseUrl: 'https://google.serper.dev',
  keyVariables: ['LLMSPELL_API_KEY_SERPERDEV', 'WEBSEARCH_SERPERDEV_API_KEY', 'SERPERDEV_API_KEY'],
  maxResults: 100,
  rate: { count: 80, perMs: 60_000 },
  async search(query, access) {
    const [language, region] = query.language.split('-');
    const answer = await access.json({
      path: PATHS[query.kind],
      json: {
        q: query.text,
        num: query.count,
        hl: language!,
        safe: query.safe ? 'active' : 'off',
        ...(region && { gl: region.toLowerCase() }),
      },
      headers: { 'x-api-key': access.key },
    });
    const hits = recordsAt(answer, LISTS[query.kind]).map(hitOf);
    return [...answerBox(recordAt(answer, 'answerBox')), ...hits];
  },
};

function answerBox(box: Record<string, JsonValue>): SearchHit[] {
  const snippet = textAt(box, 'answer', 'snippet');
  if (snippet === '') return [];
  const url = textAt(box, 'link');
  return [hit({ title: textAt(box, 'title') || 'Answer', url, snippet, provider: 'serperdev (answer)' })];
}

function hitOf(result: Record<string, JsonValue>): SearchHit {
  return hit({
    title: textAt(result, 'title'),
    url: textAt(result, 'link'),
    snippet: textAt(result, 'snippet'),
    image_url: textAt(result, 'imageUrl'),
    thumbnail_url: textAt(result, 'thumbnailUrl'),
    source: textAt(result, 'source'),
    published: textAt(result, 'date'),
  });
}
