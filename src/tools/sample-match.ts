import { isRecord, type JsonValue } from '../core/values.js';

/**
 * The first place where `actual` is not what a sample expects, in words; undefined when it is. Keys that are not
 * expected are not compared, lists have to have the same length.
 */
export function findMismatch(expected: JsonValue, actual: unknown, path = ''): string | undefined {
  if (Array.isArray(expected)) return listMismatch(expected, actual, path);
  if (!isRecord(expected)) return Object.is(expected, actual) ? undefined : differs(path, expected, actual);
  if (!isRecord(actual)) return differs(path, expected, actual);
  return first(Object.entries(expected), ([key, value]) =>
    findMismatch(
      value,
      Object.hasOwn(actual, key) ? actual[key] : undefined,
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

function listMismatch(expected: JsonValue[], actual: unknown, path: string): string | undefined {
  if (!Array.isArray(actual)) return differs(path, expected, actual);
  if (actual.length !== expected.length)
    return `${path || 'the result'} has ${actual.length} items instead of ${expected.length}`;
  return first([...expected.entries()], ([at, item]) => findMismatch(item, actual[at], `${path}[${at}]`));
}

function first<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differs(path: string, expected: unknown, actual: unknown): string {
  return `${path || 'the result'} is ${show(actual)} instead of ${show(expected)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
