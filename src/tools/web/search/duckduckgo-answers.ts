import type { JsonValue } from '../../../core/values.js';
import type { SearchHit } from './engine.js';
import { hit, recordsAt, textAt } from './fields.js';

/** The hits of an instant answer: what it says itself, then the pages and topics it names. */
export function answerHits(answer: JsonValue): SearchHit[] {
  const record = answer as Record<string, JsonValue>;
  return [
    ...abstract(record),
    ...topics(recordsAt(answer, 'Results')),
    ...topics(recordsAt(answer, 'RelatedTopics')),
  ];
}

function abstract(answer: Record<string, JsonValue>): SearchHit[] {
  const url = textAt(answer, 'AbstractURL');
  const snippet = textAt(answer, 'AbstractText', 'Answer', 'Definition');
  if (snippet === '') return [];
  const source = textAt(answer, 'AbstractSource');
  return [hit({ title: textAt(answer, 'Heading') || 'Answer', url, snippet, source })];
}

/** A topic, or a group of topics. */
function topics(entries: readonly Record<string, JsonValue>[]): SearchHit[] {
  return entries.flatMap((entry) => {
    const inside = recordsAt(entry, 'Topics');
    if (inside.length > 0) return topics(inside);
    const url = textAt(entry, 'FirstURL');
    const text = textAt(entry, 'Text');
    return url === '' ? [] : [hit({ title: text.split(' - ')[0]!, url, snippet: text })];
  });
}
