import { fail } from '../core/errors.js';
import { isRecord, type JsonValue, setOwn } from '../core/values.js';

/** A change to what was recorded, made before it is replayed. */
export interface Change {
  /** `data.input.text`, `items[0].name`; the value itself is `$` or nothing. */
  readonly path: string;
  readonly value: JsonValue;
}

/**
 * A copy of the value with one place of it changed. Tables on the way that are missing are made; the list item after
 * the last may be set.
 * @throws `input.invalid` when the path is none, or leads through something that has no members.
 */
export function applyChange(target: JsonValue, { path, value }: Change): JsonValue {
  return set(target, parsePath(path), value, path);
}

/** The parts of a path: names and numbers, the latter from 0. @throws `input.invalid` */
export function parsePath(path: string): (string | number)[] {
  const rest = path.replace(/^\$\.?/, '');
  if (rest === '') return [];
  const parts = [...rest.matchAll(/(?:^|\.)([^.[\]]+)|\[(\d+)\]/g)];
  if (parts.map(([part]) => part).join('') !== rest)
    throw fail('input.invalid', `'${path}' is no path`, { hint: 'Write it like data.items[0].name' });
  return parts.map(([, name, index]) => name ?? Number(index));
}

function set(
  target: JsonValue | undefined,
  [part, ...rest]: (string | number)[],
  value: JsonValue,
  path: string,
): JsonValue {
  if (part === undefined) return value;
  if (typeof part === 'number') return setItem(target ?? [], part, rest, value, path);
  if (target !== undefined && target !== null && !isRecord(target)) throw leadsNowhere(path, part);
  const record: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(target ?? {})) setOwn(record, key, member);
  const before = Object.hasOwn(record, part) ? record[part] : undefined;
  setOwn(record, part, set(before, rest, value, path));
  return record;
}

function setItem(
  target: JsonValue,
  index: number,
  rest: (string | number)[],
  value: JsonValue,
  path: string,
): JsonValue {
  if (!Array.isArray(target) || index > target.length) throw leadsNowhere(path, index);
  return Object.assign([...target], { [index]: set(target[index], rest, value, path) });
}

function leadsNowhere(path: string, part: string | number): Error {
  return fail('input.invalid', `The path '${path}' leads nowhere at '${part}'`, {
    hint: 'Look at what was recorded with: llmspell replay show FILE, or Session.replay(id, {mode = "simulate"})',
  });
}
