/**
 * The values that cross between scripts, the kernel, stores and recordings.
 *
 * They survive the structured clone between threads unchanged, so kinds that JSON lacks ride on built-in
 * classes which data never contains otherwise:
 *
 * - `Float`: a boxed `Number`, a Lua float with an integral value (`3.0`). Plain numbers are integers or have a
 *   fraction. Scripts in JavaScript never make one.
 * - `bigint`: an integer beyond ±2^53.
 * - `Uint8Array`: a string that is not UTF-8.
 * - `Reference`: a boxed `String`, naming a script function (`fn:3`) or a kernel object (`agent:7`).
 *
 * Keys are data, `__proto__` included: write them with {@link setOwn}, never by plain assignment.
 */
export type ScriptValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Reference
  | Uint8Array
  | ScriptValue[]
  | { [key: string]: ScriptValue };

/** A JSON value: what tools, models and files exchange. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };
/** A Lua float with an integral value, e.g. `3.0`. */
// biome-ignore lint/complexity/noBannedTypes: the boxed class is the point
export type Float = Number & object;
/** The name of something that stays on its own side: `fn:<id>` in the script, `<type>:<id>` in the kernel. */
// biome-ignore lint/complexity/noBannedTypes: the boxed class is the point
export type Reference = String & object;

/** The deepest nesting that may cross; deeper values raise `value.too_deep`. */
export const MAX_DEPTH = 200;

/** Boxes an integral number so that it stays a float. */
export function float(value: number): Float {
  return Object(value) as Float;
}

/** Whether `value` is a boxed float. */
export function isFloat(value: unknown): value is Float {
  return value instanceof Number;
}

/** Makes a reference from its kind (`fn`, `agent`, …) and id. */
export function reference(kind: string, id: number | string): Reference {
  return Object(`${kind}:${id}`) as Reference;
}

/** Whether `value` is a reference. */
export function isReference(value: unknown): value is Reference {
  return value instanceof String;
}

/** Splits a reference into its kind and id. */
export function parseReference(value: Reference): { kind: string; id: string } {
  const text = value.toString();
  const colon = text.indexOf(':');
  return { kind: text.slice(0, colon), id: text.slice(colon + 1) };
}

/** Sets an own property whatever its name; `target.__proto__ = x` would not. */
export function setOwn<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

/** Whether `value` is a record of data: an object that is none of the special kinds. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Number || value instanceof String || value instanceof Uint8Array);
}

/**
 * The JSON form of a script value, for tools, models and display: floats become numbers, big integers become
 * numbers, bytes become text with U+FFFD for what is not UTF-8, references their name.
 */
export function toJson(value: ScriptValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (isFloat(value)) return toJson(value.valueOf());
  if (isReference(value)) return `<${value.toString()}>`;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const out: JsonObject = {};
  for (const key of Object.keys(value))
    setOwn(out, key, toJson((value as Record<string, ScriptValue>)[key]!));
  return out;
}
