import type { JsonValue } from '../../core/values.js';

/** A response body as scripts see it; `body_encoding` is there when the body is not text. */
export type DecodedBody = { body: JsonValue; body_encoding?: 'base64' };

/**
 * Decodes by content type: JSON becomes a value (or stays text when it does not parse), text is decoded with
 * its charset, everything else becomes base64. Without a content type, what is UTF-8 is text.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined): DecodedBody {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (bytes.length === 0) return { body: '' };
  if (type === '') return decodeUnknown(bytes);
  if (!isText(type)) return base64(bytes);
  const text = decodeText(bytes, /charset="?([^";\s]+)/i.exec(contentType!)?.[1]);
  return { body: isJson(type) ? parsedOrText(text) : text };
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

function isText(type: string): boolean {
  if (type.startsWith('text/') || isJson(type) || type.endsWith('+xml')) return true;
  return /^application\/(xml|javascript|ecmascript|x-ndjson|jsonl|yaml|x-yaml|toml|graphql|x-www-form-urlencoded)$/.test(
    type,
  );
}

function decodeText(bytes: Uint8Array, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // a charset nobody knows
  }
}

function decodeUnknown(bytes: Uint8Array): DecodedBody {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return base64(bytes);
  }
}

function parsedOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function base64(bytes: Uint8Array): DecodedBody {
  return { body: Buffer.from(bytes).toString('base64'), body_encoding: 'base64' };
}
