import type { Connection } from 'mysql2';
import type { ExecutionContext } from '../../../../core/context.js';
import { LlmspellError } from '../../../../core/errors.js';
import type { ServerAddress } from '../../../../security/database-targets.js';
import { readOnlyRefusal, statementFailed } from '../errors.js';
import type { Backend, Job, StatementResult } from '../job.js';
import type { BoundStatement } from '../sql/placeholders.js';
import { outOfTime, untilStopped, withTimeLimit } from '../time-limit.js';
import { killRunning, openConnection } from './connect.js';
import { runStatement } from './query.js';

/** What the server says when the time is over: MySQL's number, MariaDB's, and that of a query that was killed. */
const OUT_OF_TIME = new Set([3024, 1969, 1317]);
/** What it says to a change in a transaction that is read-only. */
const READ_ONLY = 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION';

/** Does a job on a MySQL or MariaDB server. */
export const runMysql: Backend = (job, target, context) => {
  const address = target.address as ServerAddress;
  const limit = job.limits.timeoutMs + job.limits.connectMs;
  return withTimeLimit(limit, context, async (limited) => {
    const connection = await openConnection(address, target.tls, job.limits.connectMs, limited);
    try {
      return await untilStopped(inTransaction(connection, job), limited, (farewell) =>
        killRunning(connection.threadId, address, target.tls, farewell),
      );
    } finally {
      await leave(connection, limited);
    }
  });
};

async function inTransaction(connection: Connection, job: Job): Promise<StatementResult[]> {
  const { statements, write, limits } = job;
  await prepareSession(connection, limits);
  const single = statements.length === 1;
  if (!write) await command(connection, 'SET SESSION TRANSACTION READ ONLY');
  if (!write) await command(connection, 'START TRANSACTION READ ONLY');
  else if (!single) await command(connection, 'START TRANSACTION');
  const results: StatementResult[] = [];
  for (const [i, statement] of statements.entries())
    results.push(await runOne(connection, statement, job, single ? undefined : i + 1));
  if (write && !single) await command(connection, 'COMMIT');
  return results;
}

/** Times in UTC, and the server keeps the time limit too: MariaDB and MySQL have different words for it. */
async function prepareSession(connection: Connection, { timeoutMs, maxRows }: Job['limits']): Promise<void> {
  const version = await runStatement(connection, { sql: 'SELECT VERSION()', values: [] }, 1);
  const mariadb = String(version.rows[0]?.[0]).includes('MariaDB');
  await command(connection, `SET SESSION time_zone = '+00:00', sql_select_limit = ${maxRows + 1}`);
  await command(
    connection,
    mariadb
      ? `SET SESSION max_statement_time = ${timeoutMs / 1000}`
      : `SET SESSION max_execution_time = ${timeoutMs}`,
  );
}

async function runOne(
  connection: Connection,
  statement: BoundStatement,
  { limits, write, statements }: Job,
  number?: number,
): Promise<StatementResult> {
  try {
    const last = statement === statements.at(-1);
    return await runStatement(connection, statement, limits.maxRows, last && !write);
  } catch (error) {
    throw complaint(error, limits.timeoutMs, write, number);
  }
}

function complaint(error: unknown, timeoutMs: number, write: boolean, statement?: number): Error {
  if (error instanceof LlmspellError) return error;
  const { code, errno, message } = error as { code?: string; errno?: number; message: string };
  const said = { server: 'MySQL', message, code, statement };
  if (errno !== undefined && OUT_OF_TIME.has(errno)) return outOfTime(timeoutMs);
  if (code === READ_ONLY && !write) return readOnlyRefusal(said);
  return statementFailed(said);
}

function command(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) =>
    connection.query(sql, (error) => (error ? reject(complaint(error, 0, true)) : resolve())),
  );
}

/** Says good-bye; what was not committed is undone by the server. */
async function leave(connection: Connection, { signal }: ExecutionContext): Promise<void> {
  const { stream } = connection as unknown as { stream: { destroyed: boolean } };
  if (stream.destroyed) return;
  const gone = new Promise<void>((resolve) => connection.end(() => resolve()));
  if (!signal.aborted) await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  connection.destroy();
}
