import { z } from 'zod';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { sliceBytes, truncateBytes } from './bytes.js';
import { camelCase, capitalize, pascalCase, snakeCase } from './case.js';
import { formatText } from './format.js';
import { dedent, indent, normalizeWhitespace, sanitize, wordWrap } from './layout.js';
import { findMatches, testPattern } from './patterns.js';
import { analyzeText, COUNT_TYPES, countIn } from './statistics.js';

/** The settings of the text operations; each operation reads its own. */
export const OPTION_FIELDS = {
  from: z.string().optional().describe('replace: the text to look for'),
  to: z.string().optional().describe('replace: what to put in its place'),
  start: z.number().int().optional().describe('substring: first byte offset, from 0'),
  end: z.number().int().optional().describe('substring: byte offset after the last'),
  delimiter: z.string().optional().describe('split and join: what stands between the parts; a space'),
  max_length: z.number().int().min(0).optional().describe('truncate: most bytes, dots included; 100'),
  spaces: z.number().int().min(0).max(1000).optional().describe('indent: spaces per line; 4'),
  width: z.number().int().min(0).optional().describe('word_wrap: most characters per line; 80'),
  count_type: z.enum(COUNT_TYPES).optional().describe('count: what is counted; words'),
  pattern: z
    .string()
    .optional()
    .describe('extract and validate: a regular expression, or email, url, number, date, phone, uuid …'),
  template: z.string().optional().describe('format: text with {name} placeholders; the input when absent'),
  values: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .optional()
    .describe('format: the values of the placeholders'),
  value: z.unknown().optional().describe('constant: what is returned'),
  transformations: z
    .array(z.unknown())
    .optional()
    .describe('transform: operations in order, each a name or {operation, options}'),
};
/** The settings as one object. */
export const OPTIONS = z.object(OPTION_FIELDS);
/** Checked settings. */
export type TextOptions = z.output<typeof OPTIONS>;

/**
 * One text operation.
 * Contract: must not change its arguments; throws `input.invalid` for settings that are missing.
 */
type TextOperation = (
  text: string,
  options: TextOptions,
  signal: AbortSignal,
) => JsonValue | Promise<JsonValue>;

/** Every operation but `transform`, which combines them. `split` answers JSON text, as scripts expect. */
export const TEXT_OPERATIONS = {
  uppercase: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
  capitalize,
  reverse: (text) => [...text].reverse().join(''),
  trim: (text) => text.trim(),
  replace: (text, { from, to }) => replaceLiteral(text, needed('from', from), needed('to', to)),
  substring: (text, { start, end }) => sliceBytes(text, needed('start', start), needed('end', end)),
  split: (text, { delimiter = ' ' }) => JSON.stringify(text.split(delimiter)),
  join: (text, { delimiter = ' ' }) => partsOf(text).join(delimiter),
  snake_case: snakeCase,
  camel_case: camelCase,
  pascal_case: pascalCase,
  sanitize,
  truncate: (text, { max_length = 100 }) => truncateBytes(text, max_length),
  indent: (text, { spaces = 4 }) => indent(text, spaces),
  dedent,
  normalize_whitespace: normalizeWhitespace,
  word_wrap: (text, { width = 80 }) => wordWrap(text, width),
  count: (text, { count_type = 'words' }) => countIn(text, count_type),
  analyze: analyzeText,
  format: (text, { template = text, values }) => formatText(template, values ?? {}),
  constant: (_text, { value }) => needed('value', value) as JsonValue,
  extract: (text, { pattern }, signal) => findMatches(text, needed('pattern', pattern), signal),
  validate: (text, { pattern }, signal) => testPattern(text, needed('pattern', pattern), signal),
} satisfies Record<string, TextOperation>;

/** The name of an operation of {@link TEXT_OPERATIONS}. */
export type TextOperationName = keyof typeof TEXT_OPERATIONS;

/** Does one operation. @throws `input.invalid` for settings that are missing or a pattern that is none. */
export async function applyTextOperation(
  name: TextOperationName,
  text: string,
  options: TextOptions,
  signal: AbortSignal,
): Promise<JsonValue> {
  const operation: TextOperation = TEXT_OPERATIONS[name];
  return operation(text, options, signal);
}

/** A function as replacement keeps `$&` and its like as they stand. */
function replaceLiteral(text: string, from: string, to: string): string {
  return text.replaceAll(from, () => to);
}

function partsOf(text: string): string[] {
  const value = parseList(text);
  if (!Array.isArray(value)) throw fail('input.invalid', "join needs a list, or its JSON text, as 'input'");
  return value.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}' in options`);
  return value;
}
