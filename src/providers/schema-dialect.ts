import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';

/**
 * Whether OpenAI's strict mode would take a schema: every object closed, every property required. A schema with an
 * optional field is sent without strictness instead of being refused with HTTP 400.
 */
export function fitsStrictMode(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(fitsStrictMode);
  if (!isRecord(schema)) return true;
  const node = schema as JsonObject;
  if (node.type === 'object' && !isClosed(node)) return false;
  return Object.entries(node).every(([key, value]) =>
    key === 'enum' || key === 'const' || key === 'default' || key === 'examples'
      ? true
      : fitsStrictMode(value),
  );
}

function isClosed(node: JsonObject): boolean {
  const properties = isRecord(node.properties) ? Object.keys(node.properties) : [];
  const required = Array.isArray(node.required) ? node.required : [];
  return node.additionalProperties === false && properties.every((name) => required.includes(name));
}

/** The instruction that stands in for a schema where a provider only knows "answer in JSON". */
export function schemaInstruction(schema: JsonObject): string {
  return `Answer with one JSON value and nothing else. It must satisfy this JSON Schema:\n${JSON.stringify(schema)}`;
}
