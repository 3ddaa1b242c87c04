import { isRecord, type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';

/** Objects are merged key by key, at every depth; anything else of the later value replaces the earlier one. */
export function mergeDeep(earlier: JsonValue, later: JsonValue): JsonValue {
  if (!isRecord(earlier) || !isRecord(later)) return later;
  const merged: JsonObject = {};
  for (const key of Object.keys(earlier)) setOwn(merged, key, earlier[key] as JsonValue);
  for (const key of Object.keys(later)) {
    const value = later[key] as JsonValue;
    setOwn(merged, key, Object.hasOwn(merged, key) ? mergeDeep(merged[key]!, value) : value);
  }
  return merged;
}
