import { isRecord } from '../core/values.js';
import { formatKey, formatPath } from './paths.js';
import type { FreeTable } from './types.js';

/** How a table is written. */
export interface RenderOptions {
  /** Path of the table that is written; its headers begin with it. */
  prefix?: readonly string[];
  /** Text to put behind a value as a comment. Contract: must not throw, and returns one line. */
  comment?: (path: readonly string[]) => string | undefined;
}

/** Writes plain data as TOML. Values that are not set are left out; tables come after plain values, as TOML demands. */
export function renderToml(table: FreeTable, options: RenderOptions = {}): string {
  return `${renderTable(table, options.prefix ?? [], options)
    .join('\n')
    .trim()}\n`;
}

function renderTable(table: FreeTable, path: readonly string[], options: RenderOptions): string[] {
  const present = Object.keys(table).filter((key) => table[key] !== undefined && table[key] !== null);
  const plain = present.filter((key) => !isRecord(table[key]));
  const lines = plain.map((key) => renderEntry([...path, key], table[key], options));
  const needsHeader = path.length > 0 && (lines.length > 0 || present.length === 0);
  const head = needsHeader ? ['', `[${formatPath(path)}]`] : [];
  const tables = present.filter((key) => isRecord(table[key]));
  return [
    ...head,
    ...lines,
    ...tables.flatMap((key) => renderTable(table[key] as FreeTable, [...path, key], options)),
  ];
}

function renderEntry(path: readonly string[], value: unknown, options: RenderOptions): string {
  const comment = options.comment?.(path);
  return `${formatKey(path.at(-1)!)} = ${renderValue(value)}${comment === undefined ? '' : `  # ${comment}`}`;
}

/** One value as TOML writes it behind the `=`. */
export function renderValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderValue).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.keys(value).map((key) => `${formatKey(key)} = ${renderValue(value[key])}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  if (typeof value === 'string') return renderString(value);
  if (typeof value === 'number') return renderNumber(value);
  return String(value);
}

/** JSON's escapes are TOML's, but for DEL, which TOML wants escaped, and halves of surrogate pairs, which it has not. */
function renderString(text: string): string {
  const whole = text.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '\uFFFD',
  );
  return JSON.stringify(whole).replaceAll('\x7f', '\\u007f');
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = String(value);
  return Number.isInteger(value) && text.includes('e') ? value.toFixed(1) : text;
}
