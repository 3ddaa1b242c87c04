import { isRecord, type JsonValue } from '../../../core/values.js';
import type { SearchHit } from './engine.js';

/** The record under a key; an empty one when there is none. */
export function recordAt(value: JsonValue | undefined, key: string): Record<string, JsonValue> {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? (found as Record<string, JsonValue>) : {};
}

/** The records in the list under a key; none when there is no list. */
export function recordsAt(value: JsonValue | undefined, key: string): Record<string, JsonValue>[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found)
    ? found.filter((item): item is Record<string, JsonValue> => isRecord(item))
    : [];
}

/** The text under the first key that has one; empty when none has. */
export function textAt(record: Readonly<Record<string, JsonValue>>, ...keys: string[]): string {
  for (const key of keys) {
    const value = record[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/** A hit from what an engine names its parts; parts that are empty are left out. */
export function hit(parts: Partial<SearchHit>): SearchHit {
  const filled = Object.entries(parts).filter(([, value]) => value !== undefined && value !== '');
  return { title: '', url: '', snippet: '', ...Object.fromEntries(filled) };
}
