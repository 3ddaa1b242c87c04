import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMariadb, type MariadbServer, startMariadb } from '../../../../test/support/servers/mariadb.js';
import type { TestContextOptions } from '../../../core/testing.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import { callTool } from '../../run-tool.case.js';
import databaseConnector from '../database-connector.js';

describe.skipIf(!hasMariadb)('database-connector with MariaDB', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    for (const sql of [
      'CREATE TABLE authors (id int AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL) ENGINE=InnoDB',
      `CREATE TABLE books (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, author_id int,
        title varchar(100) NOT NULL DEFAULT 'Untitled', UNIQUE title_of (author_id, title),
        CONSTRAINT written_by FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE) ENGINE=InnoDB`,
      'CREATE VIEW titles AS SELECT title FROM books',
      "INSERT INTO authors (name) VALUES ('Austen'), ('Brontë')",
      "INSERT INTO books (author_id, title) VALUES (1, 'Emma'), (1, 'Persuasion'), (2, 'Jane Eyre')",
      'CREATE PROCEDURE sneaky() BEGIN COMMIT; SET SESSION TRANSACTION READ WRITE; DELETE FROM books; END',
    ])
      await server.admin.query(sql);
  }, 90_000);
  afterAll(() => server?.close());

  const call = (input: object, options: TestContextOptions = {}) =>
    callTool(databaseConnector, { connection_string: server.url(), ...input }, options);
  const query = (sql: string, more: object = {}) => call({ operation: 'query', query: sql, ...more });
  const rowsOf = async (sql: string, more: object = {}) =>
    ((await query(sql, more)).result as { results: Record<string, unknown>[] }).results;
  const bookCount = async () => {
    const [rows] = await server.admin.query('SELECT count(*) AS n FROM books');
    return (rows as { n: number }[])[0]!.n;
  };

  describe('query', () => {
    it('gives rows with columns and types', async () => {
      const { result } = await query('SELECT id, name FROM authors ORDER BY id');
      expect(result).toMatchObject({
        database_type: 'mysql',
        columns: [
          { name: 'id', type: 'int' },
          { name: 'name', type: 'varchar' },
        ],
        results: [
          { id: 1, name: 'Austen' },
          { id: 2, name: 'Brontë' },
        ],
        row_count: 2,
        truncated: false,
      });
    });

    const values: [string, unknown][] = [
      ['CAST(18446744073709551615 AS unsigned)', '18446744073709551615'],
      ['CAST(7 AS unsigned)', 7],
      ['CAST(0.5 AS decimal(2,1))', 0.5],
      ['CAST(1.5 AS decimal(3,2))', '1.50'],
      ['1.5e0', 1.5],
      ["x'00ff'", 'AP8='],
      ["CAST('2024-02-29' AS date)", '2024-02-29'],
      ["CAST('2024-02-29 12:34:56.789' AS datetime(3))", '2024-02-29T12:34:56.789'],
      ['from_unixtime(0)', '1970-01-01T00:00:00'],
      ['NULL', null],
      ["'it''s'", "it's"],
    ];
    it.each(values)('%s is %j as text', async (sql, value) => {
      expect(await rowsOf(`SELECT ${sql} AS v`)).toEqual([{ v: value }]);
    });
    it.each(values)('%s is %j in the binary protocol', async (sql, value) => {
      expect(await rowsOf(`SELECT ${sql} AS v, ? AS p`, { params: ['x'] })).toEqual([{ v: value, p: 'x' }]);
    });

    it('marks the time of a timestamp as UTC', async () => {
      await server.admin.query('CREATE TABLE moments (t timestamp NULL)');
      await server.admin.query("SET time_zone = '+02:00'");
      await server.admin.query("INSERT INTO moments VALUES ('2024-06-01 12:00:00')");
      expect(await rowsOf('SELECT t FROM moments')).toEqual([{ t: '2024-06-01T10:00:00Z' }]);
    });

    it.each([
      ['SELECT concat($2, $1, $2) AS v', ['a', 'b'], 'bab'],
      ["SELECT concat(:x, ':x', :x) AS v", { x: 'a' }, 'a:xa'],
      ['SELECT hex(?) AS v', [{ base64: 'AP8=' }], '00FF'],
      ['SELECT ? IS NULL AS v', [null], 1],
      ["SELECT json_value(?, '$.k') AS v", [{ k: 'json' }], 'json'],
      ['SELECT ? AS v', ["'; DROP TABLE books; -- \\"], "'; DROP TABLE books; -- \\"],
    ])('%s with %j', async (sql, params, value) => {
      expect(await rowsOf(sql, { params })).toEqual([{ v: value }]);
    });

    it.each(['', ' LIMIT 1000000000'])('stops at the row limit%s', async (limit) => {
      const { result } = await query(`SELECT seq FROM seq_1_to_1000000000${limit}`, { max_rows: 3 });
      expect(result).toMatchObject({ row_count: 3, truncated: true });
    });

    it('raises what the server says, with its code', async () => {
      await expect(query('SELECT nothing FROM authors')).rejects.toMatchObject({
        code: 'tool.failed',
        message: expect.stringContaining("Unknown column 'nothing'"),
        details: { code: 'ER_BAD_FIELD_ERROR' },
      });
    });

    it('refuses a second statement', async () => {
      await expect(query('SELECT 1; DELETE FROM books')).rejects.toThrow('syntax');
    });
  });

  describe('read-only', () => {
    it.each([
      'DELETE FROM books',
      'CREATE TABLE x (a int)',
      'CALL sneaky()',
      'BEGIN NOT ATOMIC COMMIT; SET SESSION TRANSACTION READ WRITE; DELETE FROM books; END',
      "EXECUTE IMMEDIATE 'DELETE FROM books'",
      '/*!99999 SELECT */ DELETE FROM books',
      '/*M! BEGIN NOT ATOMIC */ SELECT 1',
      '-- x\nDELETE FROM books',
      'ANALYZE FORMAT=JSON DELETE FROM books',
      'SELECT nextval(counter)',
    ])('%s is refused', async (sql) => {
      await server.admin.query('CREATE SEQUENCE IF NOT EXISTS counter');
      await expect(query(sql)).rejects.toThrow();
      expect(await bookCount()).toBe(3);
    });

    it('by the server itself', async () => {
      await server.admin.query('CREATE OR REPLACE VIEW changing AS SELECT 1');
      await expect(query('WITH x AS (SELECT 1) DELETE FROM books')).rejects.toThrow();
      await expect(query('ANALYZE DELETE FROM books')).rejects.toMatchObject({ code: 'permission.db' });
      expect(await bookCount()).toBe(3);
    });

    it('also in lists', async () => {
      for (const statements of [
        ['COMMIT', 'DELETE FROM books'],
        ['SET SESSION TRANSACTION READ WRITE', 'DELETE FROM books'],
        ['SELECT 1', 'DELETE FROM books'],
      ])
        await expect(call({ operation: 'transaction', statements })).rejects.toThrow();
      expect(await bookCount()).toBe(3);
    });
  });

  describe('changing', () => {
    const change = (sql: string, more: object = {}) =>
      call({ operation: 'execute', query: sql, read_only: false, ...more });

    it('counts the rows and tells the new key', async () => {
      const { result } = await change('INSERT INTO authors (name) VALUES (?)', { params: ['Woolf'] });
      expect(result).toMatchObject({ rows_affected: 1, last_insert_id: expect.any(Number) });
      const gone = await change("DELETE FROM authors WHERE name = 'Woolf' RETURNING name");
      expect(gone.result).toMatchObject({ results: [{ name: 'Woolf' }], rows_affected: 1 });
    });

    it('does a transaction wholly or not at all', async () => {
      const insert = (name: string) => ({
        query: 'INSERT INTO authors (name) VALUES (:name)',
        params: { name },
      });
      const does = (statements: unknown[]) =>
        call({ operation: 'transaction', statements, read_only: false });
      await expect(does([insert('Ghost'), 'INSERT INTO nowhere VALUES (1)'])).rejects.toThrow(
        '(statement 2)',
      );
      expect(await rowsOf("SELECT * FROM authors WHERE name = 'Ghost'")).toEqual([]);
      await expect(does([insert('A'), insert('B')])).resolves.toMatchObject({ result: { rows_affected: 2 } });
      await expect(does([insert('C'), 'CREATE TABLE c (a int)'])).rejects.toThrow('could not undo');
      expect(await rowsOf("SELECT name FROM authors WHERE name IN ('A', 'B', 'C')")).toHaveLength(2);
    });

    it('a server cannot ask for our files', async () => {
      await expect(
        change("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE authors (name)"),
      ).rejects.toThrow();
    });
  });

  it('describes the schema', async () => {
    const { result } = await call({ operation: 'schema', table: 'books' });
    expect(result).toMatchObject({
      tables: [
        {
          name: 'books',
          type: 'table',
          columns: [
            { name: 'id', type: 'bigint(20) unsigned', nullable: false },
            { name: 'author_id', type: 'int(11)', nullable: true },
            { name: 'title', type: 'varchar(100)', nullable: false, default: "'Untitled'" },
          ],
          primary_key: ['id'],
          foreign_keys: [
            {
              columns: ['author_id'],
              references_table: 'authors',
              references_columns: ['id'],
              on_update: 'RESTRICT',
              on_delete: 'CASCADE',
            },
          ],
          indexes: [
            { name: 'PRIMARY', unique: true, columns: ['id'] },
            { name: 'title_of', unique: true, columns: ['author_id', 'title'] },
          ],
        },
      ],
    });
  });

  it('explains and tests', async () => {
    const plan = await call({ operation: 'explain', query: 'SELECT * FROM books WHERE id = ?', params: [1] });
    expect(plan.result).toMatchObject({ plan: { query_block: expect.any(Object) } });
    const test = await call({ operation: 'test' });
    expect(test.result).toMatchObject({ connected: true, version: expect.stringContaining('MariaDB') });
  });

  describe('stopping', () => {
    const sleeping = async () => {
      const [rows] = await server.admin.query(
        "SELECT id FROM information_schema.PROCESSLIST WHERE info LIKE '%sleep(6%' AND id <> connection_id()",
      );
      return (rows as unknown[]).length;
    };
    const until = async (count: number) => {
      let seen = await sleeping();
      for (let i = 0; i < 500 && seen !== count; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        seen = await sleeping();
      }
      expect(seen).toBe(count);
    };

    it('ends the query on the server and undoes what was done', async () => {
      const controller = new AbortController();
      const statements = ["INSERT INTO authors (name) VALUES ('Half')", 'SELECT sleep(60)'];
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
      await expect(
        query('SELECT count(*) FROM seq_1_to_1000000000 WHERE sleep(60)', { timeout_seconds: 0.3 }),
      ).rejects.toMatchObject({ code: 'component.timeout' });
      await until(0);
    });
  });

  describe('connecting', () => {
    it('needs a grant for the database and one for the host', async () => {
      const db = [`mysql://127.0.0.1:${server.port}/test`];
      const net = [`127.0.0.1:${server.port}`];
      const ask = (parts: object) =>
        call(
          { operation: 'test' },
          { permissions: createPermissions({ ...noGrants(), ...parts }, { cwd: '/' }) },
        );
      await expect(ask({ net })).rejects.toMatchObject({ code: 'permission.db' });
      await expect(ask({ db })).rejects.toMatchObject({ code: 'permission.net' });
      await expect(ask({ db, net })).resolves.toMatchObject({ success: true });
    });

    it('encrypts, and accepts no certificate that nobody vouches for', async () => {
      const over = (host: string, options: string) =>
        query("SHOW SESSION STATUS LIKE 'Ssl_version'", {
          connection_string: `${server.url().replace('127.0.0.1', host)}?${options}`,
        });
      const ca = `ssl-ca=${encodeURIComponent(server.certificate.certFile)}`;
      await expect(over('localhost', 'ssl-mode=VERIFY_IDENTITY')).rejects.toThrow('self-signed certificate');
      const version = async (host: string, options: string) =>
        ((await over(host, options)).result as { results: { Value: string }[] }).results[0]!.Value;
      expect(await version('127.0.0.1', 'sslmode=disable')).toBe('');
      expect(await version('127.0.0.1', 'ssl-mode=REQUIRED')).toMatch(/^TLS/);
      expect(await version('localhost', ca)).toMatch(/^TLS/);
    });

    it('shows no password', async () => {
      const wrong = server.url().replace(encodeURIComponent(server.password), 'wrong-password');
      const error = await call({ operation: 'test', connection_string: wrong }).catch((e: Error) => e);
      expect(error).toMatchObject({ message: expect.stringContaining('Access denied') });
      expect(JSON.stringify(error)).not.toContain('wrong-password');
    });
  });
});
