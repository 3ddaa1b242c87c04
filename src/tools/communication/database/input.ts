import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { databaseUrl } from '../../parameters.js';

/** What can be done. */
export const OPERATIONS = ['query', 'execute', 'transaction', 'schema', 'explain', 'test'] as const;

const sql = z.string().min(1).max(1_000_000);
const params = z.union([z.array(z.json()), z.record(z.string(), z.json())]).optional();

const address = databaseUrl(
  'sqlite:PATH, sqlite::memory:, postgres://user:password@host:port/name or mysql://…; sslmode in the query part.',
);

/** The parameters of the tool. */
export const inputSchema = z.object({
  operation: operationParameter(OPERATIONS)
    .default('query')
    .describe(
      'query: read rows; execute: change data with one statement; transaction: several statements, all or none; schema: tables with columns, keys and indexes; explain: how a query would be done; test: whether the database answers.',
    ),
  connection_string: address.optional().describe(address.description!),
  database: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A name from [databases] of the configuration, instead of connection_string.'),
  query: sql.optional().describe('query, execute and explain: one SQL statement.'),
  params: params.describe(
    'Values for the placeholders: a list for ? or $1, a table for :name. Bytes as { base64 = "…" }. Never build SQL from text.',
  ),
  statements: z
    .array(z.union([sql, z.object({ query: sql, params })]))
    .min(1)
    .max(1000)
    .optional()
    .describe('transaction: SQL statements, or tables { query, params }.'),
  read_only: z
    .boolean()
    .optional()
    .describe(
      'False lets the statement change data. Servers need it said; a SQLite file needs the write grant instead.',
    ),
  table: z.string().min(1).max(300).optional().describe('schema: only this table.'),
  analyze: z
    .boolean()
    .default(false)
    .describe('explain: also run the query and measure it (PostgreSQL; nothing is changed).'),
  max_rows: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'Most rows to give back, 1000 unless the configuration says otherwise; truncated tells of more.',
    ),
  timeout_seconds: z
    .number()
    .min(0.01)
    .max(300)
    .optional()
    .describe('Time limit, 30 seconds unless the configuration says otherwise; the server keeps it too.'),
  query_type: z
    .string()
    .max(20)
    .optional()
    .describe('INSERT, UPDATE or DELETE make operation = "query" an "execute". Otherwise not needed.'),
});
/** A checked call. */
export type Input = z.output<typeof inputSchema>;
