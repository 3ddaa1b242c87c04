import type { ParquetWriter } from 'hyparquet-writer';
import type { RowStream } from './text-export.js';
import type { Kind } from './value-kind.js';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** Rows of a row group: so many are held and packed at a time. */
const GROUP_ROWS = 10_000;
/** Cells of a row group, for tables with many columns. */
const GROUP_CELLS = 200_000;

const ELEMENTS: Readonly<Record<Kind, Omit<SchemaElement, 'name'>>> = {
  integer: { type: 'INT64' },
  float: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE' },
  date_time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/** A Parquet file with a column of the given kind for each column; empty cells are null. */
export async function* parquetBytes(
  { columns, batches }: RowStream,
  kinds: readonly Kind[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns, kinds),
    createdBy: 'llmspell',
  });
  const taken = () => {
    const chunk = bytes.getBytes().slice();
    bytes.index = 0;
    return chunk;
  };
  for await (const group of grouped(batches, columns.length)) {
    writer.write({ columnData: columnData(columns, kinds, group), rowGroupSize: group.length });
    yield taken();
  }
  writer.finish();
  yield taken();
}

function schemaOf(columns: readonly string[], kinds: readonly Kind[]): SchemaElement[] {
  const elements = columns.map(
    (name, index): SchemaElement => ({ name, ...ELEMENTS[kinds[index]!], repetition_type: 'OPTIONAL' }),
  );
  return [{ name: 'root', num_children: columns.length }, ...elements];
}

async function* grouped(batches: AsyncIterable<string[][]>, columns: number) {
  const size = Math.max(1, Math.min(GROUP_ROWS, Math.floor(GROUP_CELLS / Math.max(1, columns))));
  let group: string[][] = [];
  for await (const batch of batches) {
    for (const row of batch) {
      group.push(row);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

function columnData(columns: readonly string[], kinds: readonly Kind[], rows: readonly string[][]) {
  return columns.map((name, index) => {
    const read = READERS[kinds[index]!];
    return { name, data: rows.map((row) => (row[index]!.trim() === '' ? null : read(row[index]!))) };
  });
}

const READERS: Readonly<Record<Kind, (cell: string) => unknown>> = {
  // BigInt knows no plus sign.
  integer: (cell) => BigInt(Number(cell)),
  float: Number,
  boolean: (cell) => cell.trim().toLowerCase() === 'true',
  date: (cell) => new Date(`${cell.trim()}T00:00:00Z`),
  date_time: (cell) => new Date(instant(cell.trim())),
  string: (cell) => cell,
};

/** Times without a zone are in UTC. */
function instant(text: string): string {
  const iso = text.replace(' ', 'T');
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`;
}
