import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './support/cli.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  const spell = [
    'Tool.execute("uuid-generator", {})',
    'State.set("x", 1)',
    'Debug.info("hello", "app")',
    'pcall(Tool.execute, "file-operations", { operation = "read", path = "/secret" })',
  ];
  writeFileSync(join(directory, 'spell.lua'), spell.join('\n'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const cli = (args: string[], env: Record<string, string> = {}) =>
  runCli(args, { cwd: directory, env: { LLMSPELL_HOME: join(directory, 'home'), ...env } });

test('--trace logs single categories, and what the spell logs at its level', async () => {
  const tools = await cli(['run', '--no-prompt', '--trace', 'off,tool=debug', 'spell.lua']);
  expect(tools.stderr).toMatch(/DEBUG \[run\/tool:uuid-generator\]/);
  expect(tools.stderr).not.toMatch(/hello|global:x|refused/);
  const state = await cli(['run', '--no-prompt', '--trace', 'state=trace,debug=info', 'spell.lua']);
  expect(state.stderr).toMatch(/set global:x/);
  expect(state.stderr).toMatch(/INFO {2}\[app\] hello/);
});

test('the log can be JSON, by configuration', async () => {
  const env = { LLMSPELL_TRACING_FORMAT: 'json', LLMSPELL_TRACING_FILTER: 'security=info' };
  const { stderr, stdout } = await cli(['run', '--no-prompt', 'spell.lua'], env);
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ level, category }) => [level, category])).toEqual([
    ['info', 'debug'],
    ['info', 'security'],
  ]);
  expect(stdout).toBe('');
});

test('a category that is none is refused with the one that was meant', async () => {
  const { code, stderr } = await cli(['run', '--trace', 'tol=debug', 'spell.lua']);
  expect([code, stderr]).toEqual([2, expect.stringContaining("Did you mean 'tool'?")]);
});

test('run --metrics writes what was counted; runs metrics counts the journal', async () => {
  const counted =
    /llmspell_components_total\{code="permission.read",kind="tool",name="file-operations",outcome="error"\} (\d+)/;
  await cli(['run', '--no-prompt', '--metrics', 'out/metrics.txt', 'spell.lua']);
  expect(readFileSync(join(directory, 'out/metrics.txt'), 'utf8')).toMatch(counted);
  expect((await cli(['runs', 'metrics'])).stdout).toMatch(counted);
});
