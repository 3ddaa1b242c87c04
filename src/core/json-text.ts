import { fail } from './errors.js';
import { isFloat, isReference, MAX_DEPTH, type ScriptValue } from './values.js';

/** How {@link writeJson} prints. */
export interface JsonWriteOptions {
  /** Spaces per level; 0 (the default) prints on one line. */
  indent?: number;
  /** Print object keys in alphabetical order, so that equal values have equal texts. */
  sortKeys?: boolean;
}

/**
 * JSON text of a script value. Integral floats keep their point (`3.0`), big integers their digits; NaN and
 * infinities become `null` as in `JSON.stringify`.
 * @throws `value.unsupported` for references, `value.too_deep` past {@link MAX_DEPTH} levels.
 */
export function writeJson(value: ScriptValue, options: JsonWriteOptions = {}): string {
  const write = (item: ScriptValue, level: number): string => {
    if (level > MAX_DEPTH) throw fail('value.too_deep', `JSON is nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(item))
      return writeList(
        '[',
        ']',
        item.map((entry) => write(entry, level + 1)),
        level,
        options,
      );
    const scalar = writeScalar(item);
    if (scalar !== undefined) return scalar;
    const record = item as Record<string, ScriptValue>;
    const keys = options.sortKeys ? Object.keys(record).sort() : Object.keys(record);
    const colon = options.indent ? ': ' : ':';
    const entries = keys.map((key) => JSON.stringify(key) + colon + write(record[key]!, level + 1));
    return writeList('{', '}', entries, level, options);
  };
  return write(value, 0);
}

function writeList(
  open: string,
  close: string,
  parts: string[],
  level: number,
  options: JsonWriteOptions,
): string {
  const indent = options.indent ?? 0;
  if (indent === 0 || parts.length === 0) return open + parts.join(',') + close;
  const pad = ' '.repeat(indent * (level + 1));
  return `${open}\n${pad}${parts.join(`,\n${pad}`)}\n${' '.repeat(indent * level)}${close}`;
}

function writeScalar(item: ScriptValue): string | undefined {
  if (item === null || typeof item === 'boolean') return String(item);
  if (typeof item === 'string') return JSON.stringify(item);
  if (typeof item === 'number') return Number.isFinite(item) ? String(item) : 'null';
  if (typeof item === 'bigint') return item.toString();
  if (isFloat(item)) return writeFloat(item.valueOf());
  if (isReference(item))
    throw fail('value.unsupported', 'Unsupported type for JSON conversion: a function or object handle');
  if (item instanceof Uint8Array) return JSON.stringify(new TextDecoder().decode(item));
  return undefined;
}

function writeFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
