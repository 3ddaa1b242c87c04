import { defineTool } from '../define.js';
import { inputSchema } from './database/input.js';
import { runOperation } from './database/operations.js';
import { databaseConnectorSamples } from './database/samples.js';

/** Reads and changes SQL databases: SQLite files, PostgreSQL, MySQL and MariaDB servers. */
export default defineTool({
  name: 'database-connector',
  aliases: ['database', 'sql', 'db-connector'],
  category: 'communication',
  level: 'restricted',
  description:
    'Queries SQLite files, PostgreSQL and MySQL/MariaDB servers with bound parameters; read-only unless asked otherwise.',
  capabilities: ['read', 'write', 'net', 'db'],
  input: inputSchema,
  parameterAliases: {
    sql: 'query',
    statement: 'query',
    input: 'query',
    url: 'connection_string',
    dsn: 'connection_string',
    database_url: 'connection_string',
    parameters: 'params',
    values: 'params',
    bindings: 'params',
    queries: 'statements',
    limit: 'max_rows',
    timeout: 'timeout_seconds',
    table_name: 'table',
    readonly: 'read_only',
  },
  operationAliases: {
    select: 'query',
    read: 'query',
    run: 'execute',
    exec: 'execute',
    write: 'execute',
    insert: 'execute',
    update: 'execute',
    delete: 'execute',
    batch: 'transaction',
    tables: 'schema',
    list_tables: 'schema',
    describe: 'schema',
    plan: 'explain',
    ping: 'test',
    connect: 'test',
    test_connection: 'test',
  },
  timeoutMs: 330_000,
  samples: databaseConnectorSamples,
  run: runOperation,
});
