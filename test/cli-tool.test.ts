import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_TOOLS } from '../src/tools/index.generated.js';
import { BIN, type CliOptions, cleanEnvironment, runCli } from './support/cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'llmspell-'));
  await writeFile(join(cwd, 'notes.md'), '# Notes\n');
});
afterAll(() => rm(cwd, { recursive: true }));

const NAMES = BUILT_IN_TOOLS.map(({ name }) => name).sort();
const tool = (args: string[], options: CliOptions = {}) => runCli(['tool', ...args], { cwd, ...options });
const json = async (args: string[], options?: CliOptions) =>
  JSON.parse((await tool([...args, '--output', 'json'], options)).stdout);

describe('tool list, search and info', () => {
  it('lists names, one per line', async () => {
    expect(await tool(['list'])).toMatchObject({ code: 0, stdout: `${NAMES.join('\n')}\n`, stderr: '' });
    expect(await json(['list'])).toEqual(NAMES);
    expect((await tool(['list', '--output', 'jsonl'])).stdout).toBe(
      NAMES.map((name) => `"${name}"\n`).join(''),
    );
  });

  it('lists bullets and a total when it should be pretty', async () => {
    const { stdout } = await tool(['list', '--format', 'pretty']);
    expect(stdout).toMatch(/^Available Tools:\n {2}• api-tester: .*\n(.*\n)* {2}• calculator: /);
    expect(stdout).toMatch(new RegExp(`\\nTotal: ${NAMES.length}\\n$`));
  });

  it('filters by category in any case', async () => {
    const names: string[] = await json(['list', '--category', 'FileSystem']);
    expect(names).toContain('file-operations');
    expect(names).not.toContain('calculator');
    expect(await json(['search', 'a', '--category', 'filesystem'])).toMatchObject({
      matches: names.map(() => ({ category: 'filesystem' })),
    });
  });

  it('finds tools by words of their descriptions, the best first', async () => {
    expect(await json(['search', 'hashes', 'md5'])).toMatchObject({
      query: 'hashes md5',
      matches: [{ name: 'hash-calculator' }],
    });
    expect((await tool(['search', 'zzz'])).stderr).toBe("No tool matches 'zzz'.\n");
  });

  it('describes a tool for people and programs', async () => {
    const { stdout } = await tool(['info', 'file_operations']);
    expect(stdout).toMatch(/^file-operations: /);
    expect(stdout).toMatch(/\nPermissions {2}read, write\n/);
    expect(stdout).toMatch(/\n {2}operation +string +required /);
    expect(stdout).toContain('{{dir}} stands for a folder');
    const info = await json(['info', 'calculator', '--show-schema']);
    expect(info).toMatchObject({ name: 'calculator', category: 'utility', schema: { type: 'object' } });
    expect(await json(['info', 'calculator'])).not.toHaveProperty('schema');
  });

  it('shows examples that work as they stand', async () => {
    const { stdout } = await tool(['info', 'hash-calculator']);
    const [, line] = /^ {2}llmspell (tool invoke .*)$/m.exec(stdout)!;
    const args = [...line!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
    expect((await runCli(args, { cwd })).code).toBe(0);
  });

  it.each(['info', 'invoke', 'test'])('%s suggests the tool that was meant', async (command) => {
    const { code, stderr } = await tool([command, 'calclator']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "[tool.not_found]: Tool 'calclator' not found\nHint: Did you mean 'calculator'?",
    );
  });
});

describe('tool invoke', () => {
  it('takes parameters as JSON, from standard input and one by one', async () => {
    const results = await Promise.all([
      json(['invoke', 'calculator', '--params', '{"input": "6 * 7"}']),
      json(['invoke', 'calculator', '--params', '-'], { input: '{"input": "6 * 7"}' }),
      json(['invoke', 'calculator', '-P', 'input=6 * 7']),
      json([
        'invoke',
        'calculator',
        '--params',
        '{"input": "x * y", "variables": {"x": 1}}',
        '-P',
        'variables={"x": 6, "y": 7}',
      ]),
    ]);
    for (const result of results)
      expect(result).toMatchObject({
        status: 'success',
        tool: 'calculator',
        result: { result: { result: 42 } },
      });
  });

  it('keeps text that looks like a number where the tool wants text', async () => {
    expect(await json(['invoke', 'calculator', '--param', 'input=42'])).toMatchObject({
      result: { result: { input: '42', result: 42 } },
    });
    expect(
      await json(['invoke', 'calculator', '--param', 'operation=add', '--param', 'a=40', '--param', 'b=2']),
    ).toMatchObject({ result: { result: { result: 42 } } });
  });

  it('prints the text of the result', async () => {
    const { code, stdout, stderr } = await tool([
      'invoke',
      'file-operations',
      '-P',
      'operation=read',
      '-P',
      'path=notes.md',
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '# Notes\n', stderr: '' });
  });

  it('prints every event and the result as JSON lines', async () => {
    const { stdout } = await tool(['invoke', 'calculator', '-P', 'input=1', '--output', 'jsonl']);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual([
      'run.started',
      'component.started',
      'component.finished',
      'run.finished',
      'result',
    ]);
  });

  it.each([
    [['--params', '{"input":'], 2, 'usage.invalid', /^Invalid JSON: /],
    [['--params', '[1]'], 2, 'usage.invalid', /^--params needs a JSON object/],
    [['--param', 'input'], 2, 'usage.invalid', /^--param needs NAME=VALUE/],
    [['--timeout', '-1', '-P', 'input=1'], 2, 'usage.invalid', /^--timeout needs a positive number/],
    [['-P', 'inptu=1'], 2, 'usage.invalid', /^calculator has no parameter 'inptu'/],
    [['--params', '{"operation": "ad"}'], 1, 'input.invalid', /^Unknown operation 'ad'/],
  ])('refuses %j', async (args, exit, code, message) => {
    const result = await tool(['invoke', 'calculator', ...args, '--output', 'json']);
    expect(result).toMatchObject({ code: exit, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({
      status: 'error',
      error: { code, message: expect.stringMatching(message) },
    });
  });

  it('grants what is granted, and nothing else', async () => {
    const read = ['invoke', 'file-operations', '-P', 'operation=read', '-P', 'path=/etc/hostname'];
    const refused = await tool(read);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toContain(`Hint: Grant it with --allow-read=/etc/hostname`);
    expect(await tool([...read, '--allow-read=/etc/hostname'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('ends on Ctrl-C, and closes what it had opened', async () => {
    const server = createServer(() => {});
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const home = await mkdtemp(join(tmpdir(), 'llmspell-'));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const args = ['tool', 'invoke', 'http-requester', '-P', `input=${url}`, '--allow-net=127.0.0.1'];
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: cleanEnvironment(home) });
    try {
      const [request] = await once(server, 'request');
      const closed = once(request.socket, 'close');
      child.kill('SIGINT');
      const [[code]] = await Promise.all([once(child, 'close'), closed]);
      expect(code).toBe(130);
    } finally {
      child.kill('SIGKILL');
      server.close();
      server.closeAllConnections();
      await rm(home, { recursive: true });
    }
  });
});

describe('tool test', () => {
  it('passes for every tool', async () => {
    const { code, stdout } = await tool(['test', '--output', 'json'], { timeoutMs: 60_000 });
    const report = JSON.parse(stdout);
    expect(
      report.tools.flatMap((one: { samples: { problem?: string }[] }) =>
        one.samples.filter(({ problem }) => problem),
      ),
    ).toEqual([]);
    expect(report).toMatchObject({ status: 'success', failed: 0, tools: NAMES.map((tool) => ({ tool })) });
    expect(code).toBe(0);
  });

  it('tests those that are named, with what they gave', async () => {
    const { code, stdout } = await tool(['test', 'calculator', 'hash_calculator', '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^calculator\n {2}pass {2}Evaluate an expression\n {8}/);
    expect(stdout).toMatch(/samples of 2 tools: \d+ passed, 0 failed\n$/);
  });
});
