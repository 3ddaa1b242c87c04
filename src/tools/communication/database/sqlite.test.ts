import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServer } from '../../../../test/support/servers/temporary.js';
import type { TestContextOptions } from '../../../core/testing.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import { callTool } from '../../run-tool.case.js';
import databaseConnector from '../database-connector.js';

const SQLITE3 = findServer('sqlite3');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const path = (name = 'shop.db') => join(dir, name);
const call = (input: object, options: TestContextOptions = {}) =>
  callTool(databaseConnector, { connection_string: `sqlite:${path()}`, ...input }, options);
const query = (sql: string, more: object = {}) => call({ operation: 'query', query: sql, ...more });
const execute = (sql: string, more: object = {}) => call({ operation: 'execute', query: sql, ...more });
const rowsOf = async (sql: string, more: object = {}) =>
  ((await query(sql, more)).result as { results: Record<string, unknown>[] }).results;
const reading = (parts: object = {}) =>
  createPermissions({ ...noGrants(), read: [dir], ...parts }, { cwd: dir });

describe('database-connector with SQLite in memory', () => {
  const memory = { connection_string: 'sqlite::memory:' };

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['9007199254740991', 9007199254740991],
    ["x'00ff'", 'AP8='],
    ['NULL', null],
    ['1.5', 1.5],
    ['9e999', 'Infinity'],
    ["'naïve ☃'", 'naïve ☃'],
    ["json_extract('[1,2]', '$')", '[1,2]'],
  ])('%s is %j', async (sql, value) => {
    expect(await rowsOf(`SELECT ${sql} AS v`, memory)).toEqual([{ v: value }]);
  });

  it.each([
    ['SELECT ?2 || ?1 AS v', ['a', 'b'], 'ba'],
    ['SELECT $2 || $1 AS v', ['a', 'b'], 'ba'],
    ["SELECT :x || ':x' || @x || $x AS v -- :y", { x: 'a' }, 'a:xaa'],
    ['SELECT hex(?) AS v', [{ base64: 'AP8=' }], '00FF'],
    ["SELECT ? ->> '$[1]' AS v", [[1, 2]], 2],
    ['SELECT typeof(?) AS v', [1.5], 'real'],
    ['SELECT typeof(?) AS v', [true], 'integer'],
  ])('%s with %j', async (sql, params, value) => {
    expect(await rowsOf(sql, { ...memory, params })).toEqual([{ v: value }]);
  });

  it.each([
    ['SELECT ?', [1, 2], 'No placeholder for the parameter 2'],
    ['SELECT ?, ?', [1], 'No value for the placeholder ?'],
    ['SELECT :a', { b: 1 }, "No placeholder for the parameter 'b'"],
    ['SELECT ?', [{ base64: '*' }], 'not valid base64'],
  ])('%s with %j is refused', async (sql, params, message) => {
    await expect(query(sql, { ...memory, params })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining(message),
    });
  });

  it('gives columns of one name numbers', async () => {
    const { result } = await query('SELECT 1 AS a, 2 AS a', memory);
    expect(result).toMatchObject({
      results: [{ a: 1, a_2: 2 }],
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'a_2', type: 'integer' },
      ],
    });
  });

  it('stops at the row limit', async () => {
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    expect((await query(endless, { ...memory, max_rows: 3 })).result).toMatchObject({
      results: [{ i: 1 }, { i: 2 }, { i: 3 }],
      truncated: true,
    });
  });

  it('stops when the rows hold too many bytes', async () => {
    const { result } = await query('SELECT hex(zeroblob(3000000)) FROM (VALUES (1),(2),(3))', memory);
    expect(result).toMatchObject({ row_count: 1, truncated: true });
  });

  it('runs out of memory before the machine does', async () => {
    await expect(query('SELECT zeroblob(900000000)', memory)).rejects.toMatchObject({ code: 'limit.memory' });
  });

  it.each(['SELECT 1; SELECT 2', 'SELECT 1;;-- x\n;DROP TABLE t', ''])('refuses %j', async (sql) => {
    await expect(query(sql, memory)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('takes a trigger, whose body has semicolons, as one statement', async () => {
    const statements = [
      'CREATE TABLE t (a)',
      'CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = a + 1; SELECT 1; END;',
      'INSERT INTO t VALUES (1)',
      'SELECT a FROM t',
    ];
    const { result } = await call({ ...memory, operation: 'transaction', statements });
    expect(result).toMatchObject({ statements: [{}, {}, { rows_affected: 1 }, { results: [{ a: 2 }] }] });
    await expect(
      execute('CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END; DROP TABLE t', memory),
    ).rejects.toThrow('More than one statement');
  });
});

describe('database-connector with a SQLite file', () => {
  const make = () =>
    call({
      operation: 'transaction',
      statements: [
        'CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
        `CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INT REFERENCES authors (id) ON DELETE CASCADE,
         title TEXT NOT NULL DEFAULT 'Untitled', UNIQUE (author_id, title))`,
        "INSERT INTO authors VALUES (1, 'Austen'), (2, 'Brontë')",
        "INSERT INTO books (author_id, title) VALUES (1, 'Emma'), (2, 'Jane Eyre')",
      ],
    });

  it('is made, changed and read', async () => {
    await make();
    const { result } = await execute('INSERT INTO authors (name) VALUES (?)', { params: ['Eliot'] });
    expect(result).toMatchObject({ rows_affected: 1, last_insert_id: 3 });
    expect(await rowsOf('SELECT name FROM authors ORDER BY id')).toEqual([
      { name: 'Austen' },
      { name: 'Brontë' },
      { name: 'Eliot' },
    ]);
    expect(await readdir(dir)).toEqual(['shop.db']);
  });

  it('describes its schema', async () => {
    await make();
    const { result } = await call({ operation: 'schema' });
    expect((result as { tables: unknown[] }).tables).toEqual([
      expect.objectContaining({ name: 'authors', type: 'table', primary_key: ['id'] }),
      {
        name: 'books',
        type: 'table',
        columns: [
          { name: 'id', type: 'INTEGER', nullable: false, default: null },
          { name: 'author_id', type: 'INT', nullable: true, default: null },
          { name: 'title', type: 'TEXT', nullable: false, default: "'Untitled'" },
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
        indexes: [{ name: 'sqlite_autoindex_books_1', unique: true, columns: ['author_id', 'title'] }],
      },
    ]);
    await expect(call({ operation: 'schema', table: 'nothing' })).rejects.toThrow("no table 'nothing'");
  });

  it('does a transaction that fails not at all', async () => {
    await make();
    const statements = ["INSERT INTO authors (name) VALUES ('Ghost')", 'INSERT INTO nowhere VALUES (1)'];
    await expect(call({ operation: 'transaction', statements })).rejects.toMatchObject({
      message: 'SQLite: no such table: nowhere (statement 2)',
    });
    expect(await rowsOf("SELECT * FROM authors WHERE name = 'Ghost'")).toEqual([]);
  });

  describe('grants', () => {
    it('reading needs the read grant, changing both', async () => {
      await make();
      const sql = "UPDATE authors SET name = 'X'";
      for (const [operation, permissions, code] of [
        ['query', createPermissions(noGrants(), { cwd: dir }), 'permission.read'],
        ['execute', reading(), 'permission.write'],
        ['execute', createPermissions({ ...noGrants(), write: [dir] }, { cwd: dir }), 'permission.read'],
      ] as const)
        await expect(call({ operation, query: sql }, { permissions })).rejects.toMatchObject({ code });
      const both = reading({ write: [path()] });
      await expect(call({ operation: 'execute', query: sql }, { permissions: both })).resolves.toBeTruthy();
    });

    it('reading changes nothing, not even beside the file', async () => {
      await make();
      const before = readFileSync(path());
      await chmod(path(), 0o444);
      await call({ operation: 'query', query: 'SELECT * FROM authors' }, { permissions: reading() });
      await call({ operation: 'schema' }, { permissions: reading() });
      expect(readFileSync(path())).toEqual(before);
      expect(await readdir(dir)).toEqual(['shop.db']);
    });

    it.each([
      "INSERT INTO authors (name) VALUES ('X') RETURNING id",
      'PRAGMA query_only = OFF',
      'PRAGMA user_version = 7',
      'PRAGMA journal_mode = WAL',
      'CREATE TABLE x (a)',
      'VACUUM',
      'REINDEX',
    ])('%s changes nothing in a query', async (sql) => {
      await make();
      const before = readFileSync(path());
      await query(sql).catch((error) => expect(error.code).toBe('permission.db'));
      await call({
        operation: 'transaction',
        read_only: true,
        statements: ['PRAGMA query_only = OFF', 'DELETE FROM books'],
      }).catch((error) => expect(error.code).toBe('permission.db'));
      expect(readFileSync(path())).toEqual(before);
    });

    it('a configured database is read-only unless it says otherwise', async () => {
      await make();
      const url = `sqlite:${path()}`;
      const host = { databases: { shop: { url }, open: { url, read_only: false } } };
      const use = (database: string) =>
        callTool(databaseConnector, { operation: 'execute', database, query: 'DELETE FROM books' }, { host });
      await expect(use('shop')).rejects.toThrow("'shop' is read-only");
      await expect(use('open')).resolves.toMatchObject({ result: { rows_affected: 2 } });
    });
  });

  describe('stays in its one file', () => {
    it.each([
      "ATTACH '{other}' AS other",
      "/* x */ attach database '{other}' as other",
      "VACUUM INTO '{new}'",
      "VACUUM main INTO '{new}'",
      "SELECT load_extension('{other}')",
      "SELECT readfile('/etc/passwd')",
      "SELECT writefile('{new}', 'x')",
      "SELECT fts3_tokenizer('x')",
      "CREATE VIRTUAL TABLE v USING csv(filename = '/etc/passwd')",
      "EXPLAIN ATTACH '{other}' AS other",
    ])('%s', async (template) => {
      await make();
      await writeFile(join(dir, 'other'), 'secret');
      const sql = template.replace('{other}', join(dir, 'other')).replace('{new}', join(dir, 'new'));
      const { result } = await execute(sql).catch(() => ({ result: null }));
      if (!template.startsWith('EXPLAIN')) expect(result).toBeNull();
      expect((await readdir(dir)).sort()).toEqual(['other', 'shop.db']);
    });

    it('even if a statement slipped through: the engine has no other files', async () => {
      await make();
      const statements = ['CREATE TABLE a (x)', `INSERT INTO a VALUES ('y')`];
      await call({ operation: 'transaction', statements });
      const { SQLITE_SESSION_SOURCE } = await import('./sqlite/session-source.js');
      const { runInWorker } = await import('../../worker.js');
      const script = join(process.cwd(), 'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.js');
      const reply = (sql: string) =>
        runInWorker(
          SQLITE_SESSION_SOURCE,
          {
            ...{ directory: dir, name: 'shop.db', write: true, create: true, atomic: false, maxRows: 10 },
            ...{ maxBytes: 1e6, maxMemory: 1e9, script, wasm: script.replace(/js$/, 'wasm') },
            statements: [{ sql, values: [] }],
          },
          { timeoutMs: 20_000, signal: new AbortController().signal },
        );
      for (const sql of [
        `ATTACH '${dir}/other.db' AS o`,
        `VACUUM INTO '${dir}/copy.db'`,
        `ATTACH 'shop.db' AS o`,
      ])
        expect(await reply(sql)).toMatchObject({
          failure: { message: expect.stringMatching(/unable to open/) },
        });
      expect(await readdir(dir)).toEqual(['shop.db']);
    });

    it('is not reached through a symbolic link that leads out', async () => {
      await mkdir(join(dir, 'granted'));
      await make();
      await symlink(path(), join(dir, 'granted', 'link.db'));
      const permissions = createPermissions({ ...noGrants(), read: [join(dir, 'granted')] }, { cwd: dir });
      await expect(
        call({ query: 'SELECT 1', connection_string: `sqlite:${dir}/granted/link.db` }, { permissions }),
      ).rejects.toMatchObject({ code: 'permission.read' });
    });

    it('is the file of the folder that was checked, whatever its path leads to by then', async () => {
      await mkdir(join(dir, 'granted'));
      await mkdir(join(dir, 'secret'));
      const at = (folder: string) => ({ connection_string: `sqlite:${dir}/${folder}/a.db` });
      for (const folder of ['granted', 'secret'])
        await call({
          operation: 'transaction',
          statements: ['CREATE TABLE t (v)', `INSERT INTO t VALUES ('${folder}')`],
          ...at(folder),
        });
      const permissions = createPermissions({ ...noGrants(), read: [join(dir, 'granted')] }, { cwd: dir });
      const seen = new Set<string>();
      for (let i = 0; i < 5; i++) {
        const running = call({ query: 'SELECT v FROM t', ...at('granted') }, { permissions }).then(
          ({ result }) => JSON.stringify(result),
          ({ code }: { code: string }) => code,
        );
        await new Promise((resolve) => setTimeout(resolve, i * 8));
        await rename(join(dir, 'granted'), join(dir, 'aside'));
        await symlink(join(dir, 'secret'), join(dir, 'granted'));
        seen.add(await running);
        await rm(join(dir, 'granted'));
        await rename(join(dir, 'aside'), join(dir, 'granted'));
      }
      expect([...seen].join()).not.toContain('secret');
    });

    it.each(['-journal', '-wal'])('a link in the place of %s is not followed', async (suffix) => {
      await make();
      await writeFile(join(dir, 'victim'), 'precious');
      await symlink(join(dir, 'victim'), path(`shop.db${suffix}`));
      await execute("INSERT INTO authors (name) VALUES ('X')").catch(() => {});
      expect(readFileSync(join(dir, 'victim'), 'utf8')).toBe('precious');
    });

    it('is a file', async () => {
      await mkdir(path('folder'));
      for (const name of ['folder', 'missing.db', 'no/folder.db'])
        await expect(
          query('SELECT 1 FROM sqlite_schema', { connection_string: `sqlite:${path(name)}` }),
        ).rejects.toMatchObject({ code: 'tool.failed' });
      await expect(query('SELECT 1', { connection_string: `sqlite:${path('missing.db')}` })).rejects.toThrow(
        `'${path('missing.db')}' does not exist`,
      );
      await writeFile(path('text.db'), 'This is no database. '.repeat(100));
      await expect(
        query('SELECT * FROM sqlite_schema', { connection_string: `sqlite:${path('text.db')}` }),
      ).rejects.toThrow('file is not a database');
    });
  });

  describe('stopping', () => {
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)';
    const children = () =>
      execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .filter((pid) => existsSync(`/proc/${pid.trim()}/cmdline`))
        .filter((pid) => readFileSync(`/proc/${pid.trim()}/cmdline`, 'utf8').includes('loadEngine')).length;

    it('ends a heavy query at once', async () => {
      await make();
      const controller = new AbortController();
      const running = call(
        { operation: 'query', query: `${endless} SELECT max(i) FROM n` },
        { signal: controller.signal },
      );
      setTimeout(() => controller.abort(new Error('enough')), 400);
      await expect(running).rejects.toThrow('enough');
      for (let i = 0; i < 100 && children() > 0; i++) await new Promise((r) => setTimeout(r, 10));
      expect(children()).toBe(0);
    });

    it('keeps the time limit', async () => {
      await expect(
        query(`${endless} SELECT max(i) FROM n`, {
          connection_string: 'sqlite::memory:',
          timeout_seconds: 0.5,
        }),
      ).rejects.toMatchObject({
        code: 'component.timeout',
      });
    });

    it('undoes a change that was cut short, and leaves no lock', async () => {
      await make();
      const controller = new AbortController();
      const statements = [
        'PRAGMA cache_size = 1',
        `INSERT INTO authors (name) SELECT hex(randomblob(2000)) FROM (${endless} SELECT i FROM n LIMIT 100000000)`,
        'SELECT 1',
      ];
      const running = call({ operation: 'transaction', statements }, { signal: controller.signal });
      const size = () => statSync(path()).size;
      const before = size();
      for (let i = 0; i < 400 && size() === before; i++) await new Promise((r) => setTimeout(r, 10));
      expect(size()).toBeGreaterThan(before);
      controller.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      for (let i = 0; i < 300 && (await readdir(dir)).length > 1; i++)
        await new Promise((r) => setTimeout(r, 10));
      expect(await readdir(dir)).toEqual(['shop.db']);
      expect(await rowsOf('SELECT count(*) AS n FROM authors')).toEqual([{ n: 2 }]);
      expect(await rowsOf('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    });
  });

  it('writers take turns', async () => {
    await execute('CREATE TABLE counter (n INTEGER)');
    await execute('INSERT INTO counter VALUES (0)');
    await Promise.all(Array.from({ length: 4 }, () => execute('UPDATE counter SET n = n + 1')));
    expect(await rowsOf('SELECT n FROM counter')).toEqual([{ n: 4 }]);
  });
});

describe.skipIf(SQLITE3 === undefined)('database-connector beside the sqlite3 program', () => {
  const shell = (...sql: string[]) => execFileSync(SQLITE3!, [path(), ...sql], { encoding: 'utf8' });

  it('reads what it wrote, and the other way round', async () => {
    shell('CREATE TABLE t (a INTEGER, b TEXT, c BLOB)', "INSERT INTO t VALUES (1, 'é', x'00ff')");
    expect(await rowsOf('SELECT * FROM t')).toEqual([{ a: 1, b: 'é', c: 'AP8=' }]);
    await execute("INSERT INTO t VALUES (2, 'ü', NULL)");
    expect(shell('SELECT count(*), max(b) FROM t', 'PRAGMA integrity_check')).toBe('2|ü\nok\n');
  });

  it('reads and changes a database that keeps a write-ahead log', async () => {
    shell('PRAGMA journal_mode = WAL', 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
    expect(await rowsOf('SELECT a FROM t')).toEqual([{ a: 1 }]);
    await execute('INSERT INTO t VALUES (2)');
    expect(shell('SELECT count(*) FROM t', 'PRAGMA integrity_check')).toBe('2\nok\n');
  });

  it('reads what another program has not yet brought home from its log', async () => {
    shell('PRAGMA journal_mode = WAL', 'CREATE TABLE t (a)');
    const other = spawn(SQLITE3!, [path()], { stdio: ['pipe', 'pipe', 'ignore'] });
    other.stdin.write("INSERT INTO t VALUES (7);\nSELECT 'done';\n");
    await new Promise((resolve) => other.stdout.once('data', resolve));
    try {
      expect(statSync(path('shop.db-wal')).size).toBeGreaterThan(0);
      expect(await rowsOf('SELECT a FROM t')).toEqual([{ a: 7 }]);
      await expect(execute('INSERT INTO t VALUES (8)', { timeout_seconds: 3 })).rejects.toThrow(
        'database is locked',
      );
    } finally {
      other.stdin.end('.quit\n');
      await new Promise((resolve) => other.once('close', resolve));
    }
    expect(shell('SELECT a FROM t', 'PRAGMA integrity_check')).toBe('7\nok\n');
  });

  it('waits for another program that changes the database', async () => {
    shell('CREATE TABLE t (a)');
    const other = spawn(SQLITE3!, [path()], { stdio: ['pipe', 'pipe', 'ignore'] });
    other.stdin.write("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1);\nSELECT 'done';\n");
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const reading = rowsOf('SELECT a FROM t');
    const writing = execute('INSERT INTO t VALUES (2)');
    setTimeout(() => other.stdin.end('COMMIT;\n'), 500);
    expect((await reading)[0]).toEqual({ a: 1 });
    await writing;
    expect(shell('SELECT sum(a) FROM t', 'PRAGMA integrity_check')).toBe('3\nok\n');
  });
});
