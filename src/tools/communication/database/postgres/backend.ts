import type { Client } from 'pg';
import type { ExecutionContext } from '../../../../core/context.js';
import { fail, LlmspellError } from '../../../../core/errors.js';
import type { ServerAddress } from '../../../../security/database-targets.js';
import { readOnlyRefusal, statementFailed } from '../errors.js';
import type { Backend, Job, StatementResult } from '../job.js';
import type { BoundStatement } from '../sql/placeholders.js';
import { outOfTime, untilStopped, withTimeLimit } from '../time-limit.js';
import { cancelRunning, openClient } from './connect.js';
import { runStatement } from './query.js';
import { readRows } from './types.js';

/** Does a job on a PostgreSQL server. */
export const runPostgres: Backend = (job, target, context) => {
  const address = target.address as ServerAddress;
  const limit = job.limits.timeoutMs + job.limits.connectMs;
  return withTimeLimit(limit, context, async (limited) => {
    const client = await openClient(address, target.tls, job.limits.connectMs, limited);
    try {
      return await untilStopped(inTransaction(client, job), limited, (farewell) =>
        cancelRunning(client, address, target.tls, farewell),
      );
    } finally {
      await leave(client, limited);
    }
  });
};

/** One changing statement stands for itself: some, such as VACUUM, refuse to be part of a transaction. */
async function inTransaction(client: Client, job: Job): Promise<StatementResult[]> {
  const { statements, write, limits } = job;
  await prepareSession(client, limits.timeoutMs);
  if (write && statements.length === 1) return [await runOne(client, statements[0]!, job)];
  await client.query(write ? 'BEGIN' : 'BEGIN READ ONLY');
  // From the first query on, a transaction that is read-only cannot be changed into another.
  await client.query('SELECT 1');
  const results: StatementResult[] = [];
  for (const [i, statement] of statements.entries()) {
    results.push(await runOne(client, statement, job, statements.length > 1 ? i + 1 : undefined));
    if (client.getTransactionStatus() !== 'T')
      throw fail('tool.failed', `PostgreSQL: statement ${i + 1} ended the transaction`);
  }
  await client.query(write ? 'COMMIT' : 'ROLLBACK');
  return results;
}

/** Dates, intervals and bytes in one spelling whatever the server's settings; and the server keeps the time too. */
async function prepareSession(client: Client, timeoutMs: number): Promise<void> {
  const settings = {
    datestyle: 'ISO',
    timezone: 'UTC',
    intervalstyle: 'iso_8601',
    bytea_output: 'hex',
    extra_float_digits: '1',
    statement_timeout: String(timeoutMs),
    idle_in_transaction_session_timeout: String(timeoutMs),
    client_connection_check_interval: '1000', // a server that nobody listens to notices, from version 14 on
  };
  await client.query({
    text: `SELECT set_config(given.name, given.value, false)
      FROM unnest($1::text[], $2::text[]) AS given (name, value)
      JOIN pg_catalog.pg_settings AS known ON lower(known.name) = given.name`,
    values: [Object.keys(settings), Object.values(settings)],
  });
}

async function runOne(
  client: Client,
  statement: BoundStatement,
  { limits, write }: Job,
  number?: number,
): Promise<StatementResult> {
  try {
    const raw = await runStatement(client, statement, limits.maxRows);
    const changed = /^(INSERT|UPDATE|DELETE|MERGE|COPY)/.test(raw.command) ? raw.rowCount : undefined;
    const { columns, rows } = await readRows(client, raw.fields, raw.rows);
    return { columns, rows, truncated: raw.truncated, affected: changed ?? rows.length };
  } catch (error) {
    throw complaint(error, limits.timeoutMs, write, number);
  }
}

function complaint(error: unknown, timeoutMs: number, write: boolean, statement?: number): Error {
  if (error instanceof LlmspellError) return error;
  const { code, message, hint } = error as { code?: string; message: string; hint?: string };
  const said = { server: 'PostgreSQL', message, code, hint, statement };
  if (code === '57014' && message.includes('timeout')) return outOfTime(timeoutMs);
  if (code === '25006' && !write) return readOnlyRefusal(said);
  return statementFailed(said);
}

/** Says good-bye; a server that does not answer is left without it. */
async function leave(client: Client, { signal }: ExecutionContext): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const gone = client.end().catch(() => {});
  if (!signal.aborted) await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  stream.destroy();
}
