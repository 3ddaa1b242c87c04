import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from '../../../../core/context.js';
import { fail } from '../../../../core/errors.js';
import { MEMORY_DATABASE } from '../../../../security/database-targets.js';
import { existingFile } from '../../../../security/file-writes.js';
import { admit, type Target as GuardedTarget, withTarget } from '../../../../security/handles.js';
import { runInWorker } from '../../../worker.js';
import { readOnlyRefusal, statementFailed } from '../errors.js';
import { type Backend, type Job, MAX_RESULT_BYTES, type StatementResult } from '../job.js';
import { outOfTime } from '../time-limit.js';
import { withWriteLock } from './lock.js';
import { SQLITE_SESSION_SOURCE } from './session-source.js';

/** Bytes of memory that the engine may take. */
const MAX_MEMORY = 256 * 1024 * 1024;
/** Milliseconds for the rollback of what an ended process left unfinished. */
const RECOVERY_MS = 10_000;
/** Milliseconds between two attempts to enter a database that another program uses. */
const RETRY_MS = 50;
/** Milliseconds after which such attempts are given up, unless the call has less time. */
const BUSY_MS = 15_000;

type Reply =
  | { results: StatementResult[] }
  | { busy: true }
  | { failure: { message: string; statement?: number } };

/**
 * Does a job on a SQLite file, in a process of its own. Reading needs the read grant for the file; changing it needs
 * both, and makes it when it is missing.
 */
export const runSqlite: Backend = (job, { address }, context) => {
  const path = (address as { path: string }).path;
  if (path === MEMORY_DATABASE) return inMemory(job, context);
  return withTarget(job.write ? 'write' : 'read', path, context, {}, async (target) => {
    if (!job.write) {
      await refuseMissing(target);
      return untilFree(job, context, () => attempt(job, target, context));
    }
    await admit('read', target.real, context);
    return withWriteLock(target, Math.min(BUSY_MS, job.limits.timeoutMs), context, {
      work: () => untilFree(job, context, () => attempt(job, target, context)),
      recover: () => recover(job, target, context),
    });
  });
};

/** The engine itself would only say that it could not open `main.db`. */
async function refuseMissing(target: GuardedTarget): Promise<void> {
  if (await existingFile(target)) return;
  throw fail('tool.failed', `The database '${target.real}' does not exist`, {
    hint: 'Check the path; operation = "execute" makes a database that is missing.',
    details: { path: target.real, errno: 'ENOENT' },
  });
}

async function inMemory(job: Job, context: ExecutionContext): Promise<StatementResult[]> {
  return resultsOf(await inProcess(job, { memory: true }, context.signal), job);
}

async function attempt(job: Job, target: GuardedTarget, { signal }: ExecutionContext): Promise<Reply> {
  return inProcess(job, placeOf(target, job.write), signal);
}

/** Another program that writes makes readers begin again, and writers wait. */
async function untilFree(
  job: Job,
  context: ExecutionContext,
  once: () => Promise<Reply>,
): Promise<StatementResult[]> {
  const end = context.effects.now() + Math.min(BUSY_MS, job.limits.timeoutMs);
  for (;;) {
    const reply = await once();
    if (!('busy' in reply)) return resultsOf(reply, job);
    if (context.effects.now() > end)
      throw statementFailed({
        server: 'SQLite',
        message: 'database is locked',
        hint: 'Another program uses the database; try again later.',
      });
    await context.effects.sleep(RETRY_MS, context.signal);
  }
}

/** A process that was ended in the middle of a change leaves a journal; the next one to open the file undoes the change. */
async function recover(job: Job, target: GuardedTarget, context: ExecutionContext): Promise<void> {
  const look: Job = {
    ...job,
    statements: [{ sql: 'SELECT count(*) FROM sqlite_schema', values: [] }],
    limits: { ...job.limits, timeoutMs: RECOVERY_MS },
  };
  const free = { ...context, signal: AbortSignal.timeout(RECOVERY_MS) };
  await inProcess(look, { ...placeOf(target, true), create: false }, free.signal);
}

/** The child reaches the folder through our handle on it, which no renaming changes. */
function placeOf({ directory, name }: GuardedTarget, create: boolean): Place {
  const open = process.platform === 'linux' ? `/proc/${process.pid}/fd/${directory.handle.fd}` : undefined;
  return { directory: open ?? directory.path, name, create };
}

/** Which database the process opens. */
type Place = { memory: true } | { directory: string; name: string; create: boolean };

async function inProcess(job: Job, place: Place, signal: AbortSignal): Promise<Reply> {
  const script = createRequire(import.meta.url).resolve('node-sqlite3-wasm');
  const data = {
    ...place,
    script,
    wasm: join(dirname(script), 'node-sqlite3-wasm.wasm'),
    write: job.write,
    atomic: job.write && job.statements.length > 1,
    statements: job.statements,
    maxRows: job.limits.maxRows,
    maxBytes: MAX_RESULT_BYTES,
    maxMemory: MAX_MEMORY,
  };
  const limits = { timeoutMs: job.limits.timeoutMs, signal, memoryMb: 256 };
  try {
    return await runInWorker<Reply>(SQLITE_SESSION_SOURCE, data, limits);
  } catch (error) {
    if ((error as { code?: string }).code === 'component.timeout') throw outOfTime(job.limits.timeoutMs);
    throw error;
  }
}

function resultsOf(reply: Reply, job: Job): StatementResult[] {
  if ('results' in reply) return reply.results;
  if ('busy' in reply) throw fail('tool.failed', 'SQLite: database is locked');
  const { message, statement } = reply.failure;
  const said = { server: 'SQLite', message, ...(job.statements.length > 1 && { statement }) };
  if (/readonly database|EROFS/.test(message) && !job.write) throw readOnlyRefusal(said);
  if (/out of memory/.test(message)) throw fail('limit.memory', 'SQLite: out of memory');
  if (/Could not open the database/.test(message))
    throw statementFailed({ ...said, message: 'the file could not be opened as a database' });
  throw statementFailed(said);
}
