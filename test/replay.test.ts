import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import type { ModelServer } from './support/model-server.js';
import { startOpenAiServer } from './support/openai-server.js';

/** Everything a spell may hold when it goes on live: an agent, a hook, a hook taken back, a tool, a module's random numbers. */
const SPELLS = {
  'spell.lua': `
local agent = Agent.create({name = "writer", model = "openai/m"})
Hook.register("BeforeToolExecution", function(c) print("  before", c.component_id.name) end)
Hook.register("BeforeToolExecution", function(c) print("  never") end):unregister()
Tool.register({name = "note", description = "d", execute = function(i) return {text = "noted " .. i.text} end})
print(math.random(1000000), Tool.execute("note", {text = "1"}).text)
print("answer", agent:execute("first").text)
print("key", os.getenv("SERVICE_API_KEY"))
print(math.random(1000000), Tool.execute("note", {text = "2"}).text)
print("answer", agent:execute("second").text)
`,
  'spell.js': `
const agent = Agent.create({name: "writer", model: "openai/m"});
Hook.register("BeforeToolExecution", (c) => { print("  before", c.component_id.name); });
Hook.register("BeforeToolExecution", (c) => { print("  never"); }).unregister();
Tool.register({name: "note", description: "d", execute: (i) => ({text: "noted " + i.text})});
print(Math.random(), Tool.execute("note", {text: "1"}).text);
print("answer", agent.execute("first").text);
print("key", Tool.execute("environment-reader", {operation: "get", variable_name: "SERVICE_API_KEY"}).success);
print(Math.random(), Tool.execute("note", {text: "2"}).text);
print("answer", agent.execute("second").text);
`,
};
type Spell = keyof typeof SPELLS;
const KEY = 'kx-5a6b7c8d9e0f';

let directory: string;
let server: ModelServer;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  server = await startOpenAiServer({
    turns: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].map((text) => ({ text })),
  });
  write('llmspell.toml', `[providers.openai]\napi_key = "k"\nbase_url = "${server.url}"\nmax_retries = 0\n`);
  for (const [name, code] of Object.entries(SPELLS)) write(name, code);
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const write = (name: string, content: string) => writeFileSync(join(directory, name), content);
const read = (name: string) => readFileSync(join(directory, name), 'utf8');
const run = (...args: string[]) =>
  runCli(args, {
    cwd: directory,
    env: { HOME: directory, LLMSPELL_HOME: join(directory, 'home'), SERVICE_API_KEY: KEY },
  });

describe.each(Object.keys(SPELLS) as Spell[])('a run of %s', (spell) => {
  const file = `${spell}.jsonl`;

  test('goes on live from a step, and what is new is recorded with what was', async () => {
    const recorded = await run('run', '--allow-env', '--record', file, spell);
    expect(recorded).toMatchObject({ code: 0, stderr: '' });
    const before = server.requests.length;
    const forked = await run(
      'run',
      '--allow-env',
      '--replay',
      file,
      '--fork-at',
      'run/tool:note[2]',
      '--record',
      `new-${file}`,
    );
    expect(forked).toMatchObject({ code: 0, stderr: '' });
    // Only what comes after the step has asked the model, and the objects from before it work.
    expect(server.requests).toHaveLength(before + 1);
    const [first, second] = [recorded.stdout.split('answer'), forked.stdout.split('answer')];
    expect(second.slice(0, 2)).toEqual(first.slice(0, 2));
    expect(second[2]).not.toBe(first[2]);
    expect(forked.stdout).toContain('noted 2');
    expect(forked.stdout).not.toContain('never');

    const replayed = await run('replay', `new-${file}`);
    expect(replayed.stdout).toBe(forked.stdout.replace(KEY, 'MASKED-SECRET-1'));
    expect(read(`new-${file}`)).not.toContain(KEY);
    expect(server.requests).toHaveLength(before + 1);
    const steps = (name: string) =>
      read(name)
        .split('\n')
        .filter((line) => line.includes('"t":"step"'))
        .sort();
    expect(steps(`new-${file}`)).toEqual(steps(file));
  });

  test('can be looked at, step by step', async () => {
    const { code, stdout } = await run('replay', 'show', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^spell\.(lua|js) \((lua|javascript)\), \d+ crossings\n/);
    expect(stdout).toMatch(/\n *\d+ {2}Tool\.execute\("note", \{"text":"2"\}\) {2}run\/tool:note\[2\]\n/);
    expect(stdout).toMatch(/\n\s*\d+ {4}a callback of function \d+/);
    const json = JSON.parse((await run('replay', 'show', file, '--output', 'json')).stdout) as {
      whole: boolean;
      crossings: { id: number; member?: string }[];
    };
    expect(json.whole).toBe(true);
    expect(json.crossings.map(({ id }) => id)).toEqual(json.crossings.map((_, index) => index + 1));
  });

  test('cannot go on from a step that it did not take, or halfway', async () => {
    const unknown = await run('run', '--replay', file, '--fork-at', 'run/tool:other');
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toContain(
      "Error [replay.step_not_found]: The recording has no step 'run/tool:other'",
    );
    expect(unknown.stderr).toMatch(/Steps: 1, .*\(run\/tool:note\), .*\(run\/agent:writer\[2\]\)/);
    const inside = await run('run', '--replay', file, '--fork-at', 'run/agent:writer/model:m');
    expect(inside.stderr).toContain('[replay.step_not_found]');
  });

  test('that was killed goes on from where its recording breaks off', async () => {
    const lines = read(file).split('\n');
    const last = lines.findIndex((line) => line.includes('"second"') && line.includes('"t":"call"'));
    write('cut.jsonl', `${lines.slice(0, last + 1).join('\n')}\n{"t":"resu`);
    expect((await run('replay', 'cut.jsonl')).stderr).toContain('[replay.invalid]');
    const { stdout } = await run('replay', 'show', 'cut.jsonl');
    expect(stdout).toMatch(/, breaks off\n/);
    const number = /(\d+) {2}agent:1\.execute\("second"\) .*\(no end\)/.exec(stdout)![1]!;
    const { code, stdout: printed } = await run(
      'run',
      '--allow-env',
      '--replay',
      'cut.jsonl',
      '--fork-at',
      number,
    );
    expect({ code, printed }).toMatchObject({ code: 0, printed: expect.stringContaining('noted 2\nanswer') });
  });

  test('is tried with a changed script', async () => {
    write(`changed-${spell}`, SPELLS[spell].replace('"2"', '"zwei"'));
    const { code, stderr } = await run('replay', file, '--script', `changed-${spell}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error \[replay\.diverged\]: Crossing \d+: .*\(argument 2\.text: "2" became "zwei"\)/,
    );
    expect(stderr).toContain(`${spell}:`);
  });
});

describe('a folder of recordings', () => {
  beforeAll(async () => {
    mkdirSync(join(directory, 'recordings', 'more'), { recursive: true });
    write(
      'zone.lua',
      'print(os.date("%H:%M", 0)) print(Tool.execute("calculator", {input = "1"}).text) error("as ever")',
    );
    write('quiet.lua', 'State.set("x", 1) print("quiet")');
    for (const [TZ, name] of [
      ['Asia/Tokyo', 'tokyo'],
      ['America/New_York', 'more/york'],
    ] as const)
      await runCli(['run', '--record', `recordings/${name}.jsonl`, 'zone.lua'], {
        cwd: directory,
        env: { HOME: directory, TZ },
      });
    await run('run', '--record', 'recordings/quiet.jsonl', 'quiet.lua');
  });

  test('is checked: a line for each, those that fail as they did are in order', async () => {
    const { code, stdout, stderr } = await run('replay', '--check', 'recordings');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'ok    recordings/more/york.jsonl  1 crossing',
      'ok    recordings/quiet.jsonl  1 crossing',
      'ok    recordings/tokyo.jsonl  1 crossing',
    ]);
  });

  test('in which one differs or is broken fails, with the first difference of each', async () => {
    const whole = read('recordings/quiet.jsonl');
    write('recordings/quiet.jsonl', whole.replace('"text":"quiet\\n"', '"text":"loud\\n"'));
    write('recordings/broken.jsonl', whole.split('\n').slice(0, 3).join('\n'));
    const { code, stdout } = await run('replay', '--check', 'recordings');
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  recordings/broken.jsonl\n      The recording');
    expect(stdout).toContain(
      'FAIL  recordings/quiet.jsonl\n      Crossing 1: expected the output "loud\\n", but got the output "quiet\\n"',
    );
    expect(stdout).toContain('ok    recordings/tokyo.jsonl');
    const json = await run('replay', '--check', 'recordings', '--output', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject([
      { error: { code: 'replay.invalid' } },
      { file: 'recordings/more/york.jsonl', crossings: 1 },
      { error: { code: 'replay.diverged', details: { crossing: 1 } } },
      {},
    ]);
  });

  test('that is empty or not there is an error', async () => {
    mkdirSync(join(directory, 'nothing'));
    expect((await run('replay', '--check', 'nothing')).stderr).toContain('Error [replay.nothing]');
    expect((await run('replay', '--check', 'missing')).stderr).toContain('Error [replay.invalid]');
  });
});

describe('the hooks of a session', () => {
  beforeAll(async () => {
    const guard = (limit: number) =>
      `Hook.register("BeforeToolExecution", function(c) if #c.data.input.input > ${limit} then return {type = "cancel", reason = "long"} end end)\n`;
    const work = 'for _, t in ipairs({"1+1", "1+1+1"}) do pcall(Tool.execute, "calculator", {input = t}) end';
    write('strict.lua', guard(3));
    write('mild.lua', guard(100));
    write('work.lua', `Session.set_current(Session.create({name = "guarded"}))\n${guard(3)}${work}`);
    expect(await run('run', 'work.lua')).toMatchObject({ code: 0 });
  });

  test('are shown as they answered', async () => {
    const { code, stdout } = await run('session', 'replay', 'guarded');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok {4}BeforeToolExecution {2}run\/tool:calculator\[2\] .*"reason":"long"/);
    expect(stdout).toContain('2 hooks, 0 failed');
  });

  test('are compared with those of a spell', async () => {
    expect(await run('session', 'replay', 'guarded', '--hooks', 'strict.lua')).toMatchObject({
      code: 0,
      stdout: '2 hooks, 0 failed\n',
    });
    const changed = await run('session', 'replay', 'guarded', '--hooks', 'mild.lua');
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/difference in 2 .*kind: "cancel" became "continue"/);
    expect((await run('session', 'replay', 'unknown')).stderr).toContain('Error [session.not_found]');
  });
});

test.each([
  [['replay'], 'usage.invalid'],
  [['run', '--fork-at', '1', 'spell.lua'], 'usage.invalid'],
  [['run', '--replay', 'spell.lua.jsonl', '--record', 'x.jsonl'], 'usage.invalid'],
  [['replay', 'missing.jsonl'], 'replay.invalid'],
  [['replay', 'show', 'spell.lua'], 'replay.invalid'],
])('%j is refused', async (args, code) => {
  const { code: exit, stderr } = await run(...args);
  expect(stderr).toContain(`Error [${code}]`);
  expect(exit).not.toBe(0);
});
