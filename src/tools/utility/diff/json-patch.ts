import type { Operation } from 'rfc6902';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';

/** Edits of one list beyond which the list is replaced whole. */
const MAX_EDITS = 500;

/** The operations of RFC 6902 that make `after` of `before`. */
export async function createJsonPatch(before: JsonValue, after: JsonValue): Promise<Operation[]> {
  const { createPatch } = await import('rfc6902');
  const { diffArrays } = await import('diff');
  const listPatch = (old: JsonValue[], now: JsonValue[], path: string): Operation[] => {
    const changes = diffArrays(old.map(canonical), now.map(canonical), { maxEditLength: MAX_EDITS });
    if (!changes) return [{ op: 'replace', path, value: now }];
    return listOperations(changes, old, now, path, patch);
  };
  const patch = (old: JsonValue, now: JsonValue, at: string): Operation[] =>
    createPatch(old, now, (input, output, pointer) => {
      if (!Array.isArray(input) || !Array.isArray(output)) return undefined;
      return listPatch(input, output, pointer.toString());
    }).map((operation) => ({ ...operation, path: at + operation.path }));
  return patch(before, after, '');
}

/**
 * What a list of operations makes of a value.
 * @throws `input.invalid` for what is no such list, `tool.failed` where it does not fit the value
 */
export async function applyJsonPatch(value: JsonValue, patch: JsonValue): Promise<JsonValue> {
  if (!isPatch(patch))
    throw fail('input.invalid', 'A JSON patch is a list of operations, each with op and path');
  const { applyPatch } = await import('rfc6902');
  const document: { root: JsonValue } = { root: structuredClone(value) };
  // Below a member of its own the whole value can be replaced, too.
  const moved = patch.map((operation) => ({
    ...structuredClone(operation),
    path: `/root${operation.path}`,
    ...('from' in operation && { from: `/root${operation.from}` }),
  }));
  const problems = applyPatch(document, moved as Operation[]);
  const at = problems.findIndex((problem) => problem !== null);
  if (at < 0) return document.root;
  throw fail(
    'tool.failed',
    `Operation ${at + 1} of the patch (${patch[at]!.op} ${patch[at]!.path}) does not apply`,
    {
      details: { index: at, reason: problems[at]!.name },
    },
  );
}

type PatchOperation = { op: string; path: string; from?: string };
const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

function isPatch(patch: JsonValue): patch is PatchOperation[] & JsonValue {
  if (!Array.isArray(patch)) return false;
  return patch.every((entry) => {
    const { op, path, from = '' } = (entry ?? {}) as Record<string, unknown>;
    return [path, from].every(isPointer) && OPERATIONS.includes(String(op));
  });
}

/** A JSON pointer that names no prototype. */
function isPointer(path: unknown): boolean {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return false;
  return !path.split('/').some((part) => ['__proto__', 'constructor', 'prototype'].includes(part));
}

type ListChange = { added: boolean; removed: boolean; count: number };

/** Operations for one list, to be done in order: positions are those at the time. */
function listOperations(
  changes: readonly ListChange[],
  old: readonly JsonValue[],
  now: readonly JsonValue[],
  path: string,
  patch: (old: JsonValue, now: JsonValue, at: string) => Operation[],
): Operation[] {
  const operations: Operation[] = [];
  let [a, b] = [0, 0];
  for (let i = 0; i < changes.length; i++) {
    const change = changes[i]!;
    if (!change.added && !change.removed) {
      [a, b] = [a + change.count, b + change.count];
      continue;
    }
    const other = changes[i + 1];
    const paired = other !== undefined && other.added !== other.removed && other.added !== change.added;
    if (paired) i++;
    const removed = change.removed ? change.count : paired ? other.count : 0;
    const added = change.added ? change.count : paired ? other.count : 0;
    const both = Math.min(removed, added);
    for (let k = 0; k < both; k++) operations.push(...patch(old[a + k]!, now[b + k]!, `${path}/${b + k}`));
    for (let k = both; k < removed; k++) operations.push({ op: 'remove', path: `${path}/${b + both}` });
    for (let k = both; k < added; k++)
      operations.push({ op: 'add', path: `${path}/${b + k}`, value: now[b + k]! });
    [a, b] = [a + removed, b + added];
  }
  return operations;
}

/** JSON in which equal values are the same text. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, item: JsonValue) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
