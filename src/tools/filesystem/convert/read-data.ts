import { Readable } from 'node:stream';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';
import { detectDelimiter } from '../../data/csv/delimiter.js';
import { detectEncoding } from '../../data/source/encoding.js';
import { elementToJson } from '../../data/xml/json.js';
import { readTree } from '../../data/xml/tree.js';
import { decodeText, encodingNamed } from './encodings.js';
import type { FileFormat } from './file-formats.js';
import type { Source } from './rewrite.js';
import { type Cell, recordsOf } from './tables.js';
import { runTask } from './worker-tasks.js';
import { readSheet } from './xlsx-read.js';

/** How XML becomes JSON: attributes have an @ before their names, text beside them is called #text. */
export const XML_STYLE = {
  attributePrefix: '@',
  textKey: '#text',
  arrays: new Set<string>(),
  inferTypes: false,
};

/** How data is read. */
export interface ReadOptions {
  encoding: string | undefined;
  delimiter: string | undefined;
  header: boolean;
  typed: boolean;
  sheet: string | undefined;
  maxDepth: number;
}

type Read = (source: Source, options: ReadOptions, context: ExecutionContext) => Promise<JsonValue>;

const READERS: Readonly<Partial<Record<FileFormat, Read>>> = {
  json: async (source, options, context) => parseJson(await textOf(source, options, context)),
  jsonl: async (source, options, context) => {
    const lines = (await textOf(source, options, context)).split('\n');
    return lines.flatMap((line, i) => (line.trim() === '' ? [] : [parseJson(line, i + 1)]));
  },
  yaml: async (source, options, context) =>
    JSON.parse(await runTask('readYaml', { text: await textOf(source, options, context) }, context.signal)),
  toml: async (source, options, context) =>
    JSON.parse(await runTask('readToml', { text: await textOf(source, options, context) }, context.signal)),
  xml: async ({ path, size }, _options, context) => {
    const { root } = await readTree({ path }, context, size);
    return { [root.name]: elementToJson(root, XML_STYLE) };
  },
  csv: readTable,
  tsv: (source, options, context) =>
    readTable(source, { ...options, delimiter: options.delimiter ?? '\t' }, context),
  xlsx: ({ path }, { sheet, header }, context) => recordsOf(readSheet(path, sheet, context), header, false),
};

/** The data of a file as JSON. @throws `input.invalid` for a file that is not of the format */
export async function readData(
  source: Source,
  format: FileFormat,
  options: ReadOptions,
  context: ExecutionContext,
): Promise<JsonValue> {
  const read = READERS[format];
  if (!read)
    throw fail('input.invalid', `${format} holds no data that could be converted to another data format`);
  const value = await read(source, options, context);
  checkDepth(value, options.maxDepth);
  return value;
}

/** A whole file as text, decoded as it was named or as its bytes say. */
export async function textOf(
  source: Source,
  { encoding }: Pick<ReadOptions, 'encoding'>,
  context: ExecutionContext,
): Promise<string> {
  const bytes = await readFileGuarded(source.path, context, { maxBytes: source.size });
  const named = await encodingNamed(encoding ?? (await detectEncoding(bytes)));
  const parts: string[] = [];
  for await (const part of decodeText(chunked(bytes), named)) parts.push(part);
  return parts.join('');
}

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function parseJson(text: string, line?: number): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const where = line === undefined ? '' : ` in line ${line}`;
    throw fail('input.invalid', `Invalid JSON${where}: ${(cause as Error).message}`, { cause });
  }
}

async function readTable(
  source: Source,
  options: ReadOptions,
  context: ExecutionContext,
): Promise<JsonValue> {
  const text = await textOf(source, options, context);
  const delimiter = options.delimiter ?? (await detectDelimiter(text.slice(0, 65_536)));
  return recordsOf(csvRows(text, delimiter, context), options.header, options.typed);
}

async function* csvRows(
  text: string,
  delimiter: string,
  { signal }: ExecutionContext,
): AsyncGenerator<Cell[]> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 4_000_000,
  });
  const source = Readable.from(pieces(text), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const row of parser) {
      signal.throwIfAborted();
      yield row as string[];
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw fail('input.invalid', `Invalid CSV: ${(cause as Error).message}`, { cause });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function* pieces(text: string): Generator<Buffer> {
  for (let at = 0; at < text.length; ) {
    let end = at + 65_536;
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end++;
    yield Buffer.from(text.slice(at, end));
    at = end;
  }
}

/** Level by level, so that no depth is too much to measure. */
function checkDepth(value: JsonValue, maxDepth: number): void {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw fail('input.invalid', `The data is nested more than ${maxDepth} levels deep`);
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
}
