import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnthropicServer } from './support/anthropic-server.js';
import { type CliResult, runCli } from './support/cli.js';
import type { ModelServer, Turn } from './support/model-server.js';
import { startOllamaServer } from './support/ollama-server.js';
import { startOpenAiServer } from './support/openai-server.js';

/** What would be a stack trace of the host. */
const HOST_TRACE =
  /node:internal|\/dist\/|wasm-function|LlmspellError|UnhandledPromise|^\s+at .*:\d+:\d+\)?$/m;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(directory, name), content);
  mkdirSync(join(directory, 'folder'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const FILES: Record<string, string | Uint8Array> = {
  'syntax.lua': 'local a = 1\nlocal b = = 2\n',
  'syntax.js': 'const a = 1;\nconst b = ;\n',
  'syntax.ts': 'const a: number = 1;\nconst b: = 2;\n',
  'raise.lua': 'local function inner()\n  error("too bad")\nend\nprint("before")\ninner()\n',
  'raise.js': 'function inner() {\n  throw new Error("too bad");\n}\nprint("before");\ninner();\n',
  'latin1.lua': Uint8Array.of(0x70, 0x72, 0x69, 0x6e, 0x74, 0x28, 0x22, 0xe9, 0x22, 0x29),
  'latin1.js': Uint8Array.of(0x2f, 0x2f, 0xe9),
  'needs-latin1.lua': 'require("latin1")',
  'binary.lua': Uint8Array.of(0x1b, 0x4c, 0x75, 0x61, 0x54, 0x00, 0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a),
  'empty.lua': '',
  'spell.py': 'print(1)',
  'broken.toml': 'a = [1,\n',
  'wrong.toml': '[runtime]\nscript_timeout_seconds = "soon"\n',
  'latin1.toml': Uint8Array.of(0x61, 0x3d, 0x22, 0xe9, 0x22),
  'unreachable.toml':
    '[providers.openai]\napi_key = "k"\nbase_url = "http://127.0.0.1:9/v1"\nmax_retries = 0\n',
  'keyless.toml': '[providers.openai]\nmax_retries = 0\n',
};

/** A wrong input, and how the program must end: exit code, error code, and what people have to be told. */
interface Case {
  args: string[];
  exit: number;
  error: string;
  says: RegExp;
  input?: string;
}

const ask = (model: string) => `Agent.create { name = "a", model = "${model}" }:execute("hello")`;

const CASES: Record<string, Case> = {
  'no command that exists': {
    args: ['rum', 'x.lua'],
    exit: 2,
    error: 'usage.invalid',
    says: /'rum'[\s\S]*run/,
  },
  'no option that exists': {
    args: ['exec', '--budget-token', '1', '1'],
    exit: 2,
    error: 'usage.invalid',
    says: /--budget-tokens/,
  },
  'no code': { args: ['exec'], exit: 2, error: 'usage.invalid', says: /CODE/ },
  'no script': { args: ['run'], exit: 2, error: 'usage.invalid', says: /SCRIPT/ },
  'a time limit that is no number': {
    args: ['exec', '--timeout', 'soon', '1'],
    exit: 2,
    error: 'usage.invalid',
    says: /'soon'/,
  },
  'a budget below nothing': {
    args: ['exec', '--budget-calls=-1', '1'],
    exit: 2,
    error: 'usage.invalid',
    says: /'-1'/,
  },
  'a language that does not exist': {
    args: ['exec', '--engine', 'cobol', '1'],
    exit: 2,
    error: 'usage.invalid',
    says: /lua, javascript/,
  },
  'Lua that cannot be parsed': {
    args: ['run', 'syntax.lua'],
    exit: 1,
    error: 'script.syntax',
    says: /syntax\.lua:2:/,
  },
  'JavaScript that cannot be parsed': {
    args: ['run', 'syntax.js'],
    exit: 1,
    error: 'script.syntax',
    says: /syntax\.js:2:11/,
  },
  'TypeScript that cannot be parsed': {
    args: ['run', 'syntax.ts'],
    exit: 1,
    error: 'script.syntax',
    says: /syntax\.ts:2:/,
  },
  'an error of a Lua spell': {
    args: ['run', 'raise.lua'],
    exit: 1,
    error: 'script.error',
    says: /raise\.lua:2: too bad[\s\S]*raise\.lua:5:/,
  },
  'an error of a JavaScript spell': {
    args: ['run', 'raise.js'],
    exit: 1,
    error: 'script.error',
    says: /too bad[\s\S]*raise\.js:2[\s\S]*raise\.js:5/,
  },
  'a script that is not there': {
    args: ['run', 'missing.lua'],
    exit: 1,
    error: 'script.not_found',
    says: /missing\.lua/,
  },
  'a folder instead of a script': {
    args: ['run', 'folder'],
    exit: 1,
    error: 'script.not_found',
    says: /folder is a directory/,
  },
  'a script in another language': {
    args: ['run', 'spell.py'],
    exit: 1,
    error: 'script.unsupported',
    says: /\.py/,
  },
  'Lua that is not UTF-8': {
    args: ['run', 'latin1.lua'],
    exit: 1,
    error: 'script.encoding',
    says: /latin1\.lua is not valid UTF-8/,
  },
  'JavaScript that is not UTF-8': {
    args: ['run', 'latin1.js'],
    exit: 1,
    error: 'script.encoding',
    says: /latin1\.js is not valid UTF-8/,
  },
  'a module that is not UTF-8': {
    args: ['run', 'needs-latin1.lua'],
    exit: 1,
    error: 'script.encoding',
    says: /latin1\.lua/,
  },
  'precompiled Lua': { args: ['run', 'binary.lua'], exit: 1, error: 'script.encoding', says: /binary\.lua/ },
  'precompiled Lua on standard input': {
    args: ['run', '-'],
    input: '\x1bLuaT',
    exit: 1,
    error: 'script.syntax',
    says: /binary chunk/,
  },
  'TOML that cannot be parsed': {
    args: ['-c', 'broken.toml', 'exec', '1'],
    exit: 1,
    error: 'config.syntax',
    says: /broken\.toml:2/,
  },
  'TOML with a value of the wrong type': {
    args: ['-c', 'wrong.toml', 'exec', '1'],
    exit: 1,
    error: 'config.invalid',
    says: /script_timeout_seconds/,
  },
  'TOML that is not UTF-8': {
    args: ['-c', 'latin1.toml', 'exec', '1'],
    exit: 1,
    error: 'config.',
    says: /latin1\.toml/,
  },
  'a configuration that is not there': {
    args: ['-c', 'missing.toml', 'exec', '1'],
    exit: 1,
    error: 'config.not_found',
    says: /missing\.toml/,
  },
  'a profile that does not exist': {
    args: ['-p', 'nope', 'exec', '1'],
    exit: 1,
    error: 'config.unknown_profile',
    says: /'nope'[\s\S]*minimal/,
  },
  'a global that does not exist': {
    args: ['exec', 'Tools.list()'],
    exit: 1,
    error: 'script.error',
    says: /Tools/,
  },
  'a global that does not exist, in JavaScript': {
    args: ['exec', '--engine', 'js', 'Tools.list()'],
    exit: 1,
    error: 'script.error',
    says: /Tools/,
  },
  'a tool that does not exist': {
    args: ['exec', 'Tool.execute("calculater", {})'],
    exit: 1,
    error: 'tool.not_found',
    says: /calculator/,
  },
  'an argument of the wrong type': {
    args: ['exec', 'Tool.execute("calculator", 5)'],
    exit: 1,
    error: 'input.invalid',
    says: /argument #2/,
  },
  'a parameter of the wrong type': {
    args: ['exec', 'Tool.execute("file-operations", { operation = "reed", path = "x" })'],
    exit: 1,
    error: 'input.invalid',
    says: /'reed'/,
  },
  'a missing argument': {
    args: ['exec', 'State.save()'],
    exit: 1,
    error: 'input.invalid',
    says: /argument #1 'scope'.*missing/,
  },
  'a method called with a dot': {
    args: ['exec', 'Agent.builder().name("x")'],
    exit: 1,
    error: 'script.error',
    says: /with ':'/,
  },
  'a table that contains itself': {
    args: ['exec', 'local t = {} t.t = t Tool.execute("calculator", t)'],
    exit: 1,
    error: 'value.cyclic',
    says: /itself/,
  },
  'a table that is too deep': {
    args: ['exec', 'local t = {} for i = 1, 300 do t = { t } end Tool.execute("calculator", { t })'],
    exit: 1,
    error: 'value.too_deep',
    says: /200/,
  },
  'a function as data': {
    args: ['exec', 'JSON.stringify({ print })'],
    exit: 1,
    error: 'value.unsupported',
    says: /function/,
  },
  'JSON that is none': { args: ['exec', 'JSON.parse("{")'], exit: 1, error: 'input.invalid', says: /JSON/ },
  'a hundred megabytes of text for a tool': {
    args: ['exec', 'Tool.execute("calculator", { expression = 1, text = ("x"):rep(1e8) })'],
    exit: 1,
    error: '',
    says: /Error \[(input\.invalid|limit\.memory|value\.too_large)\]/,
  },
  'a hundred megabytes as a key': {
    args: ['exec', 'State.save("global", ("x"):rep(1e8), 1)'],
    exit: 1,
    error: 'state.invalid_key',
    says: /256 characters/,
  },
  'more memory than allowed': {
    args: ['exec', 'local t = {} while true do t[#t + 1] = ("x"):rep(1e6) .. #t end'],
    exit: 1,
    error: 'limit.memory',
    says: /memory/,
  },
  'recursion without end': {
    args: ['exec', 'local function f() return f() + 1 end f()'],
    exit: 1,
    error: 'limit.stack',
    says: /stack overflow/,
  },
  'recursion without end, in JavaScript': {
    args: ['exec', '--engine', 'js', 'const f = () => f() + 1; f()'],
    exit: 1,
    error: 'limit.stack',
    says: /deeper than the stack allows/,
  },
  'a loop without end': {
    args: ['exec', '--timeout', '0.3', 'while true do end'],
    exit: 3,
    error: 'execution.timeout',
    says: /300 ms[\s\S]*--timeout/,
  },
  'a loop without end, in JavaScript': {
    args: ['exec', '--timeout', '0.3', '--engine', 'js', 'while (true);'],
    exit: 3,
    error: 'execution.timeout',
    says: /300 ms/,
  },
  'a loop that never yields': {
    args: ['exec', '--timeout', '0.3', 'return (("a"):rep(30)):find((".-"):rep(14) .. "b")'],
    exit: 3,
    error: 'execution.killed',
    says: /globals are lost/,
  },
  'a file that is not granted': {
    args: ['exec', 'io.open("/etc/passwd")'],
    exit: 5,
    error: 'permission.read',
    says: /\/etc\/passwd/,
  },
  'a provider that does not exist': {
    args: ['exec', ask('opneai/gpt')],
    exit: 1,
    error: 'provider.not_found',
    says: /openai/,
  },
  'a provider without its key': {
    args: ['-c', 'keyless.toml', 'exec', ask('openai/gpt')],
    exit: 1,
    error: 'provider.missing_key',
    says: /OPENAI_API_KEY/,
  },
  'a provider that cannot be reached': {
    args: ['-c', 'unreachable.toml', 'exec', ask('openai/gpt')],
    exit: 1,
    error: 'provider.unreachable',
    says: /base_url/,
  },
}; // prettier-ignore

function judge({ code, signal, stderr }: CliResult, { exit, error, says }: Omit<Case, 'args'>): void {
  expect(stderr).toContain(`Error [${error}`);
  expect(stderr).toMatch(says);
  expect(stderr.replaceAll(/^\s+at .*\b(?:raise|syntax|exec)\b.*$/gm, '')).not.toMatch(HOST_TRACE);
  expect({ code, signal }).toEqual({ code: exit, signal: null });
}

describe.concurrent('a clear error with its code, and no trace of the host, for', () => {
  test.each(Object.entries(CASES))('%s', async (_, { args, input = '', ...expected }) => {
    judge(await runCli(args, { cwd: directory, input }), expected);
  });
});

test('errors are one JSON document when JSON was asked for', async () => {
  const inScript = await runCli(['--output', 'json', 'exec', 'error("too bad")'], { cwd: directory });
  expect(JSON.parse(inScript.stdout)).toMatchObject({
    status: 'error',
    error: { code: 'script.error', message: 'exec:1: too bad' },
  });
  const before = await runCli(['--output', 'json', 'run', 'missing.lua'], { cwd: directory });
  expect(JSON.parse(before.stdout)).toMatchObject({ status: 'error', error: { code: 'script.not_found' } });
  expect([inScript.code, before.code]).toEqual([1, 1]);
});

test('the stack of the host shows at trace level debug only', async () => {
  const args = ['exec', 'Tool.execute("nope", {})'];
  expect((await runCli(args, { cwd: directory })).stderr).not.toMatch(/^\s+at /m);
  expect((await runCli(['--trace', 'debug', ...args], { cwd: directory })).stderr).toMatch(/^\s+at /m);
});

test('an empty script is no error', async () => {
  expect(await runCli(['run', 'empty.lua'], { cwd: directory })).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
});

/** A fault of a provider and the error that it must become. */
const FAULTS: Record<string, { turn: Turn; error: string; says: RegExp }> = {
  'an answer that is not the protocol': {
    turn: { garbage: '<html>captive portal</html>', contentType: 'text/html' },
    error: 'provider.bad_response',
    says: /./,
  },
  'half a stream': {
    turn: { text: ['one ', 'two ', 'three'], cutAt: 60 },
    error: 'provider.',
    says: /stream_broken|bad_response/,
  },
  'a connection that breaks': {
    turn: { text: ['one ', 'two ', 'three'], breakAt: 60 },
    error: 'provider.',
    says: /stream_broken|unreachable/,
  },
  'a key that is refused': {
    turn: { status: 401, error: 'wrong key' },
    error: 'provider.unauthorized',
    says: /key/i,
  },
  'too many requests': {
    turn: { status: 429, error: 'slow down', headers: { 'retry-after': '0' } },
    error: 'provider.rate_limited',
    says: /slow down/,
  },
  'a server that fails': {
    turn: { status: 500, error: 'out of order' },
    error: 'provider.server_error',
    says: /out of order/,
  },
};

const SERVERS = { openai: startOpenAiServer, anthropic: startAnthropicServer, ollama: startOllamaServer };

/** Starts a server that answers with `turns` and a configuration that points to it; runs `code` against them. */
async function withProvider(
  type: keyof typeof SERVERS,
  turns: Turn[],
  code: string,
  more = '',
): Promise<CliResult & { server: ModelServer }> {
  const server = await SERVERS[type]({ turns, repeat: true });
  const config = mkdtempSync(join(directory, 'config-'));
  const file = join(config, 'llmspell.toml');
  writeFileSync(file, `[providers.${type}]\napi_key = "k"\nbase_url = "${server.url}"\n${more}`);
  try {
    return { ...(await runCli(['-c', file, 'exec', code], { cwd: directory })), server };
  } finally {
    await server.close();
  }
}

describe.concurrent.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])('%s gives', (type) => {
  test.each(Object.entries(FAULTS))('%s', async (_, { turn, error, says }) => {
    const result = await withProvider(type, [turn], ask(`${type}/m`), 'max_retries = 0\n');
    judge(result, { exit: 1, error, says });
  });

  test('too many requests once: the request is repeated when the provider says', async () => {
    const turns = [{ status: 429, error: 'slow down', headers: { 'retry-after': '0' } }, { text: 'at last' }];
    const code = `print(Agent.create { name = "a", model = "${type}/m" }:execute("hello").text)`;
    const { code: exit, stdout, server } = await withProvider(type, turns, code);
    expect({ exit, stdout, requests: server.requests.length }).toEqual({
      exit: 0,
      stdout: 'at last\n',
      requests: 2,
    });
  });
});
