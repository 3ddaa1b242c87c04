import type { JsonObject, JsonValue } from '../../../../core/values.js';
import type { StatementResult } from '../job.js';

/**
 * The statements that read a catalogue, in this order and with these columns:
 * tables (schema, name, type); columns (schema, table, name, type, nullable, default, place in the primary key or 0);
 * foreign keys (schema, table, key, column, other schema, other table, other column, on update, on delete);
 * indexes (schema, table, index, unique, column).
 * `:table` is the name of a table, or null for all.
 */
export type CatalogueStatements = readonly [
  tables: string,
  columns: string,
  foreignKeys: string,
  indexes: string,
];

/** A table with what belongs to it. */
interface Table {
  schema: string;
  name: string;
  type: string;
  columns: JsonObject[];
  primary: { name: string; place: number }[];
  foreignKeys: Map<string, ForeignKey>;
  indexes: Map<string, { unique: boolean; columns: string[] }>;
}

interface ForeignKey {
  columns: string[];
  table: string;
  others: string[];
  onUpdate: string;
  onDelete: string;
}

/** The tables that the four results of {@link CatalogueStatements} describe. */
export function assembleTables(results: readonly StatementResult[]): JsonObject[] {
  const [tables, columns, foreignKeys, indexes] = results.map((result) => result.rows) as Rows[];
  const found = new Map<string, Table>();
  for (const [schema, name, type] of texts(tables!))
    found.set(`${schema}\0${name}`, newTable(schema!, name!, type!));
  for (const row of columns!) addColumn(tableOf(found, row), row);
  for (const row of foreignKeys!) addForeignKey(tableOf(found, row), texts([row])[0]!);
  for (const row of indexes!) addIndex(tableOf(found, row), row);
  return [...found.values()].map(describe);
}

type Rows = readonly (readonly JsonValue[])[];

function texts(rows: Rows): string[][] {
  return rows.map((row) => row.map((value) => String(value ?? '')));
}

function newTable(schema: string, name: string, type: string): Table {
  return { schema, name, type, columns: [], primary: [], foreignKeys: new Map(), indexes: new Map() };
}

function tableOf(
  tables: ReadonlyMap<string, Table>,
  [schema, name]: readonly JsonValue[],
): Table | undefined {
  return tables.get(`${schema}\0${name}`);
}

function addColumn(table: Table | undefined, row: readonly JsonValue[]): void {
  const [, , name, type, nullable, fallback, place] = row;
  table?.columns.push({
    name: name!,
    type: type!,
    nullable: Boolean(nullable),
    default: fallback ?? null,
  });
  if (Number(place) > 0) table?.primary.push({ name: String(name), place: Number(place) });
}

function addForeignKey(table: Table | undefined, row: readonly string[]): void {
  const [, , key, column, schema, other, otherColumn, onUpdate, onDelete] = row as string[];
  const name = schema === '' || schema === table?.schema ? other! : `${schema}.${other}`;
  const known = table?.foreignKeys.get(key!);
  if (!known)
    table?.foreignKeys.set(key!, {
      columns: [column!],
      table: name,
      others: [otherColumn!],
      onUpdate: onUpdate!,
      onDelete: onDelete!,
    });
  known?.columns.push(column!);
  known?.others.push(otherColumn!);
}

function addIndex(table: Table | undefined, [, , index, unique, column]: readonly JsonValue[]): void {
  const name = String(index);
  const known = table?.indexes.get(name);
  if (!known) table?.indexes.set(name, { unique: Boolean(unique), columns: [String(column)] });
  known?.columns.push(String(column));
}

function describe(table: Table): JsonObject {
  return {
    ...(table.schema !== '' && { schema: table.schema }),
    name: table.name,
    type: table.type,
    columns: table.columns,
    primary_key: table.primary.sort((a, b) => a.place - b.place).map(({ name }) => name),
    foreign_keys: [...table.foreignKeys.values()].map((key) => ({
      columns: key.columns,
      references_table: key.table,
      references_columns: key.others.filter((name) => name !== ''),
      on_update: key.onUpdate,
      on_delete: key.onDelete,
    })),
    indexes: [...table.indexes].map(([name, index]) => ({ name, ...index })),
  };
}
