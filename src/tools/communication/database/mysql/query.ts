import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2';
import type { JsonValue } from '../../../../core/values.js';
import { type Column, RowCollector, type StatementResult } from '../job.js';
import type { BoundStatement } from '../sql/placeholders.js';
import { base64, exactDecimal, float, isoDateTime } from '../values.js';

/** The numbers of the column types whose values need a hand. */
const DECIMAL = new Set([0, 246]);
const TIMESTAMP = new Set([7, 17]);
const DATETIME = new Set([12, 18]);

/** What a command of `mysql2` emits while its answer arrives. */
interface Command {
  on(event: 'fields', listener: (fields: FieldPacket[] | undefined) => void): void;
  on(event: 'result', listener: (row: unknown[] | ResultSetHeader) => void): void;
  once(event: 'end', listener: () => void): void;
  once(event: 'error', listener: (error: Error) => void): void;
}

/**
 * One statement, its rows taken as they arrive.
 * @param leaveEarly hang up when there are enough rows: the protocol has no other way to say so
 */
export function runStatement(
  connection: Connection,
  { sql, values }: BoundStatement,
  maxRows: number,
  leaveEarly = false,
): Promise<StatementResult> {
  const rows = new RowCollector(maxRows);
  let fields: FieldPacket[] = [];
  let done: ResultSetHeader | undefined;
  const command = start(connection, sql, values);
  command.on('fields', (given) => {
    fields = given ?? fields;
  });
  return new Promise((resolve, reject) => {
    const finish = () => resolve(resultOf(fields, rows, done));
    command.on('result', (result) => {
      if (!Array.isArray(result)) done = result;
      else if (rows.truncated || rows.add(result.map((value, i) => readValue(value, fields[i])))) return;
      else if (leaveEarly) {
        connection.destroy();
        finish();
      }
    });
    command.once('error', reject);
    command.once('end', finish);
  });
}

/** Statements with values are prepared by the server; without values they need not be, and some cannot be. */
function start(connection: Connection, sql: string, values: BoundStatement['values']): Command {
  const bound = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
  return (bound.length === 0
    ? connection.query(sql)
    : connection.execute(sql, bound as string[])) as unknown as Command;
}

function resultOf(
  fields: readonly FieldPacket[],
  { rows, truncated }: RowCollector,
  done: ResultSetHeader | undefined,
): StatementResult {
  const columns: Column[] = fields.map((field) => ({ name: field.name, type: typeName(field) }));
  const lastInsertId = done?.insertId;
  return {
    columns,
    rows,
    truncated,
    affected: done?.affectedRows ?? rows.length,
    ...(lastInsertId !== undefined && lastInsertId !== 0 && { lastInsertId }),
  };
}

function readValue(value: unknown, field: FieldPacket | undefined): JsonValue {
  const type = typeOf(field);
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value === 'number') return float(value);
  if (typeof value !== 'string') return value as JsonValue;
  if (DECIMAL.has(type)) return exactDecimal(value);
  if (TIMESTAMP.has(type)) return isoDateTime(value, 'Z');
  return DATETIME.has(type) ? isoDateTime(value) : value;
}

function typeOf(field: FieldPacket | undefined): number {
  return field?.columnType ?? field?.type ?? -1;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  6: 'null',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  15: 'varchar',
  16: 'bit',
  245: 'json',
  246: 'decimal',
  247: 'enum',
  248: 'set',
  252: 'text',
  253: 'varchar',
  254: 'char',
  255: 'geometry',
};
/** The character set of bytes that are no text. */
const BINARY = 63;

function typeName(field: FieldPacket): string {
  const name = TYPE_NAMES[typeOf(field)] ?? '';
  const { characterSet } = field as { characterSet?: number };
  if (characterSet !== BINARY) return name;
  return { text: 'blob', varchar: 'varbinary', char: 'binary' }[name] ?? name;
}
