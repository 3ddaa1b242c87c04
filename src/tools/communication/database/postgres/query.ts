import type { Client, FieldDef, Query } from 'pg';
import { MAX_RESULT_BYTES } from '../job.js';
import type { BoundStatement } from '../sql/placeholders.js';

/** Rows that the server sends before it waits to be asked for more. */
const BATCH = 500;

/** What the server said, in the words it said it. */
export interface RawResult {
  fields: FieldDef[];
  rows: (string | null)[][];
  truncated: boolean;
  /** Absent where the server gave none, or was told to stop. */
  rowCount: number | undefined;
  command: string;
}

/** The parts of a connection of `pg` that end a portal early. */
interface Wire {
  close(what: { type: 'P'; name: string }): void;
  sync(): void;
}
/** The parts of a query of `pg` that fetch a portal in batches. */
interface Portal {
  handlePortalSuspended(connection: Wire): void;
}

/**
 * One statement, prepared by the server, which therefore takes no second one. Rows come in batches; when there are
 * enough, the portal is closed and the server stops.
 */
export async function runStatement(
  client: Client,
  { sql, values }: BoundStatement,
  maxRows: number,
): Promise<RawResult> {
  const { default: pg } = await import('pg');
  const query = new pg.Query<unknown[], unknown[]>({
    text: sql,
    values: values as unknown[],
    rows: Math.min(maxRows + 1, BATCH),
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  } as ConstructorParameters<typeof Query>[0]);
  const rows: (string | null)[][] = [];
  let bytes = 0;
  const full = () => rows.length > maxRows || bytes > MAX_RESULT_BYTES;
  query.on('row', (raw) => {
    if (full()) return;
    const row = raw as (string | null)[];
    for (const text of row) bytes += (text?.length ?? 0) + 8;
    if (bytes <= MAX_RESULT_BYTES) rows.push(row);
  });
  stopWhen(full, query as unknown as Portal);
  const { fields, rowCount, command } = await finished(client, query);
  const truncated = full();
  return { fields, rows: rows.slice(0, maxRows), truncated, rowCount: rowCount ?? undefined, command };
}

function stopWhen(full: () => boolean, query: Portal): void {
  const more = query.handlePortalSuspended.bind(query);
  query.handlePortalSuspended = (connection) => {
    if (!full()) return more(connection);
    connection.close({ type: 'P', name: '' });
    connection.sync();
  };
}

function finished(
  client: Client,
  query: Query,
): Promise<{ fields: FieldDef[]; rowCount: number | null; command: string }> {
  return new Promise((resolve, reject) => {
    query.once('end', resolve as () => void);
    query.once('error', reject);
    client.query(query);
  });
}
