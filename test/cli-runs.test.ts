import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../src/storage/journal-store.js';
import { BIN, cleanEnvironment, runCli } from './support/cli.js';

let home: string;
let env: { LLMSPELL_HOME: string };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-runs-'));
  env = { LLMSPELL_HOME: join(home, 'data') };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cli = (...args: string[]) => runCli(args, { env, cwd: home });
const spell = (code: string, name = 'spell.lua') => {
  writeFileSync(join(home, name), code);
  return name;
};
const runs = async (...args: string[]): Promise<RunRecord[]> =>
  JSON.parse((await cli('runs', 'list', '--output', 'json', ...args)).stdout);

const WORK = `
local agent = Agent.create { name = "qa", model = "mock/echo" }
print(agent:execute("hello").text)
print(Tool.execute("calculator", { expression = "6*7" }).success)
pcall(Tool.execute, "file-operations", { operation = "read", path = "/etc/passwd" })
`;

/** Starts a spell and waits until it prints something. */
async function startSpell(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [BIN, 'run', spell(code)], {
    cwd: home,
    env: cleanEnvironment(home, env),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

describe('llmspell runs', () => {
  test('says so when nothing ran', async () => {
    expect((await cli('runs', 'list')).stdout).toBe('Nothing ran.\n');
    expect((await cli('runs', 'cost')).stdout).toBe('No model was called.\n');
    const { code, stderr } = await cli('runs', 'show', 'x');
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('run.not_found')]);
    expect((await cli('runs', 'tail')).code).not.toBe(0);
  });

  test('lists what ran, failed and was invoked, newest first', async () => {
    await cli('run', spell(WORK));
    await cli('run', spell('error("no")', 'bad.lua'));
    await cli('tool', 'invoke', 'calculator', '--params', '{"expression":"1+1"}');
    expect((await runs()).map(({ name, status, kind }) => `${kind} ${name} ${status}`)).toEqual([
      'tool calculator completed',
      'script bad.lua failed',
      'script spell.lua completed',
    ]);
    expect((await runs('--status', 'failed')).map(({ name }) => name)).toEqual(['bad.lua']);
    expect((await runs('--limit', '1')).length).toBe(1);
    expect(await runs('--since', '2999-01-01')).toEqual([]);
    const { code, stderr } = await cli('runs', 'list', '--since', 'yesterday');
    expect([code, stderr]).toEqual([2, expect.stringContaining("'yesterday' is no moment")]);
    expect((await cli('runs', 'list')).stdout).toMatch(/RUN +STARTED +STATUS +TIME +SPENT +NAME\n/);
  });

  test('shows a run as a tree', async () => {
    await cli('run', spell(WORK));
    const [{ run }] = (await runs()) as [RunRecord];
    const { stdout } = await cli('runs', 'show', run.slice(0, 12));
    expect(stdout).toContain('spell.lua (lua)  completed');
    expect(stdout).toMatch(/├─ printed hello\n/);
    expect(stdout).toMatch(/├─ agent:qa {2}\d+ ms {2}\d+ \+ \d+ tokens \(estimated\)\n/);
    expect(stdout).toMatch(
      /└─ tool:file-operations .*✗ permission\.read: .*\n {3}└─ refused read \/etc\/passwd\n/,
    );
    expect(stdout).not.toContain('6*7');
    expect((await cli('runs', 'show', run, '--full')).stdout).toContain('in {"input":"6*7"}');
    const document = JSON.parse((await cli('runs', 'show', run, '--output', 'json')).stdout);
    expect(document).toMatchObject({ run, tree: { path: 'run' } });
  });

  test('wants to know which run is meant', async () => {
    await cli('exec', 'return 1');
    await cli('exec', 'return 2');
    const { code, stderr } = await cli('runs', 'show', 'run_');
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('run.ambiguous')]);
  });

  test('exports the events that a run printed as JSON lines', async () => {
    const { stdout } = await cli('run', spell(WORK), '--output', 'jsonl');
    const printed = stdout.trim().split('\n').slice(0, -1);
    await cli('runs', 'export', '-o', 'out.jsonl');
    const exported = readFileSync(join(home, 'out.jsonl'), 'utf8').trim().split('\n');
    const kept = printed.filter((line) => !/"type":"(model\.delta|component\.progress)"/.test(line));
    expect(exported.map((line) => JSON.parse(line))).toEqual(kept.map((line) => JSON.parse(line)));
    const { code, stderr } = await cli('runs', 'export', '-o', 'no/such/folder/out.jsonl');
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('could not be written')]);
  });

  test('adds up costs', async () => {
    await cli('run', spell(WORK));
    await cli('run', spell(WORK));
    const { lines, total } = JSON.parse(
      (await cli('runs', 'cost', '--by', 'agent', '--output', 'json')).stdout,
    );
    expect(lines).toMatchObject([{ group: 'qa', calls: 2, usage: { source: 'estimated' } }]);
    expect(total).toMatchObject({ calls: 2 });
    expect((await cli('runs', 'cost')).stdout).toMatch(/mock\/echo +2 +\d+ +\d+ +\$0 \(estimated\)/);
  });

  test('follows a run of another process to its end', async () => {
    const child = await startSpell('print("ready") io.read("l") print("done")');
    expect(await runs('--status', 'running')).toMatchObject([
      { name: 'spell.lua', lease: { pid: child.pid } },
    ]);
    const tail = cli('runs', 'tail');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.stdin!.end('go\n');
    await ended(child);
    const lines = (await tail).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect([lines[0], lines.at(-1)]).toEqual(['run.started', 'run.finished']);
    expect(lines.filter((type) => type === 'output').length).toBe(2);
  });

  test('knows that a killed run will not end', async () => {
    const child = await startSpell('print("ready") io.read("l")');
    await runs();
    child.kill('SIGKILL');
    await ended(child);
    expect(await runs('--stale')).toMatchObject([{ name: 'spell.lua', status: 'stale' }]);
    expect((await cli('runs', 'tail')).stdout).toContain('"run.started"');
  });

  test('keeps what it is told to keep', async () => {
    writeFileSync(join(home, 'llmspell.toml'), '[runtime.journal]\ncontent = false\n');
    await cli('run', spell(WORK));
    const { stdout } = await cli('runs', 'export');
    expect(stdout).not.toMatch(/hello|6\*7/);
    writeFileSync(join(home, 'llmspell.toml'), '[runtime.journal]\nenabled = false\n');
    await cli('run', spell(WORK));
    expect((await runs()).length).toBe(1);
  });

  test('forgets old runs when told to', async () => {
    await cli('exec', 'return 1');
    expect((await cli('runs', 'prune')).stdout).toBe('Forgot 0 runs.\n');
    expect((await cli('runs', 'prune', '--older-than', '2999-01-01')).stdout).toBe('Forgot 1 runs.\n');
    expect(await runs()).toEqual([]);
  });

  test('a journal that cannot be written costs a warning, not the run', async () => {
    writeFileSync(join(home, 'data'), 'a file, not a folder');
    const { code, stdout, stderr } = await cli('exec', 'print("still works")');
    expect([code, stdout]).toEqual([0, 'still works\n']);
    expect(stderr).toContain('The journal could not be written');
    chmodSync(home, 0o700);
  });
});

test('a damaged journal is named, and what is whole can still be read', async () => {
  await cli('run', spell('print("one")'));
  await cli('run', spell('print("two")'));
  expect(await cli('runs', 'verify')).toMatchObject({ code: 0, stdout: 'The journal is whole.\n' });
  const folder = join(home, 'data', 'journal', 'default');
  const [first] = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  const path = join(folder, first!);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"type":"output"', '"type":"outp'));
  const { code, stderr } = await cli('runs', 'verify');
  expect(code).toBe(1);
  expect(stderr).toContain('journal.corrupt');
  expect(stderr).toContain(first!);
  expect(await runs()).toHaveLength(2);
});
