import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasPostgres,
  type PostgresServer,
  startPostgres,
} from '../../../../test/support/servers/postgres.js';
import type { TestContextOptions } from '../../../core/testing.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import type { ToolHost } from '../../host.js';
import { callTool } from '../../run-tool.case.js';
import databaseConnector from '../database-connector.js';

describe.skipIf(!hasPostgres)('database-connector with PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.admin.query(`
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TABLE authors (id serial PRIMARY KEY, name text NOT NULL);
      CREATE TABLE books (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author_id int REFERENCES authors ON DELETE CASCADE,
        title varchar(100) NOT NULL DEFAULT 'Untitled', UNIQUE (author_id, title));
      CREATE VIEW titles AS SELECT title FROM books;
      INSERT INTO authors (name) VALUES ('Austen'), ('Brontë');
      INSERT INTO books (author_id, title) VALUES (1, 'Emma'), (1, 'Persuasion'), (2, 'Jane Eyre');`);
  }, 60_000);
  afterAll(() => server?.close());

  const call = (input: object, options: TestContextOptions & { host?: Partial<ToolHost> } = {}) =>
    callTool(databaseConnector, { connection_string: server.url(), ...input }, options);
  const query = (sql: string, more: object = {}) => call({ operation: 'query', query: sql, ...more });
  const rowsOf = async (sql: string, more: object = {}) =>
    ((await query(sql, more)).result as { results: Record<string, unknown>[] }).results;
  const change = (sql: string, more: object = {}) =>
    call({ operation: 'execute', query: sql, read_only: false, ...more });

  describe('query', () => {
    it('gives rows with columns and types', async () => {
      const { result } = await query('SELECT id, name FROM authors ORDER BY id');
      expect(result).toMatchObject({
        database_type: 'postgres',
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'name', type: 'text' },
        ],
        results: [
          { id: 1, name: 'Austen' },
          { id: 2, name: 'Brontë' },
        ],
        row_count: 2,
        truncated: false,
      });
    });

    it.each([
      ['true', true],
      ['9007199254740991::bigint', 9007199254740991],
      ['9007199254740993::bigint', '9007199254740993'],
      ['0.1::numeric', 0.1],
      ['1.50::numeric', '1.50'],
      ['12345678901234567890.5::numeric', '12345678901234567890.5'],
      ["'NaN'::float8", 'NaN'],
      ["'-Infinity'::float8", '-Infinity'],
      ['1.5::float4', 1.5],
      [String.raw`'\x00ff'::bytea`, 'AP8='],
      ["'2024-02-29'::date", '2024-02-29'],
      ["'2024-02-29 12:34:56.789'::timestamp", '2024-02-29T12:34:56.789'],
      ["'2024-02-29 12:34:56+02'::timestamptz", '2024-02-29T10:34:56Z'],
      ["'infinity'::timestamptz", 'infinity'],
      ["'1 day 2 hours'::interval", 'P1DT2H'],
      [`'{"a":[1,null]}'::jsonb`, { a: [1, null] }],
      ["ARRAY['a', NULL, 'b c']", ['a', null, 'b c']],
      [
        'ARRAY[[1,2],[3,4]]',
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ["'happy'::mood", 'happy'],
      ["ARRAY['sad']::mood[]", ['sad']],
      ["'a1b2c3d4-0000-0000-0000-000000000000'::uuid", 'a1b2c3d4-0000-0000-0000-000000000000'],
      ['NULL::int', null],
      ["'[2:3]={7,8}'::int[]", [7, 8]],
    ])('%s is %j', async (sql, value) => {
      expect(await rowsOf(`SELECT ${sql} AS v`)).toEqual([{ v: value }]);
    });

    it('gives a second column of the same name a number', async () => {
      expect(await rowsOf('SELECT 1 AS a, 2 AS a, 3 AS "__proto__"')).toEqual([
        JSON.parse('{"a":1,"a_2":2,"__proto__":3}'),
      ]);
    });

    it.each([
      ['SELECT $2 || $1::text AS v', ['a', 'b'], 'ba'],
      ['SELECT ? || ?::text AS v', ['a', 'b'], 'ab'],
      ["SELECT :x || ':x' || :x::text AS v", { x: 'a' }, 'a:xa'],
      ['SELECT 2 = ANY ($1::int[]) AS v', [[1, 2]], true],
      ["SELECT $1::jsonb ->> 'k' AS v", [{ k: 'json' }], 'json'],
      ["SELECT encode($1::bytea, 'hex') AS v", [{ base64: 'AP8=' }], '00ff'],
      ['SELECT $1::bool AS v', [false], false],
      ['SELECT $1::text IS NULL AS v', [null], true],
      ["SELECT '{\"a\":1}'::jsonb ? 'a' AS v", undefined, true],
      ['SELECT $1 AS v', ["'; DROP TABLE books; --"], "'; DROP TABLE books; --"],
    ])('%s with %j', async (sql, params, value) => {
      expect(await rowsOf(sql, { params })).toEqual([{ v: value }]);
    });

    it('stops the server at the row limit', async () => {
      const { result } = await query('SELECT generate_series(1, 1000000000) AS n', {
        max_rows: 3,
      });
      expect(result).toMatchObject({ row_count: 3, truncated: true });
    });

    it('gives many rows in batches', async () => {
      const { result } = await query('SELECT n FROM generate_series(1, 2500) AS n', { max_rows: 2500 });
      expect(result).toMatchObject({ row_count: 2500, truncated: false });
    });

    it('stops when the rows hold too many bytes', async () => {
      const { result } = await query("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)");
      expect(result).toMatchObject({ truncated: true });
      expect((result as { row_count: number }).row_count).toBeLessThan(10);
    });

    it('raises what the server says, with its code', async () => {
      await expect(query('SELECT nothing FROM authors')).rejects.toMatchObject({
        code: 'tool.failed',
        message: 'PostgreSQL: column "nothing" does not exist',
        details: { code: '42703' },
      });
    });

    it('refuses a second statement', async () => {
      await expect(query('SELECT 1; DELETE FROM books')).rejects.toThrow('cannot insert multiple commands');
    });
  });

  describe('read-only', () => {
    it.each([
      'DELETE FROM books',
      'WITH gone AS (DELETE FROM books RETURNING *) SELECT * FROM gone',
      'CREATE TABLE x (a int)',
      "SELECT setval('authors_id_seq', 100)",
      'DO $$ BEGIN DELETE FROM books; END $$',
      "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'off', false); DELETE FROM books; END $$",
      'EXPLAIN ANALYZE DELETE FROM books',
    ])('the server refuses %s', async (sql) => {
      await expect(query(sql)).rejects.toThrow(/read-only|before any query/);
      expect((await server.admin.query('SELECT * FROM books')).rowCount).toBe(3);
    });

    it.each([
      [['COMMIT', 'DELETE FROM books']],
      [['/* x */ ROLLBACK AND CHAIN', 'SET TRANSACTION READ WRITE', 'DELETE FROM books']],
      [['SET TRANSACTION READ WRITE', 'DELETE FROM books']],
      [['SET default_transaction_read_only = off', 'END', 'DELETE FROM books']],
    ])('nothing in a list ends the transaction: %j', async (statements) => {
      await expect(call({ operation: 'transaction', statements })).rejects.toThrow();
      expect((await server.admin.query('SELECT * FROM books')).rowCount).toBe(3);
    });

    it('execute has to be told', async () => {
      await expect(call({ operation: 'execute', query: 'DELETE FROM books' })).rejects.toMatchObject({
        code: 'permission.db',
        hint: 'Pass read_only = false.',
      });
    });
  });

  describe('changing', () => {
    it('counts the rows', async () => {
      const { result } = await change('INSERT INTO authors (name) VALUES ($1), ($2)', { params: ['C', 'D'] });
      expect(result).toMatchObject({ rows_affected: 2, status: 'success' });
      const returning = await change("DELETE FROM authors WHERE name IN ('C', 'D') RETURNING name");
      expect(returning.result).toMatchObject({ rows_affected: 2, results: [{ name: 'C' }, { name: 'D' }] });
    });

    it('does what refuses to be part of a transaction', async () => {
      await expect(change('VACUUM books')).resolves.toMatchObject({ success: true });
    });

    it('does a transaction wholly', async () => {
      const statements = [
        { query: 'INSERT INTO authors (name) VALUES (:name)', params: { name: 'Eliot' } },
        "UPDATE authors SET name = 'George ' || name WHERE name = 'Eliot'",
        "SELECT name FROM authors WHERE name LIKE '%Eliot'",
      ];
      const { result } = await call({ operation: 'transaction', statements, read_only: false });
      expect(result).toMatchObject({
        status: 'committed',
        statements: [{ rows_affected: 1 }, { rows_affected: 1 }, { results: [{ name: 'George Eliot' }] }],
      });
    });

    it('does a transaction that fails not at all', async () => {
      const statements = ["INSERT INTO authors (name) VALUES ('Ghost')", 'INSERT INTO nowhere VALUES (1)'];
      await expect(call({ operation: 'transaction', statements, read_only: false })).rejects.toMatchObject({
        message: expect.stringContaining('(statement 2)'),
        details: { code: '42P01' },
      });
      expect(await rowsOf("SELECT * FROM authors WHERE name = 'Ghost'")).toEqual([]);
    });
  });

  it('describes the schema', async () => {
    const { result } = await call({ operation: 'schema' });
    const { tables } = result as { tables: { name: string }[] };
    expect(tables.map(({ name }) => name)).toEqual(['authors', 'books', 'titles']);
    expect(tables[1]).toEqual({
      schema: 'public',
      name: 'books',
      type: 'table',
      columns: [
        { name: 'id', type: 'bigint', nullable: false, default: null },
        { name: 'author_id', type: 'integer', nullable: true, default: null },
        {
          name: 'title',
          type: 'character varying(100)',
          nullable: false,
          default: "'Untitled'::character varying",
        },
      ],
      primary_key: ['id'],
      foreign_keys: [
        {
          columns: ['author_id'],
          references_table: 'authors',
          references_columns: ['id'],
          on_update: 'NO ACTION',
          on_delete: 'CASCADE',
        },
      ],
      indexes: [
        { name: 'books_author_id_title_key', unique: true, columns: ['author_id', 'title'] },
        { name: 'books_pkey', unique: true, columns: ['id'] },
      ],
    });
    const one = await call({ operation: 'schema', table: 'public.titles' });
    expect(one.result).toMatchObject({ tables: [{ name: 'titles', type: 'view' }], table_count: 1 });
  });

  it('explains, and measures without changing', async () => {
    const plain = await call({
      operation: 'explain',
      query: 'SELECT * FROM books WHERE id = ?',
      params: [1],
    });
    expect(plain.result).toMatchObject({ plan: [{ Plan: { 'Relation Name': 'books' } }] });
    const measured = await call({ operation: 'explain', query: 'SELECT * FROM books', analyze: true });
    expect(measured.result).toMatchObject({ plan: [{ 'Execution Time': expect.any(Number) }] });
    await expect(call({ operation: 'explain', query: 'DELETE FROM books', analyze: true })).rejects.toThrow(
      'read-only',
    );
  });

  it('tests the connection', async () => {
    const { result } = await call({ operation: 'test' });
    expect(result).toMatchObject({ connected: true, version: expect.stringContaining('PostgreSQL') });
  });

  describe('stopping', () => {
    /** Sessions that are in the middle of the statement which a test waits for, not those that just connect. */
    const sleepers = async () =>
      (
        await server.admin.query(
          "SELECT pid FROM pg_stat_activity WHERE application_name = 'llmspell' AND state = 'active' AND query LIKE '%pg_sleep%'",
        )
      ).rowCount;
    const until = async (count: number) => {
      let seen = await sleepers();
      for (let i = 0; i < 500 && seen !== count; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        seen = await sleepers();
      }
      expect(seen).toBe(count);
    };

    it('ends the query on the server when the call is cancelled', async () => {
      const controller = new AbortController();
      const running = call(
        { operation: 'query', query: 'SELECT pg_sleep(60)' },
        { signal: controller.signal },
      );
      await until(1);
      controller.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      await until(0);
    });

    it('undoes what was done', async () => {
      const controller = new AbortController();
      const statements = ["INSERT INTO authors (name) VALUES ('Half')", 'SELECT pg_sleep(60)'];
      const running = call(
        { operation: 'transaction', statements, read_only: false },
        { signal: controller.signal },
      );
      await until(1);
      controller.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      await until(0);
      expect(await rowsOf("SELECT * FROM authors WHERE name = 'Half'")).toEqual([]);
    });

    it('ends the query when its time is over', async () => {
      await expect(query('SELECT pg_sleep(60)', { timeout_seconds: 0.2 })).rejects.toMatchObject({
        code: 'component.timeout',
      });
      await until(0);
    });

    it('leaves no connection', async () => {
      await query('SELECT 1');
      const count = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'llmspell'";
      for (let i = 0; i < 100; i++)
        if ((await server.admin.query(count)).rows[0].n > 0) await new Promise((r) => setTimeout(r, 10));
      expect((await server.admin.query(count)).rows[0].n).toBe(0);
    });
  });

  describe('connecting', () => {
    const grants = (parts: object) => createPermissions({ ...noGrants(), ...parts }, { cwd: '/' });

    it('needs a grant for the database and one for the host', async () => {
      const db = [`postgres://127.0.0.1:${server.port}/postgres`];
      const net = [`127.0.0.1:${server.port}`];
      const ask = (parts: object) => call({ operation: 'test' }, { permissions: grants(parts) });
      await expect(ask({ net })).rejects.toMatchObject({ code: 'permission.db' });
      await expect(ask({ db })).rejects.toMatchObject({ code: 'permission.net' });
      await expect(ask({ db, net })).resolves.toMatchObject({ success: true });
      await expect(ask({ db: ['postgres://127.0.0.1/'], net })).rejects.toMatchObject({
        code: 'permission.db',
      });
    });

    it('takes names of the configuration, with the password from the environment', async () => {
      const url = `postgres://app@127.0.0.1:${server.port}/postgres`;
      const host = {
        databases: {
          main: { url, password_env: 'MAIN_PASSWORD', max_rows: 2 },
          open: { url, password_env: 'MAIN_PASSWORD', read_only: false },
        },
        environment: { MAIN_PASSWORD: server.password },
      };
      const use = (input: object) => callTool(databaseConnector, { operation: 'query', ...input }, { host });
      const { result } = await use({ database: 'main', query: 'SELECT * FROM books', max_rows: 100 });
      expect(result).toMatchObject({ row_count: 2, truncated: true });
      const insert = { operation: 'execute', query: "DELETE FROM books WHERE title = 'x'", read_only: false };
      await expect(use({ ...insert, database: 'main' })).rejects.toThrow("'main' is read-only");
      await expect(use({ ...insert, database: 'open' })).resolves.toMatchObject({ success: true });
      await expect(use({ database: 'other', query: 'SELECT 1' })).rejects.toThrow(
        "Database 'other' not configured",
      );
    });

    it('encrypts, and accepts no certificate that nobody vouches for', async () => {
      const over = (host: string, options: string) =>
        call({
          operation: 'query',
          query: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
          connection_string: `${server.url().replace('127.0.0.1', host)}?${options}`,
        });
      const ca = `sslrootcert=${encodeURIComponent(server.certificate.certFile)}`;
      await expect(over('127.0.0.1', 'sslmode=verify-full')).rejects.toThrow('self-signed certificate');
      for (const [host, options, ssl] of [
        ['127.0.0.1', 'sslmode=disable', false],
        ['127.0.0.1', 'sslmode=require', true],
        ['127.0.0.1', `sslmode=verify-full&${ca}`, true],
        ['localhost', ca, true],
      ] as const)
        expect((await over(host, options)).result).toMatchObject({ results: [{ ssl }] });
    });

    it('cancels over TLS too', async () => {
      const url = `${server.url()}?sslmode=require`;
      const late = query('SELECT pg_sleep(60)', { connection_string: url, timeout_seconds: 0.2 });
      await expect(late).rejects.toMatchObject({ code: 'component.timeout' });
    });

    it('shows no password', async () => {
      const wrong = server.url().replace(encodeURIComponent(server.password), 'wrong-password');
      const error = await call({ operation: 'test', connection_string: wrong }).catch((e: Error) => e);
      expect(error).toMatchObject({
        message: expect.stringContaining('password authentication failed'),
        details: { code: '28P01' },
      });
      expect(JSON.stringify(error)).not.toContain('wrong-password');
    });

    it('says that nobody answers', async () => {
      await expect(
        call({ operation: 'test', connection_string: 'postgres://app@127.0.0.1:1/x' }),
      ).rejects.toMatchObject({ code: 'tool.failed', details: { errno: 'ECONNREFUSED' } });
    });
  });
});
