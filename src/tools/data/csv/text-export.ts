import { type JsonObject, setOwn } from '../../../core/values.js';
import { jsonCell, withoutFormula } from './cells.js';

/** Rows on their way out, with the names of their columns. */
export interface RowStream {
  columns: readonly string[];
  batches: AsyncIterable<string[][]>;
}

/** The text of a table divided by `delimiter`, header first. */
export async function* delimitedText(
  { columns, batches }: RowStream,
  delimiter: string,
  escapeFormulas: boolean,
): AsyncGenerator<string, void, undefined> {
  const { stringify } = await import('csv-stringify/sync');
  const lines = (rows: readonly (readonly string[])[]) =>
    stringify(escapeFormulas ? rows.map((row) => row.map(withoutFormula)) : [...rows], { delimiter });
  if (columns.length === 0) return;
  yield lines([columns]);
  for await (const batch of batches) if (batch.length > 0) yield lines(batch);
}

/** One JSON object per row. */
export async function* jsonRows({
  columns,
  batches,
}: RowStream): AsyncGenerator<JsonObject[], void, undefined> {
  for await (const batch of batches) yield batch.map((row) => jsonRow(columns, row));
}

/** A JSON list with a line per row. */
export async function* jsonText(stream: RowStream): AsyncGenerator<string, void, undefined> {
  let before = '[\n';
  for await (const rows of jsonRows(stream)) {
    if (rows.length === 0) continue;
    yield before + rows.map((row) => JSON.stringify(row)).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** A line of JSON per row. */
export async function* jsonLines(stream: RowStream): AsyncGenerator<string, void, undefined> {
  for await (const rows of jsonRows(stream)) {
    if (rows.length > 0) yield `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
  }
}

/** A row as an object; columns may have any name. */
export function jsonRow(columns: readonly string[], row: readonly string[]): JsonObject {
  const out: JsonObject = {};
  for (const [index, column] of columns.entries()) setOwn(out, column, jsonCell(row[index]!));
  return out;
}
