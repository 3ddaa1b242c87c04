import { fail } from '../../core/errors.js';
import { parseJson } from '../../core/json-parse.js';
import { type JsonWriteOptions, writeJson } from '../../core/json-text.js';
import { isFloat, isRecord, type ScriptValue } from '../../core/values.js';

/** `JSON.parse(text)`: numbers are accepted for their text, as Lua does wherever a string is wanted. */
export function parse(text: ScriptValue | undefined): ScriptValue {
  if (typeof text === 'number' || typeof text === 'bigint' || isFloat(text))
    return parseJson(writeJson(text));
  if (typeof text !== 'string')
    throw fail('input.invalid', 'JSON parse error: the argument is not a string of UTF-8 text');
  return parseJson(text);
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
