import { fail } from './errors.js';
import { float, isFloat, isReference, type JsonValue, type ScriptValue, setOwn } from './values.js';

/**
 * Script values as JSON and back, exactly. What JSON lacks is an object with one key that begins with `$`:
 * `{"$float": "3"}`, `{"$int": "9007199254740993"}`, `{"$bytes": "<base64>"}`, `{"$ref": "agent:7"}`; a script's
 * own object of that form is wrapped in `{"$object": …}`.
 */
export function toTagged(value: ScriptValue | undefined): JsonValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isPlain(value) ? value : { $float: textOfNumber(value) };
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (Array.isArray(value)) return value.map(toTagged);
  if (isFloat(value)) return { $float: textOfNumber(value.valueOf()) };
  if (isReference(value)) return { $ref: value.toString() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  const record: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) setOwn(record, key, toTagged(value[key]!));
  return isTagged(record) ? { $object: record } : record;
}

function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function textOfNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The value that {@link toTagged} was given. */
export function fromTagged(json: JsonValue): ScriptValue {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(fromTagged);
  if (isTagged(json)) return untag(Object.keys(json)[0]!, Object.values(json)[0]!);
  return fromRecord(json);
}

function fromRecord(json: Record<string, JsonValue>): ScriptValue {
  const record: Record<string, ScriptValue> = {};
  for (const key of Object.keys(json)) setOwn(record, key, fromTagged(json[key]!));
  return record;
}

function isTagged(json: Record<string, JsonValue>): boolean {
  const keys = Object.keys(json);
  return keys.length === 1 && keys[0]!.startsWith('$');
}

function untag(tag: string, value: JsonValue): ScriptValue {
  switch (tag) {
    case '$float':
      return Number.isFinite(Number(value)) ? float(Number(value)) : Number(value);
    case '$int':
      return BigInt(String(value));
    case '$bytes':
      return new Uint8Array(Buffer.from(String(value), 'base64'));
    case '$ref':
      return Object(String(value)) as ScriptValue;
    case '$object':
      return fromRecord(value as Record<string, JsonValue>);
    default:
      throw fail('input.invalid', `Unknown tag '${tag}' in recorded value`);
  }
}
