import type { ToolSample } from '../../define.js';

const FILE = 'sqlite:{{dir}}/shop.db';

/** Calls that show each operation; run as tests. */
export const databaseConnectorSamples: readonly ToolSample[] = [
  {
    title: 'A query with bound parameters; a database in memory needs no grant',
    input: {
      operation: 'query',
      connection_string: 'sqlite::memory:',
      query: 'SELECT ? AS name, ? * 2 AS twice',
      params: ['Ada', 21],
    },
    expect: { result: { results: [{ name: 'Ada', twice: 42 }], row_count: 1, truncated: false } },
  },
  {
    title: 'Statements that take effect all together or not at all',
    input: {
      operation: 'transaction',
      connection_string: FILE,
      statements: [
        'CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL)',
        { query: 'INSERT INTO books (title) VALUES (:title)', params: { title: 'Emma' } },
      ],
    },
    expect: { result: { status: 'committed', rows_affected: 1 } },
  },
  {
    title: 'A change; for a file it needs the write grant, for a server read_only = false',
    input: {
      operation: 'execute',
      connection_string: FILE,
      query: 'CREATE TABLE books (id INTEGER PRIMARY KEY)',
    },
    expect: { result: { database_type: 'sqlite', status: 'success' } },
  },
  {
    title: 'What is in a database',
    input: { operation: 'schema', connection_string: 'sqlite::memory:' },
    expect: { result: { tables: [], table_count: 0 } },
  },
  {
    title: 'How a query would be done',
    input: { operation: 'explain', connection_string: 'sqlite::memory:', query: 'SELECT 1' },
    expect: { result: { plan: ['SCAN CONSTANT ROW'] } },
  },
  {
    title: 'A server has to be granted, and a change has to be said',
    input: {
      operation: 'execute',
      connection_string: 'postgres://127.0.0.1/app',
      query: 'DELETE FROM books',
    },
    error: 'permission.db',
  },
  {
    title: 'A second statement behind the first is refused',
    input: { connection_string: 'sqlite::memory:', query: 'SELECT 1; SELECT 2' },
    error: 'input.invalid',
  },
];
