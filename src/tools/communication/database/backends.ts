import type { ExecutionContext } from '../../../core/context.js';
import type { Backend, Job, StatementResult, Target } from './job.js';
import type { Dialect } from './sql/tokens.js';

/** One file per kind of database, loaded when the first call needs it. */
const BACKENDS: Readonly<Record<Dialect, () => Promise<Backend>>> = {
  sqlite: async () => (await import('./sqlite/backend.js')).runSqlite,
  postgres: async () => (await import('./postgres/backend.js')).runPostgres,
  mysql: async () => (await import('./mysql/backend.js')).runMysql,
};

/** Does a job on the database it is for. Contract: as {@link Backend}. */
export async function runJob(
  job: Job,
  target: Target,
  context: ExecutionContext,
): Promise<StatementResult[]> {
  context.signal.throwIfAborted();
  const run = await BACKENDS[target.address.kind]();
  return run(job, target, context);
}
