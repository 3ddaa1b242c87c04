import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost, type ToolHost } from '../host.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import databaseConnector from './database-connector.js';

const MEMORY = 'sqlite::memory:';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('database-connector', () => {
  itRunsItsSamples(databaseConnector);

  const call = (input: object, host: Partial<ToolHost> = {}) => callTool(databaseConnector, input, { host });

  describe('which database', () => {
    it('the only configured one, the one called default, or the one that is named', async () => {
      const files = (...names: string[]) => ({
        databases: Object.fromEntries(
          names.map((name) => [name, { url: `sqlite:${dir}/${name}.db`, read_only: false }]),
        ),
      });
      const create = (name: string) => ({ operation: 'execute', query: `CREATE TABLE ${name} (a)` });
      await call({ ...create('one'), database: 'one' }, files('one', 'default'));
      await call(create('two'), files('one', 'default'));
      const tables = async (input: object, host: object) => {
        const { result } = await call({ operation: 'schema', ...input }, host);
        return (result as { tables: { name: string }[] }).tables.map(({ name }) => name);
      };
      expect(await tables({}, files('one'))).toEqual(['one']);
      expect(await tables({ database: 'default' }, files('one', 'default'))).toEqual(['two']);
    });

    it('the one of the environment when none is configured', async () => {
      const environment = { DATABASE_SQLITE_PATH: join(dir, 'env.db') };
      await call({ operation: 'execute', query: 'CREATE TABLE env (a)' }, { environment });
      const { result } = await call({ operation: 'schema' }, { environment });
      expect(result).toMatchObject({ tables: [{ name: 'env' }] });
    });

    it.each([
      [{ query: 'SELECT 1' }, "Database 'default' not configured"],
      [{ query: 'SELECT 1', database: 'constructor' }, "Database 'constructor' not configured"],
      [{ query: 'SELECT 1', connection_string: 'shop.db' }, 'is not the address of a database'],
      [{ operation: 'query', connection_string: MEMORY }, "requires 'query' parameter"],
      [{ operation: 'transaction', connection_string: MEMORY }, "requires 'statements' parameter"],
      [{ operation: 'qurey', connection_string: MEMORY }, "did you mean 'query'?"],
    ])('%j is refused', async (input, message) => {
      await expect(call(input)).rejects.toMatchObject({
        code: 'input.invalid',
        message: expect.stringContaining(message),
      });
    });

    it('says which variable holds the password that is missing', async () => {
      const databases = { main: { url: 'postgres://db.example.com/x', password_env: 'MAIN_PASSWORD' } };
      await expect(call({ operation: 'test' }, { databases })).rejects.toMatchObject({
        code: 'config.invalid',
        hint: expect.stringContaining('MAIN_PASSWORD'),
      });
    });

    it('keeps to the hosts that the configuration allows', async () => {
      const host = { config: { database: { allowed_hosts: ['*.example.com'] } } };
      const at = (server: string) =>
        call({ operation: 'test', connection_string: `mysql://${server}/x` }, host);
      await expect(at('127.0.0.1:1')).rejects.toThrow('not in tools.database.allowed_hosts');
    });
  });

  it('takes older spellings', async () => {
    const input = { operation: 'SELECT', dsn: MEMORY, sql: 'SELECT :a AS a', parameters: { a: 1 } };
    expect((await call(input)).result).toMatchObject({ results: [{ a: 1 }] });
    const insert = { operation: 'query', query_type: 'insert', connection_string: MEMORY };
    expect(await call({ ...insert, query: 'CREATE TABLE t (a)' })).toMatchObject({ operation: 'execute' });
  });

  it('keeps to the limits of the configuration', async () => {
    const databases = { small: { url: MEMORY, max_rows: 2 }, quick: { url: MEMORY, timeout_seconds: 1 } };
    const use = (database: string, input: object) => call({ database, ...input }, { databases });
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)';
    const rows = await use('small', { query: `${endless} SELECT i FROM n`, max_rows: 100 });
    expect(rows.result).toMatchObject({ row_count: 2, truncated: true });
    await expect(
      use('quick', { query: `${endless} SELECT max(i) FROM n`, timeout_seconds: 60 }),
    ).rejects.toMatchObject({ code: 'component.timeout', message: expect.stringContaining('1000 ms') });
  });

  it('logs statements when told to, without the values', async () => {
    const { context, events } = testContext();
    const host = bareHost({ config: { database: { enable_query_logging: true } } });
    const input = { connection_string: MEMORY, query: 'SELECT ? AS a', params: ['value'] };
    await invoke(
      toolComponent(databaseConnector, host),
      normalizeToolInput(databaseConnector, input),
      context,
    );
    expect(events.filter(({ type }) => type === 'log')).toMatchObject([
      { level: 'info', message: 'sqlite::memory:: SELECT ?1 AS a' },
    ]);
  });

  it('writes no password into the journal', async () => {
    const { context, events } = testContext();
    const connection_string = 'postgres://app:top-secret@127.0.0.1:1/x';
    const component = toolComponent(databaseConnector, bareHost());
    const input = { operation: 'test', connection_string };
    await expect(invoke(component, input, context)).rejects.toMatchObject({ code: 'tool.failed' });
    expect(JSON.stringify(events)).not.toContain('top-secret');
  });

  it('opens no more connections than it may', async () => {
    const host = bareHost({ config: { database: { max_connections: 1 } } });
    const component = toolComponent(databaseConnector, host);
    const controller = new AbortController();
    const slow = invoke(
      component,
      {
        connection_string: MEMORY,
        query: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
      },
      testContext({ signal: controller.signal }).context,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const impatient = new AbortController();
    const query = { connection_string: MEMORY, query: 'SELECT 1 AS a' };
    const waiting = invoke(component, query, testContext().context);
    const leaving = invoke(component, query, testContext({ signal: impatient.signal }).context);
    impatient.abort(new Error('no patience'));
    await expect(leaving).rejects.toThrow('no patience');
    controller.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    expect((await waiting).result).toMatchObject({ results: [{ a: 1 }] });
  });
});
