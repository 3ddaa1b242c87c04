import type { JsonObject, JsonValue } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { patternCompiler } from '../linear-pattern.js';
import { tableStatistics } from './column-statistics.js';
import { columnIndex } from './columns.js';
import { aboutReading } from './export.js';
import type { Options } from './options.js';
import { type CellRule, rulesOf } from './rules.js';
import type { CsvTable } from './table.js';
import { jsonRow } from './text-export.js';

/** Characters of a value that an error shows. */
const SHOWN_CHARACTERS = 200;

/** What is in a table: types, extremes, averages, gaps. */
export async function analyze(table: CsvTable, options: Options): Promise<ToolOutcome> {
  const statistics = tableStatistics(table.columns);
  let rows = 0;
  for await (const batch of table.batches()) {
    rows += batch.length;
    for (const row of batch)
      for (let index = 0; index < statistics.length; index++) statistics[index]!.add(row[index]!);
  }
  const result: JsonObject = {
    row_count: rows,
    column_count: table.columns.length,
    has_headers: options.has_headers,
    ...aboutReading(table),
    file_size_bytes: table.bytes(),
    columns: statistics.map((column) => column.report()),
  };
  return { result, message: `Analyzed ${rows} rows and ${table.columns.length} columns` };
}

/** The rows as objects, up to a limit. */
export async function parse(table: CsvTable, options: Options): Promise<ToolOutcome> {
  const rows: JsonValue[] = [];
  let count = 0;
  for await (const batch of table.batches()) {
    for (const row of batch.slice(0, options.limit - rows.length)) rows.push(jsonRow(table.columns, row));
    count += batch.length;
    if (count > options.limit) break;
  }
  const truncated = count > options.limit;
  return {
    result: { headers: [...table.columns], rows, row_count: rows.length, truncated, ...aboutReading(table) },
    message: truncated ? `Parsed the first ${rows.length} rows` : `Parsed ${rows.length} rows`,
  };
}

/** Which cells break which rules, and which rows have the wrong number of fields. */
export async function validate(table: CsvTable, options: Options): Promise<ToolOutcome> {
  const checks = await checksOf(table.columns, options.rules as Record<string, JsonValue>);
  const errors: JsonObject[] = [];
  let count = 0;
  let rows = 0;
  for await (const batch of table.batches()) {
    for (const row of batch) {
      rows++;
      for (const { column, index, rule } of checks) {
        const cell = row[index]!.trim();
        const error = rule(cell);
        if (error === undefined) continue;
        count++;
        if (errors.length < options.max_errors)
          errors.push({ row: rows, column, value: cell.slice(0, SHOWN_CHARACTERS), error });
      }
    }
  }
  const structural = table.problems
    .list()
    .map((error): JsonObject => ({ row: null, column: null, value: null, error }));
  const total = count + table.problems.count;
  const result = {
    valid: total === 0,
    errors: [...errors, ...structural],
    total_rows: rows,
    error_count: total,
    truncated: count > errors.length,
  };
  return {
    result,
    message: total === 0 ? `All ${rows} rows are valid` : `Found ${total} errors in ${rows} rows`,
  };
}

interface Check {
  column: string;
  index: number;
  rule: CellRule;
}

/** The rules of all columns, in order. */
async function checksOf(
  columns: readonly string[],
  rules: Readonly<Record<string, JsonValue>>,
): Promise<Check[]> {
  const patternOf = await patternCompiler();
  return Object.entries(rules).flatMap(([name, value]) => {
    const index = columnIndex(columns, name);
    return rulesOf(value, patternOf).map((rule) => ({ column: columns[index]!, index, rule }));
  });
}
