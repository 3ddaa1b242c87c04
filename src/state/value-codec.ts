import { deserialize, serialize } from 'node:v8';
import { fail } from '../core/errors.js';
import { isFloat, isRecord, isReference, MAX_DEPTH, type ScriptValue } from '../core/values.js';

/**
 * A value in V8's own serialisation, which keeps what JSON would lose (floats that are integral, big integers,
 * binary text, `__proto__` as a plain key).
 * @param maxBytes the longest form that is accepted.
 * @throws `value.unsupported` for references and whatever else is not data, `value.cyclic`, `value.too_deep`
 * past {@link MAX_DEPTH} levels, `state.value_too_large`.
 */
export function serializeValue(value: ScriptValue, maxBytes: number): Uint8Array {
  checkData(value);
  const bytes = serialize(value);
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes);
  return bytes;
}

/** The value that {@link serializeValue} was given. Throws the library's errors for garbled bytes. */
export function deserializeValue(bytes: Uint8Array): ScriptValue {
  return deserialize(bytes) as ScriptValue;
}

function tooLarge(bytes: number, limit: number) {
  return fail('state.value_too_large', `The value takes ${bytes} bytes; at most ${limit} are allowed`, {
    hint: 'Split it over several keys, or raise runtime.state_persistence.max_state_size_bytes.',
    details: { bytes, limit },
  });
}

/** Refuses what is not data. A part that occurs twice side by side is data; one inside itself is not. */
function checkData(value: ScriptValue): void {
  const trail: (string | number)[] = [];
  const around = new Set<object>();
  /** How deep a part lay when it was found sound: no need to look again unless it now lies deeper. */
  const sound = new Map<object, number>();

  const visit = (item: unknown): void => {
    if (trail.length > MAX_DEPTH)
      throw fail('value.too_deep', `The value is nested deeper than ${MAX_DEPTH} levels`);
    if (isScalar(item)) return;
    const problem = unsupported(item);
    if (problem) throw notData(trail, problem);
    const parts = item as object;
    if (around.has(parts)) throw fail('value.cyclic', `Circular reference detected${at(trail)}`);
    if ((sound.get(parts) ?? -1) >= trail.length) return;
    around.add(parts);
    for (const [key, part] of entries(parts)) {
      trail.push(key);
      visit(part);
      trail.pop();
    }
    around.delete(parts);
    sound.set(parts, trail.length);
  };
  visit(value);
}

function isScalar(item: unknown): boolean {
  if (item === null || item instanceof Uint8Array || isFloat(item)) return true;
  return ['boolean', 'number', 'bigint', 'string'].includes(typeof item);
}

/** What the item is, if it is neither a list nor a plain record. */
function unsupported(item: unknown): string | undefined {
  if (isReference(item)) return 'a function or object handle';
  if (Array.isArray(item)) return undefined;
  if (!isRecord(item)) return item === undefined ? 'undefined' : `a ${typeof item}`;
  const prototype: unknown = Object.getPrototypeOf(item);
  if (prototype === null || prototype === Object.prototype) return undefined;
  return `an object of class ${(item.constructor as { name?: string } | undefined)?.name ?? 'unknown'}`;
}

/** The parts of a list, holes included, or of a record. */
function entries(parts: object): Iterable<[string | number, unknown]> {
  return Array.isArray(parts) ? parts.entries() : Object.entries(parts);
}

function notData(trail: readonly (string | number)[], what: string) {
  return fail('value.unsupported', `Unsupported type for JSON conversion${at(trail)}: ${what}`, {
    hint: 'Store plain data: text, numbers, booleans, lists and tables.',
  });
}

function at(trail: readonly (string | number)[]): string {
  return trail.length === 0 ? '' : ` at '${trail.join('.')}'`;
}
