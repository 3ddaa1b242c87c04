// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how templates and .env files write places
import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { type Grants, noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { State } from '../../state/state.js';
import { memoryStore } from '../../storage/memory.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost } from '../host.js';
import environmentManager from './environment-manager.js';
import processExecutor from './process-executor.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-environment-')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** One session: calls share its profiles. */
function session(state = new State(memoryStore())) {
  const host = bareHost({ state: async () => state });
  return async (input: Record<string, unknown>, grants: Partial<Grants> = {}, tool = environmentManager) => {
    const permissions = createPermissions({ ...noGrants(), read: [dir], ...grants }, { cwd: dir });
    const { context } = testContext({ permissions });
    return invoke(toolComponent(tool as never, host), normalizeToolInput(tool as never, input), context);
  };
}

const invalid = (text: string) => ({ code: 'input.invalid', message: expect.stringContaining(text) });

describe('environment-manager', () => {
  it('keeps variables for its session and for nobody else', async () => {
    const [one, other] = [session(), session()];
    await one({ operation: 'set', name: 'LLMSPELL_TEST_STAGE', value: 'test' });
    const get = { operation: 'get', name: 'LLMSPELL_TEST_STAGE' };
    expect(await one(get)).toMatchObject({ result: { value: 'test', found: true }, text: 'test' });
    expect(await other(get)).toMatchObject({ result: { value: null, found: false } });
    expect(process.env.LLMSPELL_TEST_STAGE).toBeUndefined();
  });

  it('keeps profiles apart', async () => {
    const call = session();
    await call({ operation: 'set', profile: 'a', variables: { X: 1, Y: true } });
    await call({ operation: 'set', profile: 'b', variables: { X: 2 } });
    expect(await call({ operation: 'list', profile: 'a' })).toMatchObject({
      result: { variables: { X: '1', Y: 'true' }, count: 2, secrets: [] },
    });
    expect(await call({ operation: 'profiles' })).toMatchObject({ result: { profiles: ['a', 'b'] } });
    expect(await call({ operation: 'diff', profile: 'a', other_profile: 'b' })).toMatchObject({
      result: { added: [], removed: ['Y'], changed: ['X'], unchanged: 0, same: false },
      text: '- Y\n~ X',
    });
    await call({ operation: 'unset', profile: 'a', names: ['X', 'NO'] });
    await call({ operation: 'clear', profile: 'b' });
    expect(await call({ operation: 'profiles' })).toMatchObject({ result: { profiles: ['a'] } });
  });

  it('saves profiles in the state', async () => {
    const state = new State(memoryStore());
    await session(state)({ operation: 'set', scope: 'saved', profile: 'p', variables: { STAGE: 'x' } });
    const later = session(state);
    expect(await later({ operation: 'list', scope: 'saved', profile: 'p' })).toMatchObject({
      result: { variables: { STAGE: 'x' } },
    });
    expect(await later({ operation: 'profiles', scope: 'saved' })).toMatchObject({
      result: { profiles: ['p'] },
    });
    await later({ operation: 'clear', scope: 'saved', profile: 'p' });
    expect(await state.keys()).toEqual([]);
  });

  it('saves no secrets', async () => {
    const state = new State(memoryStore());
    const call = session(state);
    const set = { operation: 'set', scope: 'saved', variables: { API_KEY: 'canary-value' } };
    await expect(call(set)).rejects.toMatchObject(invalid('API_KEY'));
    writeFileSync(join(dir, '.env'), 'A=1\nAPI_KEY=canary-value\nURL=http://x/?k=${API_KEY}\n');
    const load = { operation: 'load', scope: 'saved', file_path: '.env' };
    expect(await call({ ...load, interpolate: false })).toMatchObject({
      result: { loaded: ['A', 'URL'], skipped: ['API_KEY'] },
    });
    expect(JSON.stringify(await state.all(testContext().context))).not.toContain('canary');
  });

  it('loads a .env file, over or instead of what is there', async () => {
    const call = session();
    writeFileSync(join(dir, 'app.env'), 'export HOST=localhost\nURL="http://${HOST}:${PORT}"\n');
    await call({ operation: 'set', variables: { PORT: 8080, HOST: 'old' } });
    await call({ operation: 'load', file_path: 'app.env' });
    expect(await call({ operation: 'export' })).toMatchObject({
      text: 'HOST=localhost\nPORT=8080\nURL=http://localhost:8080\n',
    });
    await call({ operation: 'load', file_path: 'app.env', replace: true, interpolate: false });
    expect(await call({ operation: 'export', format: 'json' })).toMatchObject({
      text: '{\n  "HOST": "localhost",\n  "URL": "http://${HOST}:${PORT}"\n}',
    });
    expect(await call({ operation: 'diff', file_path: 'app.env', interpolate: false })).toMatchObject({
      result: { same: true, unchanged: 2 },
    });
  });

  it('reads granted files only, and says which line is wrong', async () => {
    const call = session();
    await expect(call({ operation: 'load', file_path: '/etc/environment' })).rejects.toMatchObject({
      code: 'permission.read',
    });
    writeFileSync(join(dir, 'bad.env'), 'A=1\nnot a variable\n');
    await expect(call({ operation: 'load', file_path: 'bad.env' })).rejects.toMatchObject(invalid('Line 2'));
    writeFileSync(join(dir, 'big.env'), 'A'.repeat(1_100_000));
    await expect(call({ operation: 'load', file_path: 'big.env' })).rejects.toMatchObject({
      code: 'tool.failed',
    });
  });

  it('fills in templates', async () => {
    const call = session();
    await call({ operation: 'set', variables: { NAME: 'Ada', TRICKY: '${NAME} $& $1' } });
    const expand = (template: string, more = {}) => call({ operation: 'expand', template, ...more });
    expect((await expand('Dear ${NAME}, $$5 for ${TRICKY}')).text).toBe('Dear Ada, $5 for ${NAME} $& $1');
    expect((await expand('${NO:-none} $NAME ${}')).text).toBe('none $NAME ${}');
    expect((await expand('${NO}', { missing: 'keep' })).text).toBe('${NO}');
    expect((await expand('[${NO}]', { missing: 'empty' })).text).toBe('[]');
    await expect(expand('${NO}')).rejects.toMatchObject(invalid("'NO' is not set"));
    await call({ operation: 'set', name: 'BIG', value: 'x'.repeat(30_000) });
    await expect(expand('${BIG}'.repeat(100))).rejects.toMatchObject(invalid('longer'));
  });

  describe('secrets', () => {
    const masked = async (grants: Partial<Grants>, more = {}) => {
      const call = session();
      await call({ operation: 'set', variables: { API_KEY: 'canary-value', STAGE: 'x' } });
      const asked = [
        { operation: 'get', name: 'API_KEY' },
        { operation: 'expand', template: '${API_KEY}' },
        { operation: 'export', format: 'shell' },
        { operation: 'list' },
      ];
      return Promise.all(asked.map((input) => call({ ...input, ...more }, grants)));
    };

    it('are masked, granted or not', async () => {
      for (const grants of [{}, { env: ['API_KEY'] }])
        for (const result of await masked(grants)) {
          expect(JSON.stringify(result)).not.toContain('canary');
          expect(JSON.stringify(result)).toContain('<REDACTED>');
        }
    });

    it('show when they are asked for and granted; a list never shows them', async () => {
      const [get, expand, exported, list] = await masked({ env: ['API_KEY'] }, { reveal: true });
      expect([get!.text, expand!.text]).toEqual(['canary-value', 'canary-value']);
      expect(exported!.text).toContain("export API_KEY='canary-value'");
      expect(JSON.stringify(list)).not.toContain('canary');
      await expect(masked({}, { reveal: true })).rejects.toMatchObject({
        code: 'permission.env',
        message: expect.stringContaining('not permitted'),
        hint: expect.stringContaining('--allow-env=API_KEY'),
      });
    });

    it('stay secrets under another name', async () => {
      const call = session();
      await call({ operation: 'set', variables: { API_KEY: 'canary-value' } });
      writeFileSync(join(dir, '.env'), 'COPY=see ${API_KEY}\n');
      await call({ operation: 'load', file_path: '.env', secret: false });
      const list = await call({ operation: 'list' });
      expect(list).toMatchObject({ result: { secrets: ['API_KEY', 'COPY'] } });
      expect(JSON.stringify(list)).not.toContain('canary');
    });

    it('can be declared, and denied', async () => {
      const call = session();
      await call({ operation: 'set', variables: { PLAIN: 'canary-value' }, secret: true });
      await call({ operation: 'set', variables: { AWS_REGION: 'eu-1' }, secret: false });
      expect(await call({ operation: 'list' })).toMatchObject({
        result: { variables: { AWS_REGION: 'eu-1', PLAIN: '<REDACTED>' }, secrets: ['PLAIN'] },
      });
    });

    it('reach a program that is given the profile, and are masked in what it prints', async () => {
      const call = session();
      const variables = { API_KEY: 'canary-value', STAGE: 'test' };
      await call({ operation: 'set', profile: 'deploy', variables });
      const script = 'test "$API_KEY" = canary-value && echo "key $API_KEY in $STAGE, $MORE"';
      const run = { executable: 'sh', arguments: ['-c', script], environment: { MORE: 'more' } };
      const grants = { run: ['sh'] };
      expect(
        await call({ ...run, environment_profile: 'deploy' }, grants, processExecutor as never),
      ).toMatchObject({ result: { stdout: 'key <REDACTED> in test, more\n', success: true } });
      await expect(
        call({ ...run, environment_profile: 'nothing' }, grants, processExecutor as never),
      ).rejects.toMatchObject(invalid("no environment profile 'nothing'"));
    });

    it('cannot be variables that make programs run other code', async () => {
      const call = session();
      await call({ operation: 'set', profile: 'evil', variables: { LD_PRELOAD: '/tmp/evil.so' } });
      const run = { executable: 'true', environment_profile: 'evil' };
      await expect(call(run, { run: ['true'] }, processExecutor as never)).rejects.toMatchObject(
        invalid('LD_PRELOAD'),
      );
    });
  });

  it.each([
    [{ operation: 'set' }, 'name'],
    [{ operation: 'set', name: 'A' }, 'value'],
    [{ operation: 'set', name: '1A', value: 'x' }, 'not the name'],
    [{ operation: 'set', name: 'A=B', value: 'x' }, 'not the name'],
    [{ operation: 'set', name: 'A', value: 'a\0b' }, 'NUL'],
    [{ operation: 'set', name: 'A', value: 'x'.repeat(40_000) }, 'longer'],
    [{ operation: 'list', profile: 'a:b' }, 'not the name of a profile'],
    [{ operation: 'list', profile: '' }, 'not the name of a profile'],
    [{ operation: 'load' }, 'file_path'],
    [{ operation: 'diff' }, 'other_profile'],
    [{ operation: 'expand' }, 'template'],
  ])('refuses %j', async (input, message) => {
    await expect(session()(input)).rejects.toMatchObject(invalid(message));
  });

  it('holds a thousand variables and a hundred profiles', async () => {
    const call = session();
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`V${i}`, 'x']));
    await expect(call({ operation: 'set', variables: many })).rejects.toMatchObject(invalid('1000'));
    for (let i = 0; i < 100; i++) await call({ operation: 'set', profile: `p${i}`, name: 'A', value: 'x' });
    const more = { operation: 'set', profile: 'more', name: 'A', value: 'x' };
    await expect(call(more)).rejects.toMatchObject(invalid('100'));
    expect(await call({ operation: 'profiles' })).toMatchObject({ result: { count: 100 } });
  });
});
