import type { SearchEngine } from './engine.js';
import { hit, recordAt, recordsAt, textAt } from './fields.js';

/** Google's Programmable Search Engine. It has no news of its own. */
export const google: SearchEngine = {
  name: 'google',
  baseUrl: 'https://www.googleapis.com',
  keyVariables: ['LLMSPELL_API_KEY_GOOGLE_SEARCH', 'WEBSEARCH_GOOGLE_API_KEY'],
  idVariable: 'WEBSEARCH_GOOGLE_SEARCH_ENGINE_ID',
  maxResults: 10,
  rate: { count: 100, perMs: 86_400_000 },
  async search(query, access) {
    const answer = await access.json({
      path: '/customsearch/v1',
      query: {
        key: access.key,
        cx: access.id,
        q: query.kind === 'news' ? `${query.text} news` : query.text,
        num: query.count,
        safe: query.safe ? 'active' : 'off',
        hl: query.language,
        searchType: query.kind === 'images' ? 'image' : undefined,
      },
    });
    return recordsAt(answer, 'items').map((item) => {
      const image = recordAt(item, 'image');
      const page = textAt(image, 'contextLink');
      return hit({
        title: textAt(item, 'title'),
        url: page || textAt(item, 'link'),
        snippet: textAt(item, 'snippet'),
        image_url: query.kind === 'images' ? textAt(item, 'link') : '',
        thumbnail_url: textAt(image, 'thumbnailLink'),
        source: textAt(item, 'displayLink'),
      });
    });
  },
};
