import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { ToolHost } from '../../host.js';
import { runJob } from './backends.js';
import { assembleTables } from './catalogue/assemble.js';
import { catalogueOf } from './catalogue/index.js';
import type { Input } from './input.js';
import type { Job, JobLimits, StatementResult } from './job.js';
import { withSlot } from './slots.js';
import { type BoundStatement, bindParameters, type GivenParameters } from './sql/placeholders.js';
import { checkStatement } from './sql/statement.js';
import type { Dialect } from './sql/tokens.js';
import { type ResolvedDatabase, resolveDatabase } from './target.js';

/** A call with the database it means. */
interface Call {
  input: Input;
  database: ResolvedDatabase;
  dialect: Dialect;
  /** Whether data may be changed. */
  write: boolean;
  run(statements: readonly BoundStatement[], limits?: Partial<JobLimits>): Promise<StatementResult[]>;
}

/** Tables that `schema` describes at most. */
const MAX_TABLES = 500;
/** Rows of a catalogue that are read at most. */
const MAX_CATALOGUE_ROWS = 50_000;
const VERSION: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT sqlite_version()',
  postgres: 'SELECT version()',
  mysql: 'SELECT VERSION()',
};

/** Does what a call asks for. */
export async function runOperation(
  given: Input,
  context: ExecutionContext,
  host: ToolHost,
): Promise<ToolOutcome> {
  const input = { ...given, operation: meantOperation(given) };
  const started = context.effects.now();
  const database = await resolveDatabase(input, context, host);
  const write = writes(input, database);
  const limits = limitsOf(input, database, host);
  const call: Call = {
    input,
    database,
    dialect: database.target.address.kind,
    write,
    run(statements, narrower) {
      logStatements(statements, database, context, host);
      const job: Job = { statements, write, limits: { ...limits, ...narrower } };
      return withSlot(host, context, () => runJob(job, database.target, context));
    },
  };
  const outcome = await WORK[input.operation](call);
  const finished = context.effects.now();
  const times = {
    execution_time_ms: finished - started,
    timestamp: new Date(finished).toISOString(),
  };
  const result = { database_type: call.dialect, ...(outcome.result as JsonObject), ...times };
  return { ...outcome, operation: input.operation, result };
}

const WORK: Readonly<Record<Input['operation'], (call: Call) => Promise<ToolOutcome>>> = {
  query: (call) => oneStatement(call),
  execute: (call) => oneStatement(call),

  async transaction(call) {
    const given = call.input.statements;
    if (!given) throw fail('input.invalid', "Operation 'transaction' requires 'statements' parameter");
    const statements = given.map((one) => (typeof one === 'string' ? { query: one } : one));
    const results = await call.run(
      statements.map((one) => prepare(call, one.query, one.params, statements.length > 1)),
    );
    const affected = results.reduce((sum, result) => sum + result.affected, 0);
    return {
      result: {
        status: call.write ? 'committed' : 'success',
        rows_affected: affected,
        statements: results.map((result, i) => ({ query: statements[i]!.query, ...describe(result) })),
      },
      message: `${results.length} statements done in one transaction`,
    };
  },

  async schema(call) {
    const table = call.input.table ?? null;
    const statements = catalogueOf(call.dialect).map((sql) => bindParameters(sql, { table }, call.dialect));
    const results = await call.run(statements, { maxRows: MAX_CATALOGUE_ROWS });
    const tables = assembleTables(results);
    if (table !== null && tables.length === 0)
      throw fail('tool.failed', `There is no table '${table}' in ${call.database.label}`);
    const truncated = tables.length > MAX_TABLES || results.some((result) => result.truncated);
    return {
      result: { tables: tables.slice(0, MAX_TABLES), table_count: tables.length, truncated },
      message: `${tables.length} tables and views in ${call.database.label}`,
    };
  },

  async explain(call) {
    const query = need(call.input, 'query');
    checkStatement(query, { dialect: call.dialect, write: true, atomic: false });
    const bound = prepare(call, explaining(query, call), call.input.params, false);
    const [result] = await call.run([bound]);
    return {
      result: { query, plan: planOf(result!) },
      message: `Plan of the query in ${call.database.label}`,
    };
  },

  async test(call) {
    const [result] = await call.run([{ sql: VERSION[call.dialect], values: [] }]);
    return {
      result: { connected: true, version: result!.rows[0]![0]! },
      message: `Connected to ${call.database.label}`,
    };
  },
};

async function oneStatement(call: Call): Promise<ToolOutcome> {
  const query = need(call.input, 'query');
  const [result] = await call.run([prepare(call, query, call.input.params, false)]);
  const shown = describe(result!);
  const { rows_affected: affected, row_count: count } = shown;
  return {
    result: { query, status: 'success', ...shown },
    message: call.write
      ? `${affected} rows affected`
      : `${count} rows${result!.truncated ? ' (there are more)' : ''}`,
  };
}

function prepare(
  { dialect, write }: Call,
  sql: string,
  params: GivenParameters | undefined,
  atomic: boolean,
): BoundStatement {
  checkStatement(sql, { dialect, write, atomic });
  return bindParameters(sql, params ?? [], dialect);
}

/** Rows as tables keyed by column; a name that comes twice gets a number. */
function describe(result: StatementResult): JsonObject {
  const names: string[] = [];
  for (const { name } of result.columns) names.push(uniqueName(name, names));
  return {
    columns: result.columns.map(({ type }, i) => ({ name: names[i]!, type })),
    results: result.rows.map((row) => {
      const record: JsonObject = {};
      row.forEach((value, i) => {
        setOwn<JsonValue>(record, names[i]!, value);
      });
      return record;
    }),
    row_count: result.rows.length,
    truncated: result.truncated,
    rows_affected: result.affected,
    ...(result.lastInsertId !== undefined && { last_insert_id: result.lastInsertId }),
  };
}

function uniqueName(name: string, taken: readonly string[]): string {
  let unique = name;
  for (let i = 2; taken.includes(unique); i++) unique = `${name}_${i}`;
  return unique;
}

function explaining(query: string, { dialect, input: { analyze } }: Call): string {
  if (analyze && dialect !== 'postgres')
    throw fail('input.invalid', "'analyze' is for PostgreSQL; the others only explain");
  if (dialect === 'sqlite') return `EXPLAIN QUERY PLAN ${query}`;
  if (dialect === 'mysql') return `EXPLAIN FORMAT=JSON ${query}`;
  return `EXPLAIN (FORMAT JSON${analyze ? ', ANALYZE, BUFFERS' : ''}) ${query}`;
}

/** Servers answer with one cell of JSON, SQLite with a row per step. */
function planOf({ rows }: StatementResult): JsonValue {
  const cell = rows[0]?.[0];
  if (rows.length !== 1 || rows[0]?.length !== 1) return rows.map((row) => row.at(-1) ?? null);
  return typeof cell === 'string' ? (JSON.parse(cell) as JsonValue) : (cell ?? null);
}

/** Older calls say `query` and name the kind of statement beside it. */
function meantOperation({ operation, query_type }: Input): Input['operation'] {
  const changes = ['INSERT', 'UPDATE', 'DELETE'].includes(query_type?.toUpperCase() ?? '');
  return operation === 'query' && changes ? 'execute' : operation;
}

/** @throws `permission.db` when data would be changed that may not be */
function writes(input: Input, { target, label, readOnly }: ResolvedDatabase): boolean {
  const file = target.address.kind === 'sqlite';
  const changing = input.operation === 'execute' || input.operation === 'transaction';
  const wanted = input.read_only === false || (input.read_only === undefined && file && changing);
  if (!wanted && input.operation === 'execute')
    throw fail('permission.db', `'execute' changes data, and this call to ${label} is read-only`, {
      hint: 'Pass read_only = false.',
    });
  const write = wanted && (changing || input.operation === 'query');
  if (write && readOnly)
    throw fail('permission.db', `The database ${label} is read-only`, {
      hint: 'Set read_only = false in its [databases] entry.',
    });
  return write;
}

function limitsOf(input: Input, database: ResolvedDatabase, { config }: ToolHost): JobLimits {
  const seconds =
    input.timeout_seconds ?? database.timeoutSeconds ?? config.database?.query_timeout_seconds ?? 30;
  const most = Math.min(seconds, database.timeoutSeconds ?? 300, 300);
  return {
    maxRows: Math.min(input.max_rows ?? 1000, database.maxRows ?? 100_000),
    timeoutMs: Math.ceil(most * 1000),
    connectMs: Math.min(config.database?.connection_timeout_seconds ?? 10, 60) * 1000,
  };
}

function logStatements(
  statements: readonly BoundStatement[],
  { label }: ResolvedDatabase,
  context: ExecutionContext,
  { config }: ToolHost,
): void {
  if (config.database?.enable_query_logging !== true) return;
  for (const { sql } of statements)
    context.emit({ type: 'log', level: 'info', module: 'database-connector', message: `${label}: ${sql}` });
}

function need(input: Input, name: 'query'): string {
  const value = input[name];
  if (value === undefined)
    throw fail('input.invalid', `Operation '${input.operation}' requires '${name}' parameter`);
  return value;
}
