import type { JsonObject } from '../core/values.js';
import type { BusEvent } from './event.js';
import { metadataOf } from './filter.js';

/** The languages as events spell them. */
const SPELLED: Readonly<Record<string, string>> = {
  lua: 'Lua',
  javascript: 'JavaScript',
  js: 'JavaScript',
  typescript: 'JavaScript',
  python: 'Python',
  py: 'Python',
  rust: 'Rust',
};

/** How a language is spelled in events; `Unknown` for none. */
export function spelledLanguage(language: string | undefined): string {
  return SPELLED[language?.toLowerCase() ?? ''] ?? 'Unknown';
}

/** An event as a script in `language` gets it. */
export function toReceived(event: BusEvent, language: string): JsonObject {
  return {
    id: event.id,
    event_type: event.name,
    ...(event.data !== undefined && { data: event.data }),
    timestamp: new Date(event.time).toISOString(),
    sequence: event.sequence,
    correlation_id: event.correlationId,
    language: spelledLanguage(event.language),
    target_language: spelledLanguage(language),
    serialization_version: '1.0',
    ...(event.ttlSeconds !== undefined && { ttl: event.ttlSeconds }),
    metadata: metadataOf(event),
  };
}
