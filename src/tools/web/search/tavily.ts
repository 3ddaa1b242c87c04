import { isRecord, type JsonValue } from '../../../core/values.js';
import type { SearchEngine, SearchHit } from './engine.js';
import { hit, recordsAt, textAt } from './fields.js';

/** Tavily. An answer that it writes itself comes first; its pictures come beside the pages it finds. */
export const tavily: SearchEngine = {
  name: 'tavily',
  baseUrl: 'https://api.tavily.com',
  keyVariables: ['LLMSPELL_API_KEY_TAVILY', 'WEBSEARCH_TAVILY_API_KEY', 'TAVILY_API_KEY'],
  maxResults: 20,
  rate: { count: 30, perMs: 60_000 },
  async search(query, access) {
    const images = query.kind === 'images';
    const answer = await access.json({
      path: '/search',
      json: {
        query: query.text,
        topic: query.kind === 'news' ? 'news' : 'general',
        search_depth: 'advanced',
        max_results: query.count,
        include_answer: !images,
        include_images: images,
        include_image_descriptions: images,
      },
      headers: { authorization: `Bearer ${access.key}` },
    });
    if (images) return pictures(isRecord(answer) ? (answer.images as JsonValue | undefined) : undefined);
    return [...written(answer), ...recordsAt(answer, 'results').map(hitOf)];
  },
};

function written(answer: JsonValue): SearchHit[] {
  const snippet = isRecord(answer) ? textAt(answer as Record<string, JsonValue>, 'answer') : '';
  return snippet === '' ? [] : [hit({ title: 'Answer', snippet, provider: 'tavily (answer)' })];
}

/** Addresses alone, or with what they show. */
function pictures(images: JsonValue | undefined): SearchHit[] {
  if (!Array.isArray(images)) return [];
  return images.flatMap((image) => {
    if (typeof image === 'string') return [hit({ url: image, image_url: image })];
    if (!isRecord(image)) return [];
    const record = image as Record<string, JsonValue>;
    const url = textAt(record, 'url');
    const about = textAt(record, 'description');
    return [hit({ title: about, url, snippet: about, image_url: url })];
  });
}

function hitOf(result: Record<string, JsonValue>): SearchHit {
  return hit({
    title: textAt(result, 'title'),
    url: textAt(result, 'url'),
    snippet: textAt(result, 'content'),
    published: textAt(result, 'published_date'),
  });
}
