import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost } from '../host.js';
import { callTool } from '../run-tool.case.js';
import environmentReader from './environment-reader.js';

const environment = {
  HOME: '/home/user',
  LANG: 'C.UTF-8',
  LC_ALL: 'de_DE.UTF-8',
  EMPTY: '',
  UNSET: undefined,
  APP_MODE: 'test',
  APP_TOKEN: 'app-token-canary',
  APP_DATABASE: 'postgres://ada:url-password-canary@db/app',
  AWS_SECRET_ACCESS_KEY: 'aws-canary',
  DATABASE_PASSWORD: 'database-canary',
  API_KEY: 'api-canary',
  PRIVATE_KEY: 'private-canary',
  SSH_PRIVATE_KEY: 'ssh-canary',
  GITHUB_TOKEN: 'github-canary',
  __proto__name: 'odd',
};
const SECRETS = Object.keys(environment).filter((name) => /KEY|PASSWORD|TOKEN/.test(name));

function call(input: Record<string, unknown>, env: string[] = []) {
  const permissions = createPermissions({ ...noGrants(), env }, { cwd: '/' });
  return callTool(environmentReader, input, { permissions, host: { environment } });
}
const get = (name: string, env: string[]) => call({ operation: 'get', variable_name: name }, env);

describe('environment-reader', () => {
  it('gives a granted variable', async () => {
    expect(await get('HOME', ['HOME'])).toMatchObject({
      success: true,
      operation: 'get',
      text: '/home/user',
      result: { variable_name: 'HOME', value: '/home/user', found: true },
    });
    expect(await get('EMPTY', ['*'])).toMatchObject({ result: { value: '', found: true } });
  });

  it('tells what is not set', async () => {
    expect(await get('UNSET', ['UNSET'])).toMatchObject({ result: { value: null, found: false } });
    expect(await call({ operation: 'get', variable_name: 'NO', default: 'x' }, ['*'])).toMatchObject({
      result: { value: 'x', found: false },
    });
    expect(await get('toString', ['*'])).toMatchObject({ result: { value: null, found: false } });
    for (const [name, exists] of [
      ['HOME', true],
      ['EMPTY', true],
      ['UNSET', false],
    ] as const)
      expect(await call({ operation: 'exists', variable_name: name }, ['*'])).toMatchObject({
        result: { exists },
      });
  });

  it('takes older spellings', async () => {
    expect(await call({ operation: 'read', key: 'HOME' }, ['HOME'])).toMatchObject({
      operation: 'get',
      result: { value: '/home/user' },
    });
    expect(await call({ operation: 'list', filter: 'LC_*' }, ['*'])).toMatchObject({
      result: { variables: { LC_ALL: 'de_DE.UTF-8' }, count: 1 },
    });
  });

  it.each(['get', 'exists'])('refuses to %s what is not granted', async (operation) => {
    for (const name of ['HOME', 'PATH', 'NOT_EVEN_SET', ...SECRETS])
      await expect(call({ operation, variable_name: name }, ['LANG', 'LC_*'])).rejects.toMatchObject({
        code: 'permission.env',
        message: expect.stringContaining('not permitted'),
        hint: expect.stringContaining(`--allow-env=${name}`),
      });
  });

  it('refuses to set anything, granted or not', async () => {
    await expect(call({ operation: 'set', variable_name: 'HOME', value: '/' }, ['*'])).rejects.toMatchObject({
      code: 'permission.env',
      message: 'Setting environment variables is not permitted',
    });
  });

  it.each(SECRETS)('masks %s unless it is granted by its name', async (name) => {
    for (const grants of [['*'], [`${name.slice(0, 4)}*`]])
      expect(await get(name, grants)).toMatchObject({
        result: { value: '<REDACTED>', found: true, masked: true },
      });
    expect(await get(name, [name])).toMatchObject({ result: { value: expect.stringContaining('canary') } });
  });

  it('masks passwords in addresses unless the variable is granted by its name', async () => {
    expect((await get('APP_DATABASE', ['APP_*'])).text).toBe('postgres://ada:<REDACTED>@db/app');
    expect((await get('APP_DATABASE', ['APP_DATABASE'])).text).toContain('url-password-canary');
  });

  it('lists what is granted and never a secret', async () => {
    const all = await call({ operation: 'list' }, ['*', ...SECRETS]);
    expect(all).toMatchObject({ result: { hidden_count: SECRETS.length, truncated: false } });
    expect(JSON.stringify(all)).not.toContain('canary');
    expect(await call({ operation: 'list' }, ['HOME', 'APP_*'])).toMatchObject({
      result: { variables: { HOME: '/home/user', APP_MODE: 'test' }, count: 3, hidden_count: 1 },
    });
  });

  it('gives no more than asked for', async () => {
    const { result } = await call({ operation: 'list', limit: 2 }, ['*']);
    expect(result).toMatchObject({ count: 2, truncated: true });
  });

  it.each([
    ['HOME', ['HOME']],
    ['LC_*', ['LC_ALL']],
    ['*_MODE', ['APP_MODE']],
    ['*A*', ['APP_DATABASE', 'APP_MODE', 'LANG', 'LC_ALL']],
    ['A*_*E', ['APP_DATABASE', 'APP_MODE']],
    ['l*', []],
    ['HOME*HOME', []],
  ])('finds what matches %s', async (pattern, names) => {
    const { result } = await call({ operation: 'pattern', pattern }, ['*']);
    expect(Object.keys((result as { variables: object }).variables)).toEqual(names);
  });

  it.each([
    [{ operation: 'pattern' }, /pattern/],
    [{ operation: 'pattern', pattern: '' }, /empty/],
    [{ operation: 'pattern', pattern: '*'.repeat(300) }, /longer/],
    [{ operation: 'get' }, /variable_name/],
    [{ operation: 'get', variable_name: '' }, /not the name/],
    [{ operation: 'get', variable_name: 'A=B' }, /not the name/],
    [{ operation: 'list', limit: 0 }, /limit/],
    [{ operation: 'lst' }, /Unknown operation 'lst', did you mean 'list'/],
  ])('refuses %j', async (input, message) => {
    await expect(call(input, ['*'])).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(message),
    });
  });

  it('leaves no secret in the journal', async () => {
    const permissions = createPermissions({ ...noGrants(), env: ['API_KEY'] }, { cwd: '/' });
    const { context } = testContext({ permissions });
    await invoke(
      toolComponent(environmentReader, bareHost({ environment })),
      normalizeToolInput(environmentReader, { operation: 'get', variable_name: 'API_KEY' }),
      context,
    );
    expect(context.secrets.mask('it is api-canary')).toBe('it is <REDACTED>');
  });
});
