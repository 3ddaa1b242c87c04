import type { Client, FieldDef } from 'pg';
import type { JsonValue } from '../../../../core/values.js';
import type { Column } from '../job.js';
import { exactDecimal, exactInteger, float, isoDateTime } from '../values.js';

/** Makes a JSON value of the text in which the server writes a value. */
type Reader = (text: string) => JsonValue;

/** What a column holds: the name of its type, and for lists the type of the elements. */
interface PostgresType {
  name: string;
  element?: number;
}

/** The types that most columns have, by the numbers that are the same on every server. */
const KNOWN: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  18: '"char"',
  19: 'name',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'real',
  701: 'double precision',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time without time zone',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
};

const READERS: Readonly<Record<string, Reader>> = {
  boolean: (text) => text === 't',
  bytea: (text) => Buffer.from(text.slice(2), 'hex').toString('base64'),
  bigint: exactInteger,
  smallint: Number,
  integer: Number,
  oid: Number,
  real: (text) => float(Number(text)),
  'double precision': (text) => float(Number(text)),
  numeric: exactDecimal,
  json: (text) => JSON.parse(text) as JsonValue,
  jsonb: (text) => JSON.parse(text) as JsonValue,
  'timestamp without time zone': (text) => isoDateTime(text),
  'timestamp with time zone': (text) => isoDateTime(text).replace(/\+00$/, 'Z'),
};

/** Names the columns of a result and reads its rows; asks the server about types that are not among the usual ones. */
export async function readRows(
  client: Client,
  fields: readonly FieldDef[],
  rows: readonly (readonly (string | null)[])[],
): Promise<{ columns: Column[]; rows: JsonValue[][] }> {
  const { default: pg } = await import('pg');
  const types = await typesOf(client, fields);
  const parseArray = (text: string, read: Reader) =>
    (pg.types.arrayParser as unknown as ArrayParser).create(text, read).parse();
  const readers = fields.map(({ dataTypeID }) => readerOf(dataTypeID, types, parseArray));
  return {
    columns: fields.map(({ name, dataTypeID }) => ({ name, type: types.get(dataTypeID)?.name ?? '' })),
    rows: rows.map((row) => row.map((text, i) => (text === null ? null : readers[i]!(text)))),
  };
}

/** How `pg` reads lists. */
interface ArrayParser {
  create(text: string, read: Reader): { parse(): JsonValue[] };
}

function readerOf(
  oid: number,
  types: ReadonlyMap<number, PostgresType>,
  parseArray: (text: string, read: Reader) => JsonValue[],
): Reader {
  const type = types.get(oid);
  if (type?.element !== undefined) {
    const read = readerOf(type.element, types, parseArray);
    return (text) => parseArray(text.replace(/^(\[\d+:\d+\])+=/, ''), read);
  }
  return (type && READERS[type.name]) ?? ((text) => text);
}

async function typesOf(client: Client, fields: readonly FieldDef[]): Promise<Map<number, PostgresType>> {
  const types = new Map<number, PostgresType>(
    Object.entries(KNOWN).map(([oid, name]) => [Number(oid), { name }]),
  );
  const unknown = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))].filter((oid) => !types.has(oid));
  if (unknown.length === 0) return types;
  const { rows } = await client.query<{ oid: string; name: string; element: string | null }>({
    text: `SELECT oid::text, format_type(oid, NULL) AS name,
      CASE WHEN typcategory = 'A' THEN typelem::text END AS element
      FROM pg_catalog.pg_type WHERE oid = ANY ($1::oid[])`,
    values: [unknown],
  });
  for (const { oid, name, element } of rows)
    types.set(Number(oid), element === null ? { name } : { name, element: Number(element) });
  return types;
}
