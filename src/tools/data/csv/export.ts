import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { writeChunksGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { columnKinds } from './cells.js';
import type { Format, Options } from './options.js';
import { parquetBytes } from './parquet-export.js';
import type { CsvTable } from './table.js';
import { delimitedText, jsonLines, jsonRows, jsonText, type RowStream } from './text-export.js';
import { xlsxBytes } from './xlsx-export.js';

/** Characters of text, and cells of JSON, that a result holds when there is no file for them. */
const MAX_INLINE_CHARACTERS = 4_000_000;
const MAX_INLINE_CELLS = 300_000;
/** Bytes of a binary result without a file. */
const MAX_INLINE_BYTES = 8_000_000;
/** The largest file that is written. */
const MAX_FILE_BYTES = 10_000_000_000;

/** Makes the rows that go out from a table that comes in. */
export type Derive = (table: CsvTable) => RowStream;

/** How the rows go out. */
export interface ExportPlan {
  format: Format;
  path: string | undefined;
  options: Options;
  /** Opens the input once more from its start. */
  open<T>(work: (table: CsvTable) => Promise<T>): Promise<T>;
}

/** Writes what is derived from a table to a file, or gives it as the result. */
export async function exported(
  derive: Derive,
  plan: ExportPlan,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const kinds = plan.format === 'parquet' ? await plan.open((table) => kindsOf(derive(table))) : [];
  return plan.open(async (table) => {
    const counter = { rows: 0 };
    const stream = counted(derive(table), counter);
    const pieces = () => bytesOf(plan, stream, kinds, table, context);
    const outcome =
      plan.path === undefined
        ? await inline(plan, stream, table, pieces)
        : await toFile(plan, pieces(), context);
    const facts = { row_count: counter.rows, ...aboutReading(table) };
    const result =
      plan.path === undefined ? outcome.result! : { ...(outcome.result as JsonObject), ...facts };
    return { ...outcome, result, metadata: { format: plan.format, ...facts, ...outcome.metadata } };
  });
}

/** What reading a table showed: delimiter, encoding, and what was wrong. */
export function aboutReading(table: CsvTable): JsonObject {
  return {
    delimiter: table.delimiter,
    encoding: table.encoding,
    parse_error_count: table.problems.count,
    parse_errors: table.problems.list(),
  };
}

async function kindsOf({ columns, batches }: RowStream) {
  return columnKinds(batches, columns.length);
}

function counted({ columns, batches }: RowStream, counter: { rows: number }): RowStream {
  async function* counting() {
    for await (const batch of batches) {
      counter.rows += batch.length;
      yield batch;
    }
  }
  return { columns, batches: counting() };
}

function bytesOf(
  { format, options }: ExportPlan,
  stream: RowStream,
  kinds: Parameters<typeof parquetBytes>[1],
  table: CsvTable,
  context: ExecutionContext,
): AsyncGenerator<Uint8Array> {
  if (format === 'parquet') return parquetBytes(stream, kinds);
  if (format === 'xlsx') return xlsxBytes(stream, options.escape_formulas, new Date(context.effects.now()));
  return encoded(textOf(format, stream, options, table));
}

function textOf(
  format: Format,
  stream: RowStream,
  options: Options,
  table: CsvTable,
): AsyncGenerator<string> {
  if (format === 'json') return jsonText(stream);
  if (format === 'jsonl') return jsonLines(stream);
  const own = options.format === undefined ? table.delimiter : ',';
  return delimitedText(stream, format === 'tsv' ? '\t' : own, options.escape_formulas);
}

async function* encoded(texts: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}

async function toFile(
  plan: ExportPlan,
  bytes: AsyncGenerator<Uint8Array>,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const { path, size } = await writeChunksGuarded(plan.path!, bytes, context, { maxBytes: MAX_FILE_BYTES });
  return {
    result: { format: plan.format, output_path: path, size_bytes: size },
    message: `Wrote ${size} bytes to ${path}`,
  };
}

async function inline(
  plan: ExportPlan,
  stream: RowStream,
  table: CsvTable,
  pieces: () => AsyncGenerator<Uint8Array>,
): Promise<ToolOutcome> {
  if (plan.format === 'parquet' || plan.format === 'xlsx') return inlineBytes(plan.format, pieces());
  const { value, truncated } =
    plan.format === 'json'
      ? await inlineRows(stream)
      : await inlineText(textOf(plan.format, stream, plan.options, table));
  const message = truncated ? 'The result was cut; give an output_path for all of it' : 'CSV done';
  return {
    result: value,
    text: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    message,
    metadata: { truncated },
  };
}

/** Cut between rows. */
async function inlineText(texts: AsyncGenerator<string>): Promise<{ value: string; truncated: boolean }> {
  let value = '';
  for await (const text of texts) {
    if (value.length + text.length > MAX_INLINE_CHARACTERS) return { value, truncated: true };
    value += text;
  }
  return { value, truncated: false };
}

async function inlineRows(stream: RowStream): Promise<{ value: JsonValue; truncated: boolean }> {
  const most = Math.floor(MAX_INLINE_CELLS / Math.max(1, stream.columns.length));
  const value: JsonObject[] = [];
  for await (const rows of jsonRows(stream)) {
    if (value.length + rows.length > most)
      return { value: value.concat(rows.slice(0, most - value.length)), truncated: true };
    for (const row of rows) value.push(row);
  }
  return { value, truncated: false };
}

async function inlineBytes(format: string, bytes: AsyncGenerator<Uint8Array>): Promise<ToolOutcome> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_INLINE_BYTES)
      throw fail('limit.output', `The ${format} file is larger than ${MAX_INLINE_BYTES} bytes`, {
        hint: 'Give an output_path.',
      });
    chunks.push(chunk);
  }
  const data = Buffer.concat(chunks).toString('base64');
  return {
    result: { format, encoding: 'base64', data, size_bytes: size },
    text: `${format}, ${size} bytes`,
    message: `Converted to ${format}`,
  };
}
