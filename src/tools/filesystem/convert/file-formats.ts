import { extname } from 'node:path';
import { fail } from '../../../core/errors.js';

/** What a file can hold. */
export const FILE_FORMATS = [
  'json',
  'jsonl',
  'yaml',
  'toml',
  'xml',
  'csv',
  'tsv',
  'xlsx',
  'markdown',
  'html',
] as const;
/** One of {@link FILE_FORMATS}. */
export type FileFormat = (typeof FILE_FORMATS)[number];

const OTHER_NAMES: Readonly<Record<string, FileFormat>> = {
  yml: 'yaml',
  md: 'markdown',
  htm: 'html',
  xhtml: 'html',
  ndjson: 'jsonl',
  excel: 'xlsx',
  tab: 'tsv',
};

/** The extension that files of a format have. */
export const EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  json: 'json',
  jsonl: 'jsonl',
  yaml: 'yaml',
  toml: 'toml',
  xml: 'xml',
  csv: 'csv',
  tsv: 'tsv',
  xlsx: 'xlsx',
  markdown: 'md',
  html: 'html',
};

/** Formats that are tables. */
export const TABLES: ReadonlySet<FileFormat> = new Set(['csv', 'tsv', 'xlsx']);
/** Formats that are prose with marks. */
export const MARKUP: ReadonlySet<FileFormat> = new Set(['markdown', 'html']);

/** The largest file of each format that is converted: what can be held as a whole, and read in bearable time. */
export const MAX_BYTES: Readonly<Record<FileFormat, number>> = {
  json: 10_000_000,
  jsonl: 10_000_000,
  yaml: 5_000_000,
  toml: 5_000_000,
  xml: 10_000_000,
  csv: 20_000_000,
  tsv: 20_000_000,
  xlsx: 20_000_000,
  markdown: 2_000_000,
  html: 2_000_000,
};

/** The format of that name; undefined for none. */
export function formatNamed(name: string): FileFormat | undefined {
  const key = name.toLowerCase().replace(/^\./, '');
  return (
    FILE_FORMATS.find((format) => format === key) ??
    (Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : undefined)
  );
}

/** The format that was named, or the one of the file's extension. @throws `input.invalid` */
export function formatFor(
  named: string | undefined,
  path: string | undefined,
  parameter: string,
): FileFormat {
  const found = named === undefined ? path && formatNamed(extname(path)) : formatNamed(named);
  if (found) return found;
  const problem = named === undefined ? `'${parameter}' is needed` : `Invalid ${parameter} '${named}'`;
  throw fail('input.invalid', `${problem}. Allowed values: ${FILE_FORMATS.join(', ')}`);
}
