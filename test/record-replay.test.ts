import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeHash } from '../src/kernel/recording.js';
import { runCli } from './support/cli.js';
import type { ModelServer } from './support/model-server.js';
import { startOpenAiServer } from './support/openai-server.js';

/** Everything in it that could differ from run to run shows in what it prints. */
const SPELLS = {
  'spell.lua': `
local module = require("module")
print("time", os.time(), os.clock() > 0, os.date("%Y-%m-%d %H:%M:%S"), os.time { year = 2020, month = 1, day = 1 })
print("random", math.random(), math.random(1, 1000000), tostring({}))
print("uuid", Tool.execute("uuid-generator", { operation = "generate" }).text)
print("file", io.open("input.txt"):read("a"), module.name, os.getenv("HOME"))
print("missing", io.open("missing.txt"))
print("refused", pcall(io.open, "/etc/passwd"))
print("stdin", io.read("l"), io.read("a"))
State.save("global", "count", (State.load("global", "count") or 0) + 1)
print("state", State.load("global", "count"))
local order = {}
Tool.register { name = "note", description = "Notes the time.", execute = function(given)
  order[#order + 1] = given.text
  return { noted = given.text, at = os.time(), more = Tool.execute("uuid-generator", { operation = "generate" }).text }
end }
print("callback", JSON.stringify(Tool.execute("note", { text = "first" }).result))
print("failing", pcall(Tool.execute, "note", 5))
local agent = Agent.create { name = "a", model = "openai/m", allowed_tools = { "note", "calculator" } }
print("agent", agent:execute("What is 6*7?").text)
agent:invokeStream("Say it slowly.", function(chunk) io.write("<", chunk.text or "", ">") end)
print()
local mock = Agent.create { name = "b", model = "mock/echo" }
print("mock", mock:execute("hello").text)
mock = nil
collectgarbage()
print("order", table.concat(order, " "))
local co = coroutine.wrap(function() coroutine.yield(Tool.execute("calculator", { expression = "1+1" }).text) end)
print("coroutine", co())
return { time = os.time() }
`,
  'spell.js': `
import { name } from './module.js';
print('time', Date.now(), new Date().toISOString(), performance.now() >= 0);
print('random', Math.random(), Math.random());
print('uuid', Tool.execute('uuid-generator', { operation: 'generate' }).text);
print('file', Tool.execute('file-operations', { operation: 'read', path: 'input.txt' }).text, name);
try { Tool.execute('file-operations', { operation: 'read', path: '/etc/passwd' }); } catch (error) { print('refused', error.code, error.message); }
State.save('global', 'count', (State.load('global', 'count') ?? 0) + 1);
print('state', State.load('global', 'count'));
const order = [];
Tool.register({ name: 'note', description: 'Notes the time.', execute: (given) => {
  order.push(given.text);
  return { noted: given.text, at: Date.now(), more: Tool.execute('uuid-generator', { operation: 'generate' }).text };
} });
print('callback', JSON.stringify(Tool.execute('note', { text: 'first' }).result));
const agent = Agent.create({ name: 'a', model: 'openai/m', allowed_tools: ['note', 'calculator'] });
print('agent', agent.execute('What is 6*7?').text);
agent.invokeStream('Say it slowly.', (chunk) => { print('<' + (chunk.text ?? '') + '>'); });
print('mock', Agent.create({ name: 'b', model: 'mock/echo' }).execute('hello').text);
setTimeout(() => print('timer', Date.now()), 5);
await new Promise((done) => setTimeout(done, 10));
print('order', order.join(' '));
`,
};
type Spell = keyof typeof SPELLS;

let directory: string;
let server: ModelServer;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  write('input.txt', 'what was in the file');
  write('module.lua', 'return { name = "a module", at = os.time() }');
  write('module.js', 'export const name = "a module";');
  for (const [name, code] of Object.entries(SPELLS)) write(name, code);
  server = await startOpenAiServer({
    turns: [
      {
        toolCalls: [
          { name: 'note', arguments: { text: 'second' } },
          { name: 'note', arguments: { text: 'third' } },
          { name: 'calculator', arguments: { expression: '6*7' } },
        ],
      },
      { text: 'It is 42.' },
      { text: ['For', 'ty-', 'two.'] },
    ],
  });
  write('llmspell.toml', `[providers.openai]\napi_key = "k"\nbase_url = "${server.url}"\nmax_retries = 0\n`);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const write = (name: string, content: string) => writeFileSync(join(directory, name), content);
const read = (name: string) => readFileSync(join(directory, name), 'utf8');
const run = (...args: string[]) =>
  runCli(args, {
    cwd: directory,
    input: 'a line\nthe rest',
    env: { HOME: directory },
  });
const record = (spell: Spell, ...more: string[]) =>
  run('run', '--record', 'run.jsonl', '--allow-env=HOME', spell, ...more);

/** The script that is replayed is the one in the recording's first line. */
function changeRecordedScript(from: string, to: string): void {
  const [first, ...entries] = read('run.jsonl').split('\n');
  const header = JSON.parse(first!) as { source: { code: string } };
  const code = header.source.code.replace(from, to);
  expect(code).not.toBe(header.source.code);
  const changed = { ...header, source: { ...header.source, code }, hash: codeHash(code) };
  write('run.jsonl', [JSON.stringify(changed), ...entries].join('\n'));
}

/** Takes away everything that the spell has read. */
async function removeTheWorld(spell: Spell): Promise<void> {
  await server.close();
  for (const name of ['input.txt', 'module.lua', 'module.js', 'llmspell.toml', spell])
    rmSync(join(directory, name));
}

describe.each(Object.keys(SPELLS) as Spell[])('%s', (spell) => {
  test('is replayed byte for byte, without its files and its provider', async () => {
    const recorded = await record(spell);
    expect(recorded).toMatchObject({ code: 0, stderr: '' });
    expect(recorded.stdout).toContain('It is 42.');
    expect(server.requests).toHaveLength(3);
    await removeTheWorld(spell);
    const replayed = await run('run', '--replay', 'run.jsonl');
    expect(replayed).toEqual(recorded);
    expect(await run('run', '--replay', 'run.jsonl')).toEqual(recorded);
  });

  test('is replayed with the script named, as long as it is the same', async () => {
    const recorded = await record(spell);
    expect(await run('run', '--replay', 'run.jsonl', spell)).toEqual(recorded);
    write(spell, `${read(spell)}\n`);
    const changed = await run('run', '--replay', 'run.jsonl', spell);
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain('Error [replay.diverged]');
  });

  test('diverges where it does something else, and says where', async () => {
    await record(spell);
    // A number, so that the script takes no other place in memory.
    changeRecordedScript('0) + 1', '0) + 2');
    const { code, stderr } = await run('run', '--replay', 'run.jsonl');
    expect(code).toBe(1);
    expect(stderr).toContain('Error [replay.diverged]');
    expect(stderr).toMatch(
      /Crossing \d+: expected State\.save\(.*, 1\), but got .*\(argument 3: 1 became 2\)/,
    );
  });

  test('does not begin with a recording that was cut off', async () => {
    await record(spell);
    const whole = read('run.jsonl');
    for (const share of [0.1, 0.5, 0.9]) {
      const cut = whole.slice(0, Math.floor(whole.length * share));
      write('cut.jsonl', cut.slice(0, share === 0.5 ? cut.lastIndexOf('\n') + 1 : -3));
      const { code, stderr } = await run('run', '--replay', 'cut.jsonl');
      expect({ code, stderr }, `cut at ${share}`).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Error [replay.invalid]') as string,
      });
    }
  });

  test('an error is replayed too', async () => {
    write(spell, 'Tool.execute("no-such-tool", {})');
    const recorded = await record(spell);
    expect(recorded.stderr).toContain('tool.not_found');
    expect(await run('run', '--replay', 'run.jsonl')).toEqual(recorded);
  });
});

test('a script cannot swallow that it diverged', async () => {
  write('spell.lua', 'pcall(Tool.execute, "calculator", { expression = "1+1" }) print("the end")');
  await record('spell.lua');
  changeRecordedScript('1+1', '2+2');
  const { code, stderr } = await run('run', '--replay', 'run.jsonl');
  expect(stderr).toContain('Error [replay.diverged]: Crossing 1: ');
  expect(code).toBe(1);
});

test('arguments of the script are part of the recording', async () => {
  write('spell.lua', 'print(ARGS[1], ARGS.mode, arg[1])');
  const recorded = await record('spell.lua', '--mode', 'fast', 'input');
  expect(recorded.stdout).toBe('input\tfast\tinput\n');
  expect(await run('run', '--replay', 'run.jsonl')).toEqual(recorded);
});

test.each([
  ['nothing', ''],
  ['text', 'hello\n'],
  ['other JSON', '{"a":1}\n{"b":2}\n'],
  ['another version', '{"llmspell":1,"source":{"code":"print(1)","name":"x"},"language":"lua"}\n'],
  ['a header that lacks parts', '{"llmspell":2,"source":{"code":"print(1)"}}\n'],
  [
    'entries of an unknown kind',
    '{"llmspell":2,"language":"lua","source":{"code":"print(1)","name":"x"},"hash":"","seed":1}\n{"t":"nonsense"}\n',
  ],
  ['a list', '[]\n'],
  ['null', 'null\n'],
])('%s is no recording', async (_, content) => {
  write('foreign.jsonl', content);
  const { code, stderr } = await run('run', '--replay', 'foreign.jsonl');
  expect(stderr).toContain('Error [replay.invalid]');
  expect(code).toBe(1);
});

test('a recording that is not there', async () => {
  const { code, stderr } = await run('run', '--replay', 'missing.jsonl');
  expect(stderr).toContain('Error [replay.invalid]');
  expect(code).toBe(1);
});

test('a recording that cannot be written', async () => {
  const { code, stderr } = await run('run', '--record', 'no/such/folder/run.jsonl', 'spell.lua');
  expect(stderr).toMatch(/Error \[[a-z_.]+\].*run\.jsonl/);
  expect(stderr).not.toContain('internal.error');
  expect(code).toBe(1);
});

test('what stopped the script stops it again, at the same call', async () => {
  write('stopped.lua', 'for i = 1, 6 do print(i, (pcall(Tool.execute, "calculator", { input = "1" }))) end');
  const recorded = await run('run', '--budget-calls', '2', '--record', 'run.jsonl', 'stopped.lua');
  expect(recorded).toMatchObject({ code: 4, stdout: '1\ttrue\n2\ttrue\n' });
  expect(await run('run', '--replay', 'run.jsonl')).toMatchObject({ code: 4, stdout: recorded.stdout });
});

test.each([
  ['lua', 'print(os.date("%H", 0))'],
  ['js', 'print(new Date(0).getHours())'],
])('dates read as they did, in another time zone (%s)', async (ending, code) => {
  write(`zone.${ending}`, code);
  const inZone = (TZ: string, ...args: string[]) =>
    runCli(args, { cwd: directory, env: { HOME: directory, TZ } });
  const recorded = await inZone('UTC', 'run', '--record', 'run.jsonl', `zone.${ending}`);
  const replayed = await inZone('Asia/Tokyo', 'run', '--replay', 'run.jsonl');
  expect(replayed).toMatchObject({ code: 0, stdout: recorded.stdout });
});
