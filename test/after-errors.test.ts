import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, runCli } from './support/cli.js';

/** An entry that fails, and how. */
interface Failure {
  code: string;
  error: string;
  says: RegExp;
  /** Its engine has to be ended, and what was defined is gone with it. */
  lost?: true;
}

/** What one entry of a session came to, as `--output json` tells it. */
interface Entry {
  status: string;
  value: unknown;
  error?: { code: string; message: string; hint?: string; traceback?: string };
}

const LUA: Record<string, Failure> = {
  'code that cannot be parsed': { code: 'local a = = 1', error: 'script.syntax', says: /near '='/ },
  'an error': { code: 'error("too bad")', error: 'script.error', says: /repl:1: too bad/ },
  'an error that is a table': { code: 'error({ a = 1 })', error: 'script.error', says: /table/ },
  'an error that is nothing': { code: 'error(nil)', error: 'script.error', says: /nil/ },
  'an error whose text never ends': {
    code: 'error(setmetatable({}, { __tostring = function() while true do end end }))',
    error: 'execution.timeout',
    says: /2000 ms/,
  },
  'a global that is not there': { code: 'Tools.list()', error: 'script.error', says: /'Tools'/ },
  'a module that is not there': {
    code: 'require("nowhere")',
    error: 'script.module_not_found',
    says: /nowhere/,
  },
  'a tool that is not there': {
    code: 'Tool.execute("calculater", {})',
    error: 'tool.not_found',
    says: /calculater/,
  },
  'a missing argument': { code: 'Tool.execute()', error: 'input.invalid', says: /#1 'name'.*missing/ },
  'a table as a name': { code: 'Tool.execute({}, {})', error: 'input.invalid', says: /#1 'name'/ },
  'a thread as data': {
    code: 'Tool.execute("calculator", { coroutine.create(print) })',
    error: 'value.unsupported',
    says: /thread/,
  },
  'a table that contains itself': {
    code: 'local t = {} t.t = t Tool.execute("calculator", t)',
    error: 'value.cyclic',
    says: /itself/,
  },
  'a table that is too deep': {
    code: 'local t = {} for i = 1, 1e5 do t = { t } end Tool.execute("calculator", t)',
    error: 'value.too_deep',
    says: /200/,
  },
  'recursion without end': {
    code: 'local function f() return 1 + f() end f()',
    error: 'limit.stack',
    says: /stack/,
  },
  'a loop without end': { code: 'while true do end', error: 'execution.timeout', says: /2000 ms/ },
  'a loop that catches everything': {
    code: 'while true do pcall(function() while true do end end) end',
    error: 'execution.timeout',
    says: /2000 ms/,
  },
  'a coroutine without end': {
    code: 'coroutine.wrap(function() while true do end end)()',
    error: 'execution.timeout',
    says: /2000 ms/,
  },
  'more memory than allowed': {
    code: 'local s = "x" while true do s = s .. s end',
    error: 'limit.memory',
    says: /memory/,
  },
  'a text that is longer than memory': {
    code: 'local s = ("x"):rep(1e9) return #s',
    error: 'limit.memory',
    says: /memory/,
  },
  'a file that is not granted': {
    code: 'io.open("/etc/passwd")',
    error: 'permission.read',
    says: /\/etc\/passwd/,
  },
  'a program that is not granted': { code: 'os.execute("id")', error: 'permission.run', says: /id/ },
  'an agent whose provider is not there': {
    code: 'Agent.create { name = "a", model = "opneai/gpt" }:execute("hi")',
    error: 'provider.not_found',
    says: /opneai/,
  },
  'a search that never yields': {
    code: 'return (("a"):rep(30)):find((".-"):rep(14) .. "b")',
    error: 'execution.killed',
    says: /globals are lost/,
    lost: true,
  },
};

const JAVASCRIPT: Record<string, Failure> = {
  'code that cannot be parsed': { code: 'const a = ;', error: 'script.syntax', says: /';'/ },
  'an error': { code: 'throw new Error("too bad")', error: 'script.error', says: /too bad/ },
  'an error that is an object': { code: 'throw { a: 1 }', error: 'script.error', says: /a: 1/ },
  'an error that is nothing': { code: 'throw undefined', error: 'script.error', says: /undefined/ },
  'an error whose text never ends': {
    code: 'throw { toString() { for (;;); } }',
    error: 'script.error',
    says: /toString/,
  },
  'a promise that is refused': {
    code: 'await Promise.reject(new Error("refused"))',
    error: 'script.error',
    says: /refused/,
  },
  'a global that is not there': { code: 'Tools.list()', error: 'script.error', says: /Tools/ },
  'a module that is not there': {
    code: 'await import("./nowhere.js")',
    error: 'script.module_not_found',
    says: /nowhere/,
  },
  'a tool that is not there': {
    code: 'Tool.execute("calculater", {})',
    error: 'tool.not_found',
    says: /calculater/,
  },
  'a missing argument': { code: 'Tool.execute()', error: 'input.invalid', says: /#1 'name'.*missing/ },
  'an object as a name': { code: 'Tool.execute({}, {})', error: 'input.invalid', says: /#1 'name'/ },
  'a symbol as data': {
    code: 'Tool.execute("calculator", { a: Symbol("s") })',
    error: 'value.unsupported',
    says: /symbol/i,
  },
  'an object that contains itself': {
    code: 'const t = {}; t.t = t; Tool.execute("calculator", t)',
    error: 'value.cyclic',
    says: /itself/,
  },
  'an object that is too deep': {
    code: 'let d = {}; for (let i = 0; i < 1e5; i++) d = { d }; Tool.execute("calculator", d)',
    error: 'value.too_deep',
    says: /200/,
  },
  'a getter that throws': {
    code: 'Tool.execute("calculator", { get expression() { throw new Error("from inside"); } })',
    error: 'script.error',
    says: /from inside/,
  },
  'recursion without end': {
    code: '(function f() { return 1 + f(); })()',
    error: 'limit.stack',
    says: /stack/,
  },
  'a loop without end': { code: 'while (true);', error: 'execution.timeout', says: /2000 ms/ },
  'a loop that catches everything': {
    code: 'for (;;) { try { for (;;); } catch {} finally { continue; } }',
    error: 'execution.timeout',
    says: /2000 ms/,
  },
  'a promise that is never kept': { code: 'await new Promise(() => {})', error: 'script.error', says: /./ },
  'more memory than allowed': {
    code: 'const m = []; for (;;) m.push("x".repeat(1e6) + m.length)',
    error: 'limit.memory',
    says: /memory/,
  },
  'a file that is not granted': {
    code: 'Tool.execute("file-operations", { operation: "read", path: "/etc/passwd" })',
    error: 'permission.read',
    says: /\/etc\/passwd/,
  },
  'an expression that never yields': {
    code: '/^(a+)+$/.test("a".repeat(40) + "b")',
    error: 'execution.timeout',
    says: /2000 ms/,
  },
};

const LANGUAGES = {
  lua: { failures: LUA, define: 'kept = 41', ask: 'return (kept or 0) + 1' },
  js: { failures: JAVASCRIPT, define: 'globalThis.kept = 41', ask: '(globalThis.kept ?? 0) + 1' },
};

/** Little memory, so that it is used up long before the time is. */
const CONFIG = `[engines.lua]
max_memory_bytes = 134217728
[engines.javascript]
max_heap_size_bytes = 16777216
`;

/** What would be a stack trace of the host. */
const HOST_TRACE = /node:internal|\/dist\/|wasm-function|\(node:/;

describe.each(Object.entries(LANGUAGES))('one session of %s goes on after', (engine, language) => {
  const { failures, define, ask } = language;
  let result: CliResult;
  let entries: Entry[];
  beforeAll(async () => {
    const lines = Object.values(failures).flatMap(({ code }) => [define, code, ask]);
    const config = mkdtempSync(join(tmpdir(), 'llmspell-'));
    writeFileSync(join(config, 'llmspell.toml'), CONFIG);
    const args = ['--output', 'json', 'repl', '--engine', engine, '--timeout', '2'];
    result = await runCli(args, { cwd: config, input: `${lines.join('\n')}\n`, timeoutMs: 60_000 });
    rmSync(config, { recursive: true });
    const documents = result.stdout.trimEnd().split('\n');
    entries = documents.map((document) => JSON.parse(document) as Entry);
  }, 60_000);

  test.each(Object.keys(failures))('%s', (name) => {
    const { error, says, lost } = failures[name]!;
    const [, failed, after] = entries.slice(3 * Object.keys(failures).indexOf(name));
    expect(failed).toMatchObject({ status: 'error', error: { code: error } });
    expect(failed!.error!.message).toMatch(says);
    expect(JSON.stringify(failed)).not.toMatch(HOST_TRACE);
    expect(after).toMatchObject({ status: 'success', value: lost ? 1 : 42 });
  });

  test('them all, and says at its end that something failed', () => {
    expect(entries).toHaveLength(3 * Object.keys(failures).length);
    expect(result).toMatchObject({ code: 1, signal: null });
    expect(result.stderr).not.toMatch(HOST_TRACE);
  });
});
