import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { Config, DeepPartial } from '../config/types.js';
import type { Language } from '../script/protocol.js';
import { createPermissions } from '../security/permissions.js';
import type { ExecuteRequest } from './execution.js';
import { Kernel } from './kernel.js';
import { Recorder } from './recorder.js';
import { codeHash, readRecording } from './recording.js';
import { Replayer } from './replayer.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  file = join(directory, 'run.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Played {
  printed: string;
  ok: boolean;
  text: string | undefined;
  error: { code: string; message: string } | undefined;
}

/** A kernel that may read and write nothing outside of its folder; one without grants may nothing at all. */
async function makeKernel(
  granted: boolean,
  env: Record<string, string> = {},
  more: DeepPartial<Config> = {},
) {
  const environment = { LLMSPELL_HOME: directory, ...env };
  const overrides = { ...more, runtime: { state_persistence: { backend_type: 'memory' as const } } };
  const config = await loadConfig({ cwd: directory, home: directory, env: environment, overrides });
  const paths = granted ? [directory] : [];
  const names = granted ? Object.keys(env) : [];
  const grants = { read: paths, write: paths, net: [], run: [], env: names, db: [] };
  return new Kernel({
    config,
    permissions: createPermissions(grants, { cwd: directory }),
    cwd: directory,
    environment,
  });
}

type Options = Partial<ExecuteRequest> & { env?: Record<string, string>; config?: DeepPartial<Config> };

async function play(kernel: Kernel, mode: object, request: ExecuteRequest): Promise<Played> {
  let printed = '';
  const session = kernel.createSession(mode);
  const { ok, text, error } = await session.execute({
    ...request,
    onMessage: (message) => {
      if (message.type === 'stream') printed += `${message.name === 'stderr' ? '!' : ''}${message.text}`;
    },
  });
  await kernel.shutdown();
  return { printed, ok, text, error: error && { code: error.code, message: error.message } };
}

async function record(language: Language, code: string, { env, config, ...more }: Options = {}) {
  const source = { code, name: 'spell' };
  return play(
    await makeKernel(true, env, config),
    {
      tape: (request: ExecuteRequest, seed: number, { secrets }: { secrets: never }) =>
        new Recorder(
          file,
          { llmspell: 2, language, source: request.source, hash: codeHash(code), seed },
          secrets,
        ),
    },
    { language, source, ...more },
  );
}

/** Replays in a kernel that is granted nothing. */
async function replay(): Promise<Played & { failure: string | undefined }> {
  const recording = readRecording(file);
  const { language, source, seed } = recording.header;
  let replayer: Replayer | undefined;
  const tape = (_request: ExecuteRequest, _seed: number, target: never) => {
    replayer = new Replayer(recording, target);
    return replayer;
  };
  const mode = { seed, effects: recording.effects, tape };
  const played = await play(await makeKernel(false), mode, { language, source });
  return { ...played, failure: replayer?.failure?.message };
}

const LUA = {
  tools:
    'print(Tool.execute("calculator", {input = "6*7"}).result.result) return Tool.execute("uuid-generator", {operation = "generate"}).text',
  files:
    'local f = assert(io.open("a.txt", "w")) f:write("kept") f:close() print(io.open("a.txt"):read("a"))',
  agent: 'print(Agent.create({name = "a", model = "mock/echo"}):execute("hello").text)',
  stream:
    'Agent.create({name = "a", model = "mock/echo"}):invokeStream("one two", function(c) io.write("<", tostring(c.text), ">") end)',
  state: 'State.save("global", "n", 1) print(State.load("global", "n")) print(State.load("global", "none"))',
  random: 'print(math.random(1e9), math.random(1e9), tostring({}))',
  clock: 'local a = os.clock() for i = 1, 1e4 do end print(os.time(), os.clock() - a, os.date("%c"))',
  events:
    'Event.on("n", function(e) print("got", e.data, State.load("global", "x")) end) Event.publish("n", 1) Event.publish("n", 2) print("published")',
  hooks:
    'Hook.register("BeforeToolExecution", function(c) print("before", c.component_id.name, Tool.list()[1] ~= nil) return {type = "modified", data = {input = {input = "2*3"}}} end) print(Tool.execute("calculator", {input = "1"}).text)',
  shutdown:
    'Hook.register("SystemShutdown", function(c) print("bye", State.load("global", "x")) end) print("hello")',
  tool: 'Tool.register({name = "note", description = "d", execute = function(i) print("noted", i.text) return {text = i.text .. os.time()} end}) print(Tool.execute("note", {text = "x"}).text)',
  errors: 'print(pcall(Tool.execute, "no-such", {})) io.stderr:write("to stderr\\n") error("boom")',
  failing:
    'Event.on("n", function() print("in") error("no") end) Event.publish("n") Event.drain() print(#Event.dead_letters())',
  exit: 'print("a") os.exit(3)',
  result: 'return {1, 2, {a = "b"}}',
};
const JAVASCRIPT: Record<keyof typeof LUA, string> = {
  tools:
    'print(Tool.execute("calculator", {input: "6*7"}).result.result); Tool.execute("uuid-generator", {operation: "generate"}).text',
  files:
    'Tool.execute("file-operations", {operation: "write", path: "a.txt", content: "kept"}); print(Tool.execute("file-operations", {operation: "read", path: "a.txt"}).text)',
  agent: 'print(Agent.create({name: "a", model: "mock/echo"}).execute("hello").text)',
  stream:
    'Agent.create({name: "a", model: "mock/echo"}).invokeStream("one two", (c) => print("<" + c.text + ">"))',
  state:
    'State.save("global", "n", 1); print(State.load("global", "n")); print(State.load("global", "none"))',
  random: 'print(Math.random(), Math.random())',
  clock:
    'const a = performance.now(); for (let i = 0; i < 1e4; i++); print(Date.now(), performance.now() - a, new Date().toString()); await new Promise((r) => setTimeout(r, 5)); print(Date.now())',
  events:
    'Event.on("n", (e) => print("got", e.data, State.load("global", "x"))); Event.publish("n", 1); Event.publish("n", 2); print("published")',
  hooks:
    'Hook.register("BeforeToolExecution", (c) => { print("before", c.component_id.name, Tool.list()[0] !== undefined); return {type: "modified", data: {input: {input: "2*3"}}} }); print(Tool.execute("calculator", {input: "1"}).text)',
  shutdown: 'Hook.register("SystemShutdown", (c) => print("bye", State.load("global", "x"))); print("hello")',
  tool: 'Tool.register({name: "note", description: "d", execute: (i) => { print("noted", i.text); return {text: i.text + Date.now()} }}); print(Tool.execute("note", {text: "x"}).text)',
  errors: 'try { Tool.execute("no-such", {}) } catch (e) { console.error(e.code) }; throw new Error("boom")',
  failing:
    'Event.on("n", () => { print("in"); throw new Error("no") }); Event.publish("n"); Event.drain(); print(Event.dead_letters().length)',
  exit: 'print("a"); throw new TypeError("x")',
  result: '({a: [1, 2, null]})',
};
const SPELLS = { lua: LUA, javascript: JAVASCRIPT };

describe.each(['lua', 'javascript'] as const)('a run in %s', (language) => {
  test.each(Object.keys(LUA) as (keyof typeof LUA)[])('with %s is replayed byte for byte', async (name) => {
    const recorded = await record(language, SPELLS[language][name]);
    expect(recorded.printed + recorded.text).not.toBe('undefined');
    expect(await replay()).toEqual({ ...recorded, failure: undefined });
  });

  const [loop, handler] =
    language === 'lua'
      ? ['print("a") while true do end', (body: string) => `function() ${body} end`]
      : ['print("a"); for (;;);', (body: string) => `() => { ${body} }`];

  test('that ran out of time is stopped again, after all that it had printed', async () => {
    const recorded = await record(language, loop, { timeoutMs: 700 });
    expect(recorded).toMatchObject({ printed: 'a\n', ok: false, error: { code: 'execution.timeout' } });
    expect(await replay()).toEqual({ ...recorded, failure: undefined });
  });

  test('that ran out of time while it printed prints the same', async () => {
    const printing = language === 'lua' ? 'while true do print("x") end' : 'for (;;) print("x")';
    const recorded = await record(language, printing, { timeoutMs: 60 });
    const replayed = await replay();
    expect(replayed.printed.length).toBe(recorded.printed.length);
    expect(replayed).toEqual({ ...recorded, failure: undefined });
  });

  test.each([
    ['computes', language === 'lua' ? 'while true do end' : 'for (;;);'],
    [
      'waits',
      language === 'lua'
        ? 'Event.wait_for("never", 1e6) print("on")'
        : 'Event.waitFor("never", 1e6); print("on")',
    ],
    [
      'calls',
      language === 'lua'
        ? 'while true do State.load("global", "x") end'
        : 'for (;;) State.load("global", "x")',
    ],
  ])('whose event handler %s for ever has it cut off again', async (_, body) => {
    const on = handler(`print("in") ; ${body}`);
    const code = `Event.on("n", ${on}) ; Event.publish("n") ; Event.drain() ; print("after")`;
    const recorded = await record(language, code, { config: { events: { handler_timeout_ms: 80 } } });
    expect(recorded).toMatchObject({ printed: 'in\nafter\n', ok: true });
    expect(await replay()).toEqual({ ...recorded, failure: undefined });
  });

  test('whose hook is out of time has it cut off again', async () => {
    const on = handler(`print("in") ; ${language === 'lua' ? 'while true do end' : 'for (;;);'}`);
    const run =
      language === 'lua'
        ? 'print(pcall(Tool.execute, "calculator", {input = "1"}))'
        : 'try { Tool.execute("calculator", {input: "1"}) } catch (e) { print(e.code) }';
    const recorded = await record(language, `Hook.register("BeforeToolExecution", ${on}) ; ${run}`, {
      config: { hooks: { timeout_ms: 80 } },
    });
    expect(recorded.printed).toContain('in\n');
    expect(await replay()).toEqual({ ...recorded, failure: undefined });
  });
});

test('hooks of the configuration print again where they printed, and are not there to be called', async () => {
  const hooks =
    'print("loaded")\nHook.register("BeforeToolExecution", function(c) print("before", c.component_id.name) end)';
  writeFileSync(join(directory, 'hooks.lua'), hooks);
  const code = 'print("one") Tool.execute("calculator", {input = "1"}) print("two")';
  const recorded = await record('lua', code, { config: { hooks: { files: ['hooks.lua'] } } });
  expect(recorded.printed).toBe('loaded\none\nbefore\tcalculator\ntwo\n');
  rmSync(join(directory, 'hooks.lua'));
  expect(await replay()).toEqual({ ...recorded, failure: undefined });
});

test('executions that share globals are replayed in the same order, with what handlers did between them', async () => {
  const cells = [
    'n = math.random(1e6) Event.on("tick", function(e) n = n + e.data print("tick", n) end) print(n)',
    'Event.publish("tick", 1) print("published")',
    'print(n, Tool.execute("uuid-generator", {operation = "generate"}).result.uuid) error("last")',
  ];
  const all = async (kernel: Kernel, mode: object) => {
    const session = kernel.createSession(mode);
    const printed: string[] = [];
    for (const code of cells) {
      const { error } = await session.execute({
        language: 'lua',
        source: { code, name: 'cell' },
        onMessage: (message) => message.type === 'stream' && printed.push(message.text),
      });
      printed.push(error?.message ?? 'fine');
    }
    await kernel.shutdown();
    return printed;
  };
  const source = { code: cells[0]!, name: 'cell' };
  const recorded = await all(await makeKernel(true), {
    tape: (_request: ExecuteRequest, seed: number, { secrets }: { secrets: never }) =>
      new Recorder(
        file,
        { llmspell: 2, language: 'lua', source, hash: codeHash(source.code), seed },
        secrets,
      ),
  });
  const recording = readRecording(file);
  const { seed } = recording.header;
  const tape = (_request: ExecuteRequest, _seed: number, target: never) => new Replayer(recording, target);
  expect(await all(await makeKernel(false), { seed, effects: recording.effects, tape })).toEqual(recorded);
  expect(recorded.join(' ')).toContain('tick');
});

describe('a recording', () => {
  const code = 'print("one") print(Tool.execute("calculator", {input = "1+1"}).text) print("two")';
  const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
  const write = (...all: string[]) => writeFileSync(file, `${all.join('\n')}\n`);

  test('that was cut off at the end of any line is refused, and says so', async () => {
    await record('lua', code);
    const whole = lines();
    for (let kept = 1; kept < whole.length; kept++) {
      write(...whole.slice(0, kept));
      expect(() => readRecording(file)).toThrow(
        expect.objectContaining({
          code: 'replay.invalid',
          message: expect.stringContaining('breaks off after'),
        }),
      );
    }
  });

  test('that lacks a line in the middle is refused', async () => {
    await record('lua', code);
    const whole = lines();
    write(...whole.slice(0, 2), ...whole.slice(3));
    expect(() => readRecording(file)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('lacks lines') }),
    );
  });

  test('whose script was edited is refused, with what to do instead', async () => {
    await record('lua', code);
    const [header, ...rest] = lines();
    write(header!.replace('one', 'eins'), ...rest);
    expect(() => readRecording(file)).toThrow(
      expect.objectContaining({
        code: 'replay.invalid',
        message: expect.stringContaining('The script inside'),
        hint: expect.stringContaining('--script'),
      }),
    );
  });

  /** Replays another script than was recorded. */
  async function replayOther(other: string): Promise<Awaited<ReturnType<typeof replay>>> {
    const [header, ...rest] = lines();
    const parsed = JSON.parse(header!) as { source: { code: string } };
    write(
      JSON.stringify({ ...parsed, source: { ...parsed.source, code: other }, hash: codeHash(other) }),
      ...rest,
    );
    return replay();
  }

  test.each<[string, string, string]>([
    [
      'calls something else',
      'print("one") Tool.execute("calculator", {input = "2+2"})',
      'Crossing 1: expected Tool.execute("calculator", {"input":"1+1"}), but got Tool.execute("calculator", {"input":"2+2"}) (argument 2.input: "1+1" became "2+2")',
    ],
    [
      'prints something else',
      'print("eins")',
      'Crossing 0: expected the output "one\\n", but got the output "eins\\n"',
    ],
    [
      'ends too early',
      'print("one")',
      'Crossing 1: expected Tool.execute("calculator", {"input":"1+1"}), but got its end',
    ],
    ['does more', `${code} Tool.list()`, 'Crossing 1: expected its end, but got Tool.list()'],
    ['prints more', `${code} print("three")`, 'Crossing 1: expected its end, but got the output "three\\n"'],
    ['fails', `${code} error("no", 0)`, 'Crossing 1: expected its end, but got an end with script.error: no'],
    [
      'has another result',
      `${code} return 5`,
      'Crossing 1: expected its end, but got its end with the result 5',
    ],
  ])('with a script that %s is a difference', async (_, other, message) => {
    await record('lua', code);
    const { ok, error } = await replayOther(other);
    expect({ ok, error }).toEqual({ ok: false, error: { code: 'replay.diverged', message } });
  });

  test('notes the steps of components, and in which call', async () => {
    await record('lua', `${code} Tool.execute("calculator", {input = "1"})`);
    expect(readRecording(file).steps).toEqual([
      { id: 1, path: 'run/tool:calculator' },
      { id: 2, path: 'run/tool:calculator[2]' },
    ]);
  });
});

describe('secrets', () => {
  const env = { SERVICE_API_KEY: 'kx-9f8e7d6c5b4a', OTHER: 'plain value' };
  const code =
    'local key = os.getenv("SERVICE_API_KEY") State.save("global", "k", {[key] = "v"}) print("key: " .. key, os.getenv("OTHER")) return #Tool.execute("hash-calculator", {operation = "hash", algorithm = "sha256", input = "Bearer " .. key}).text > 10';

  test('are nowhere in the recording; the same token stands for the same secret', async () => {
    const recorded = await record('lua', code, { env });
    expect(recorded).toMatchObject({ ok: true, printed: 'key: kx-9f8e7d6c5b4a\tplain value\n' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(env.SERVICE_API_KEY);
    expect(text).toContain('plain value');
    expect(new Set(text.match(/MASKED-SECRET-\d+/g))).toEqual(new Set(['MASKED-SECRET-1']));
    expect(readRecording(file).secrets).toMatchObject([
      { token: 'MASKED-SECRET-1', name: 'SERVICE_API_KEY' },
    ]);
    const replayed = await replay();
    expect(replayed).toMatchObject({ ok: true, failure: undefined, text: recorded.text });
    expect(replayed.printed).toBe('key: MASKED-SECRET-1\tplain value\n');
  });

  test('that the script itself holds are masked there too', async () => {
    const own = `print(#"${env.SERVICE_API_KEY}" > 3)`;
    const recorded = await record('lua', own, { env });
    expect(readFileSync(file, 'utf8')).not.toContain(env.SERVICE_API_KEY);
    expect(await replay()).toEqual({ ...recorded, failure: undefined });
  });
});
