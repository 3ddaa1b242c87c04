import { fail } from '../../core/errors.js';
import { parseJson } from '../../core/json-parse.js';
import { type JsonWriteOptions, writeJson } from '../../core/json-text.js';
import { isFloat, isRecord, type ScriptValue } from '../../core/values.js';

/** Most values that a JSON text may hold. */
const MAX_PARTS = 5_000_000;
const [COMMA, BRACKET, BRACE] = [44, 91, 123];

/** `JSON.parse(text)`: numbers are accepted for their text, as Lua does wherever a string is wanted. */
export function parse(text: ScriptValue | undefined): ScriptValue {
  if (typeof text === 'number' || typeof text === 'bigint' || isFloat(text))
    return parseJson(writeJson(text));
  if (typeof text !== 'string')
    throw fail('input.invalid', 'JSON parse error: the argument is not a string of UTF-8 text');
  guardParts(text);
  return parseJson(text);
}

/**
 * A few bytes of text become an object of many: what would fill the thread's memory is refused beforehand. Commas
 * and brackets inside of strings count too, which only a very large text of nothing else would notice.
 */
function guardParts(text: string): void {
  if (text.length <= MAX_PARTS) return;
  let parts = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === BRACKET || code === BRACE) parts++;
  }
  if (parts > MAX_PARTS) throw fail('value.too_large', `JSON with more than ${MAX_PARTS} parts`);
}

/** `JSON.stringify(value, indent | {indent, sort_keys})`: compact with sorted keys unless asked otherwise. */
export function stringify(value: ScriptValue | undefined, options?: ScriptValue): string {
  return writeJson(value ?? null, writeOptions(options));
}

function writeOptions(options: ScriptValue | undefined): JsonWriteOptions {
  if (isRecord(options))
    return { indent: Number(options.indent ?? 0), sortKeys: options.sort_keys !== false };
  if (options === true) return { indent: 2, sortKeys: true };
  const indent =
    typeof options === 'number' || isFloat(options) ? Math.min(10, Math.max(0, Number(options))) : 0;
  return { indent, sortKeys: true };
}
