import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { delimitedText, type RowStream } from '../../data/csv/text-export.js';
import { xlsxBytes } from '../../data/csv/xlsx-export.js';
import { jsonToElement } from '../../data/xml/json.js';
import { printed } from '../../data/xml/print.js';
import type { FileFormat } from './file-formats.js';
import { XML_STYLE } from './read-data.js';
import { type TextTable, tableOf } from './tables.js';
import { runTask } from './worker-tasks.js';

/** Rows that are written between two pauses. */
const BATCH_ROWS = 1000;

/** How data is written. */
export interface WriteOptions {
  delimiter: string | undefined;
  /** Spaces for each level of JSON. */
  indent: number;
  /** Whether a spreadsheet is kept from running what looks like a formula. */
  escapeFormulas: boolean;
}

type Write = (
  value: JsonValue,
  options: WriteOptions,
  context: ExecutionContext,
) => AsyncIterable<string | Uint8Array>;

const WRITERS: Readonly<Partial<Record<FileFormat, Write>>> = {
  async *json(value, { indent }) {
    yield `${JSON.stringify(value, null, indent)}\n`;
  },
  async *jsonl(value) {
    for (const item of Array.isArray(value) ? value : [value]) yield `${JSON.stringify(item)}\n`;
  },
  async *yaml(value, _options, { signal }) {
    yield await runTask('writeYaml', { value }, signal);
  },
  async *toml(value, _options, { signal }) {
    yield await runTask('writeToml', { value: tomlTable(value) }, signal);
  },
  async *xml(value, { indent }, context) {
    const root = jsonToElement(withXmlNames(value), Array.isArray(value) ? 'root' : undefined, XML_STYLE);
    yield* printed({ root, before: [], after: [] }, { indent, comments: true, declaration: true }, context);
  },
  csv: (value, { delimiter = ',', escapeFormulas }) =>
    delimitedText(rowStream(value), delimiter, escapeFormulas),
  tsv: (value, { delimiter = '\t', escapeFormulas }) =>
    delimitedText(rowStream(value), delimiter, escapeFormulas),
  xlsx: (value, { escapeFormulas }, { effects }) =>
    xlsxBytes(rowStream(value), escapeFormulas, new Date(effects.now())),
};

/** JSON in another format, piece by piece. @throws `tool.failed` for what the format cannot hold */
export async function* writeData(
  value: JsonValue,
  format: FileFormat,
  options: WriteOptions,
  context: ExecutionContext,
): AsyncGenerator<Uint8Array> {
  const write = WRITERS[format];
  if (!write) throw fail('input.invalid', `Data cannot be converted to ${format}`);
  for await (const piece of write(value, options, context))
    yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

function rowStream(value: JsonValue): RowStream {
  const table = tableOf(value);
  return { columns: table.columns, batches: batches(table) };
}

async function* batches({ rows }: TextTable): AsyncGenerator<string[][]> {
  for (let at = 0; at < rows.length; at += BATCH_ROWS) yield rows.slice(at, at + BATCH_ROWS);
}

/** TOML is a table at its top and has no nothing: lists are put under `rows`, members that are null left out. */
function tomlTable(value: JsonValue): JsonObject {
  if (isRecord(value)) return withoutNulls(value as JsonObject) as JsonObject;
  if (Array.isArray(value)) return { rows: withoutNulls(value) };
  throw fail('tool.failed', 'TOML holds a table or a list, not a single value');
}

function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    if (value.includes(null)) throw fail('tool.failed', 'A list that holds null cannot be written as TOML');
    return value.map(withoutNulls);
  }
  if (!isRecord(value)) return value;
  const kept = Object.entries(value as JsonObject).filter(([, item]) => item !== null);
  return objectOf(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/** Names of members as XML can have them: what it does not allow in a name becomes an underscore. */
function withXmlNames(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withXmlNames);
  if (!isRecord(value)) return value;
  return objectOf(
    Object.entries(value as JsonObject).map(([key, item]) => [
      key === XML_STYLE.textKey ? key : xmlName(key),
      withXmlNames(item),
    ]),
  );
}

function xmlName(key: string): string {
  const [mark, name] = key.startsWith(XML_STYLE.attributePrefix) ? ['@', key.slice(1)] : ['', key];
  const clean = name.replace(/[^\p{L}\p{N}\p{M}_:.-]/gu, '_');
  return mark + (/^[\p{L}_:]/u.test(clean) ? clean : `_${clean}`);
}

function objectOf(entries: [string, JsonValue][]): JsonObject {
  const out: JsonObject = {};
  for (const [key, item] of entries) setOwn(out, key, item);
  return out;
}
