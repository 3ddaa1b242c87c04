import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { jsonCell } from '../../data/csv/cells.js';

/** A cell as a table holds it. */
export type Cell = string | number | boolean | null;

/** Rows that become records one by one. */
export type Rows = AsyncIterable<Cell[]>;

/**
 * The rows of a table as JSON: objects by the names in the first row, or lists.
 * @param typed text that is a number, or true or false, becomes one
 */
export async function recordsOf(rows: Rows, header: boolean, typed: boolean): Promise<JsonValue[]> {
  const value = (cell: Cell | undefined): JsonValue =>
    typeof cell === 'string' && typed ? jsonCell(cell) : (cell ?? null);
  const records: JsonValue[] = [];
  let names: string[] | undefined;
  for await (const row of rows) {
    if (header && !names) {
      names = uniqueNames(row);
      continue;
    }
    records.push(names ? recordOf(names, row, value) : row.map(value));
  }
  return records;
}

function recordOf(names: string[], row: Cell[], value: (cell: Cell | undefined) => JsonValue): JsonObject {
  const record: JsonObject = {};
  for (const [i, name] of names.entries()) setOwn(record, name, value(row[i]));
  for (let i = names.length; i < row.length; i++) setOwn(record, `column_${i + 1}`, value(row[i]));
  return record;
}

/** A column without a name is called by its place; names that come again are numbered. */
function uniqueNames(row: readonly Cell[]): string[] {
  const seen = new Set<string>();
  return row.map((cell, i) => {
    const base = String(cell ?? '').trim() || `column_${i + 1}`;
    let name = base;
    for (let number = 2; seen.has(name); number++) name = `${base}_${number}`;
    seen.add(name);
    return name;
  });
}

/** A table: the names of its columns and its rows as text. */
export interface TextTable {
  columns: string[];
  rows: string[][];
}

/**
 * JSON as a table: a list of objects, whose names together are the columns, or a list of lists, the first of which
 * names them. What is nested becomes JSON text.
 * @throws `tool.failed` for JSON that is no table
 */
export function tableOf(value: JsonValue): TextTable {
  const list = listOf(value);
  if (list.every(Array.isArray)) {
    const [columns = [], ...rows] = (list as JsonValue[][]).map((row) => row.map(cellText));
    return { columns, rows };
  }
  if (!list.every(isRecord))
    throw fail('tool.failed', 'The data is no table: a list of objects, or of lists, is needed');
  const records = list as JsonObject[];
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cell = (record: JsonObject, name: string) =>
    Object.hasOwn(record, name) ? cellText(record[name]!) : '';
  return { columns, rows: records.map((record) => columns.map((name) => cell(record, name))) };
}

/** A list, or the only list inside an object, as the root of XML or a table of TOML holds it. */
function listOf(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) throw fail('tool.failed', 'The data is no table: a single value has no rows');
  const inside = Object.values(value as JsonObject);
  if (inside.length !== 1) return [value as JsonObject];
  const [only] = inside;
  return Array.isArray(only) || isRecord(only) ? listOf(only as JsonValue) : [value as JsonObject];
}

function cellText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
