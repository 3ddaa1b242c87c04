import { z } from 'zod';
import { inputError } from '../../../core/schema.js';

/** What a table can be written as. */
export const FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'parquet', 'xlsx'] as const;
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

const FORMAT_ALIASES: Readonly<Record<string, Format>> = {
  jsonlines: 'jsonl',
  ndjson: 'jsonl',
  excel: 'xlsx',
};

/** A list; an empty Lua table arrives as an empty object. */
const names = z.union([z.array(z.string()), z.strictObject({}).transform((): string[] => [])]);

const format = z
  .string()
  .transform((text) => text.toLowerCase())
  .transform((text) => FORMAT_ALIASES[text] ?? text)
  .pipe(z.enum(FORMATS, { error: `Unknown format. Allowed values: ${FORMATS.join(', ')}` }));

/** How to read, what to do and how to write; the parameter `options` of the tool. */
export const optionsSchema = z.strictObject({
  delimiter: z.string().length(1).optional().describe('What divides the fields; found out when absent.'),
  quote: z.string().max(1).default('"').describe('What encloses fields; empty for nothing.'),
  comment: z.string().max(1).default('').describe('What begins a line to leave out; empty for nothing.'),
  has_headers: z.boolean().default(true).describe('Whether the first row names the columns.'),
  encoding: z.string().max(40).optional().describe('How the file is encoded; found out when absent.'),
  format: format.optional().describe('Format of the output: csv, tsv, json, jsonl, parquet or xlsx.'),
  filter: z
    .string()
    .optional()
    .describe(
      'Rows to keep: column operator value, joined by and, or, not and parentheses. Operators: == != > < >= <=, contains, starts_with, ends_with, matches, in (…), is empty, is not empty.',
    ),
  rename_columns: z.record(z.string(), z.string()).default({}).describe('transform: old name → new name.'),
  add_columns: z
    .record(z.string(), z.union([z.string(), z.number()]).transform(String))
    .default({})
    .describe(
      "transform: new column → arithmetic such as `price * quantity`, or text such as '{first} {last}'.",
    ),
  drop_columns: names.default([]).describe('transform: columns to leave out.'),
  select_columns: names.default([]).describe('transform: the only columns to keep, in this order.'),
  rules: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      'validate: column → rule or list of rules: required, unique, email, url, integer, number, boolean, date, date_time, range:-10-50, min:0, max:9, length:1-20, enum:a|b, pattern:^x.',
    ),
  size: z.number().int().min(0).max(100_000).default(10).describe('sample: how many rows.'),
  method: z.enum(['first', 'random']).default('first').describe('sample: the first rows or any.'),
  seed: z.number().int().optional().describe('sample: the same seed gives the same random rows.'),
  limit: z.number().int().min(0).max(100_000).default(1000).describe('parse: the most rows to give.'),
  max_errors: z.number().int().min(1).max(10_000).default(100).describe('validate: the most errors to list.'),
  escape_formulas: z
    .boolean()
    .default(true)
    .describe('Put an apostrophe before text that a spreadsheet would run (csv, tsv, xlsx).'),
});
/** The options with their defaults. */
export type Options = z.output<typeof optionsSchema>;

/**
 * The options of a call. They may also stand beside `options` instead of in it; in it they win.
 * @throws `input.invalid`
 */
export function optionsOf(input: Readonly<Record<string, unknown>>): Options {
  const beside = Object.keys(optionsSchema.shape).filter((name) => input[name] !== undefined);
  const given = {
    ...Object.fromEntries(beside.map((name) => [name, input[name]])),
    ...(input.options as object),
  };
  const parsed = optionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw inputError('csv-analyzer options', parsed.error, optionsSchema);
}
