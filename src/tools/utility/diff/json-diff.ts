import { isRecord, type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';

/** What differs between two JSON values, by dotted paths. */
export interface JsonDifference {
  added: JsonObject;
  removed: JsonObject;
  /** `{old, new}`; for lists at the top also `old_length` and `new_length`. */
  modified: JsonObject;
  unchanged: string[];
}

/** Compares objects member by member, objects in objects too; lists and anything else are compared whole. */
export function jsonDifference(before: JsonValue, after: JsonValue): JsonDifference {
  const found: JsonDifference = { added: {}, removed: {}, modified: {}, unchanged: [] };
  if (isRecord(before) && isRecord(after)) walk(before, after, '', found);
  else compareTop(before, after, found);
  return found;
}

/** Whether two JSON values are equal; the order of members does not matter. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]!));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key]!, b[key]!))
  );
}

function walk(before: JsonObject, after: JsonObject, prefix: string, found: JsonDifference): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (!Object.hasOwn(after, key)) setOwn(found.removed, path, before[key]!);
    else if (!Object.hasOwn(before, key)) setOwn(found.added, path, after[key]!);
    else compareMember(before[key]!, after[key]!, path, found);
  }
}

function compareMember(before: JsonValue, after: JsonValue, path: string, found: JsonDifference): void {
  if (sameJson(before, after)) found.unchanged.push(path);
  else if (isRecord(before) && isRecord(after)) walk(before, after, path, found);
  else setOwn(found.modified, path, { old: before, new: after });
}

function compareTop(before: JsonValue, after: JsonValue, found: JsonDifference): void {
  const lists = Array.isArray(before) && Array.isArray(after);
  const path = lists ? '[]' : '$';
  if (sameJson(before, after)) {
    found.unchanged.push(path);
    return;
  }
  const lengths = lists ? { old_length: before.length, new_length: after.length } : {};
  found.modified[path] = { old: before, new: after, ...lengths };
}
