import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { isRecord, type JsonValue } from '../../../core/values.js';
import { type ByteSource, bytesOf, pause } from '../source/bytes.js';
import { checkEncoding, decoded, detectEncoding, isUtf8Name } from '../source/encoding.js';
import { detectDelimiter } from './delimiter.js';
import { Problems } from './problems.js';
import { type Dialect, recordBatches } from './records.js';

/** Rows of a list that are handed on at a time. */
const LIST_BATCH = 1000;

/** Where a table comes from: CSV in a text or a file, or rows that are values already. */
export type TableSource = ByteSource | { rows: readonly JsonValue[] };

/** How a source is read; what is absent is found out. */
export interface TableFormat {
  delimiter?: string | undefined;
  quote: string;
  comment: string;
  hasHeaders: boolean;
  encoding?: string | undefined;
  maxBytes: number;
}

/** A table that is read once, from its first row to its last. */
export interface CsvTable {
  /** One name per column, all different. */
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly encoding: string;
  /** What was found wrong so far. */
  readonly problems: Problems;
  /** Bytes that were read so far. */
  bytes(): number;
  /** The rows, many at a time, each as wide as there are columns. */
  batches(): AsyncGenerator<string[][], void, undefined>;
}

/** Opens a table, lets `work` read it, and closes its file whatever happens. */
export async function withTable<T>(
  source: TableSource,
  format: TableFormat,
  context: ExecutionContext,
  work: (table: CsvTable) => Promise<T>,
): Promise<T> {
  const opened = 'rows' in source ? openList(source.rows, context) : await openText(source, format, context);
  try {
    const first = await firstBatch(opened.records);
    return await work(tableOf(opened, first, format.hasHeaders || 'rows' in source));
  } finally {
    await opened.records.return();
  }
}

interface Opened {
  records: AsyncGenerator<string[][], void, undefined>;
  delimiter: string;
  encoding: string;
  problems: Problems;
  bytes(): number;
}

async function openText(source: ByteSource, format: TableFormat, context: ExecutionContext): Promise<Opened> {
  const problems = new Problems();
  let bytes = 0;
  const counted = tapped(bytesOf(source, 'csv-analyzer', context, format.maxBytes), (chunk) => {
    bytes += chunk.length;
  });
  try {
    const { value: start = new Uint8Array() } = await counted.next();
    const encoding = await encodingOf(source, format, start);
    const delimiter = format.delimiter ?? (await detectDelimiter(await startText(start, encoding)));
    const dialect: Dialect = { delimiter, quote: format.quote, comment: format.comment };
    const records = recordBatches(asUtf8(prepended(start, counted), encoding), dialect, problems);
    return { records, delimiter, encoding, problems, bytes: () => bytes };
  } catch (error) {
    // The file is open already, and nobody else knows of it yet.
    await counted.return(undefined);
    throw error;
  }
}

/** A text that was handed over has no encoding of its own any more. */
async function encodingOf(source: ByteSource, { encoding }: TableFormat, start: Uint8Array): Promise<string> {
  if ('text' in source) return 'utf-8';
  return encoding === undefined ? detectEncoding(start) : checkEncoding(encoding);
}

async function startText(start: Uint8Array, encoding: string): Promise<string> {
  const iconv = (await import('iconv-lite')).default;
  return iconv.decode(Buffer.from(start), encoding);
}

function asUtf8(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array> {
  return isUtf8Name(encoding) ? chunks : encoded(decoded(chunks, encoding));
}

async function* encoded(texts: AsyncIterable<string>) {
  for await (const text of texts) yield Buffer.from(text);
}

async function* tapped(chunks: AsyncGenerator<Uint8Array>, see: (chunk: Uint8Array) => void) {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

async function* prepended(first: Uint8Array, rest: AsyncGenerator<Uint8Array>) {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function openList(rows: readonly JsonValue[], context: ExecutionContext): Opened {
  return {
    records: listBatches(rows, context),
    delimiter: ',',
    encoding: 'utf-8',
    problems: new Problems(),
    bytes: () => 0,
  };
}

/** The header first: the keys of all records in the order in which they appear, or the first list. */
async function* listBatches(rows: readonly JsonValue[], context: ExecutionContext) {
  const keys = new Set<string>();
  for (const row of rows) if (isRecord(row)) for (const key of Object.keys(row)) keys.add(key);
  if (keys.size > 0) yield [[...keys]];
  for (let at = 0; at < rows.length; at += LIST_BATCH) {
    yield rows.slice(at, at + LIST_BATCH).map((row) => cellsOf(row, keys));
    await pause(context);
  }
}

function cellsOf(row: JsonValue, keys: ReadonlySet<string>): string[] {
  if (Array.isArray(row)) return row.map(cellText);
  if (!isRecord(row)) throw fail('input.invalid', 'Rows are objects or lists');
  return [...keys].map((key) => cellText(Object.hasOwn(row, key) ? (row[key] as JsonValue) : null));
}

function cellText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function firstBatch(records: AsyncGenerator<string[][], void, undefined>): Promise<string[][]> {
  for (;;) {
    const { value, done } = await records.next();
    if (done) return [];
    if (value.length > 0) return value;
  }
}

function tableOf(opened: Opened, first: string[][], hasHeaders: boolean): CsvTable {
  const header = hasHeaders ? (first[0] ?? []) : (first[0] ?? []).map(() => '');
  const columns = columnNames(header);
  const rows = hasHeaders ? first.slice(1) : first;
  const { delimiter, encoding, problems, bytes } = opened;
  return {
    columns,
    delimiter,
    encoding,
    problems,
    bytes,
    batches: () => fitted(rows, opened.records, columns.length, problems),
  };
}

/** Names for all columns: what has none is called by its place, what has a name twice is numbered. */
function columnNames(header: readonly string[]): string[] {
  const used = new Set<string>();
  return header.map((text, index) => {
    const base = text.trim() || `Column_${index + 1}`;
    let name = base;
    for (let number = 2; used.has(name); number++) name = `${base}_${number}`;
    used.add(name);
    return name;
  });
}

async function* fitted(
  first: string[][],
  rest: AsyncIterable<string[][]>,
  width: number,
  problems: Problems,
): AsyncGenerator<string[][], void, undefined> {
  let number = 0;
  const fit = (row: string[]): string[] => {
    number++;
    if (row.length === width) return row;
    problems.add(`Row ${number} has ${row.length} fields, expected ${width}`);
    return Array.from({ length: width }, (_, index) => row[index] ?? '');
  };
  yield first.map(fit);
  for await (const batch of rest) yield batch.map(fit);
}
