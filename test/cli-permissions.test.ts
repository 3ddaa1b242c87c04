import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './support/cli.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  await writeFile(join(folder, 'a.txt'), 'inside');
});
afterEach(() => rm(folder, { recursive: true }));

const cli = (...args: string[]) =>
  runCli(args, { cwd: folder, env: { LLMSPELL_HOME: join(folder, 'data') } });
const configure = (toml: string) => writeFile(join(folder, 'llmspell.toml'), toml);
const read = (path: string) =>
  `print(Tool.execute("file-operations", { operation = "read", path = "${path}" }).text)`;

describe('levels', () => {
  it('safe reaches nothing, whatever is granted', async () => {
    const { code, stderr } = await cli('exec', '--level', 'safe', '--allow-read', read('a.txt'));
    expect(code).toBe(5);
    expect(stderr).toContain('[permission.read]');
    expect(stderr).toMatch(/Hint: The level is safe.*--level/);
    expect((await cli('exec', '--level', 'safe', '6 * 7')).stdout).toBe('42\n');
  });

  it('restricted reaches what is granted, privileged everything', async () => {
    expect((await cli('exec', '--level', 'restricted', read('/etc/passwd'))).code).toBe(5);
    expect((await cli('exec', '--level', 'privileged', read('/etc/passwd'))).stdout).toContain('root');
    await configure('[permissions]\nlevel = "safe"\n');
    expect((await cli('exec', read('a.txt'))).code).toBe(5);
    expect((await cli('exec', '--level', 'restricted', read('a.txt'))).stdout).toContain('inside');
  });
});

describe('tools that the configuration limits', () => {
  it('are refused when they are switched off, one or all', async () => {
    await configure('[tools.http_requester]\nenabled = false\n');
    const off = await cli('tool', 'invoke', 'http-requester', '--params', '{"input":"http://127.0.0.1/"}');
    expect(off.stderr).toContain('[tool.disabled]');
    expect((await cli('exec', read('a.txt'))).code).toBe(0);
    await configure('[tools]\nenabled = false\n');
    expect((await cli('exec', read('a.txt'))).stderr).toContain('[tool.disabled]');
  });

  it('are called no more often than a minute allows', async () => {
    await configure('[tools]\nrate_limit_per_minute = 2\n');
    const { stderr } = await cli('exec', `for i = 1, 3 do ${read('a.txt')} end`);
    expect(stderr).toContain('[limit.rate]');
  });

  it('take no longer than one call may', async () => {
    await configure('[runtime.security]\nmax_execution_time_ms = 200\n[permissions]\nrun = ["sleep"]\n');
    const { stderr } = await cli(
      'exec',
      'Tool.execute("process-executor", { executable = "sleep", arguments = { "20" } })',
    );
    expect(stderr).toContain('[component.timeout]');
  });
});

describe('secrets', () => {
  it('of the environment and the configuration are masked in events and errors', async () => {
    await configure('[providers.openai]\nprovider_type = "openai"\napi_key = "canary-key-0815"\n');
    const code = 'Debug.error("the key is canary-key-0815") error("canary-key-0815 and canary-token-4711")';
    const env = { LLMSPELL_HOME: join(folder, 'data'), SERVICE_TOKEN: 'canary-token-4711' };
    const { stdout, stderr } = await runCli(['exec', '--output', 'jsonl', '--trace', 'debug', code], {
      cwd: folder,
      env,
    });
    expect(stdout).toContain('<REDACTED>');
    expect(stdout + stderr).not.toMatch(/canary-(key|token)/);
  });
});

describe('features', () => {
  it('are listed with what they add and how they are installed', async () => {
    const { stdout } = await cli('features', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'images', needs: { package: 'sharp' }, install: 'npm install sharp' },
      { name: 'ffmpeg', needs: { program: 'ffmpeg' } },
    ]);
    const env = { PATH: '/nowhere' };
    expect((await runCli(['features'], { cwd: folder, env })).stdout).toMatch(
      /ffmpeg +missing .*Install it with: /,
    );
  });
});
