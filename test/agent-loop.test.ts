import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnthropicServer } from './support/anthropic-server.js';
import { BIN, type CliResult, cleanEnvironment, runCli } from './support/cli.js';
import type { ModelServer, RecordedRequest, Turn } from './support/model-server.js';
import { startOllamaServer } from './support/ollama-server.js';
import { startOpenAiServer } from './support/openai-server.js';

type Provider = 'openai' | 'anthropic' | 'ollama';
const START = { openai: startOpenAiServer, anthropic: startAnthropicServer, ollama: startOllamaServer };
const PROVIDERS = Object.keys(START) as Provider[];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  writeFileSync(join(directory, 'nails.txt'), 'eight boxes');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The model asks for two tools at once, then for one more, then answers; later it is asked again. */
const TURNS: Turn[] = [
  {
    text: 'Let me see. ',
    toolCalls: [
      { id: 'call_a', name: 'calculator', arguments: { expression: '6*7' } },
      { id: 'call_b', name: 'stock', arguments: { item: 'nails' } },
    ],
  },
  {
    toolCalls: [
      { id: 'call_c', name: 'file-operations', arguments: { operation: 'read', path: 'nails.txt' } },
    ],
  },
  { text: ['There are ', 'forty-two boxes, ', 'eight of nails.'] },
  { text: 'As I said.' },
];

const SPELLS = {
  'loop.lua': (model: string) => `
Tool.register {
  name = "stock", description = "Tells how much of an item there is.",
  parameters = { type = "object", properties = { item = { type = "string" } }, required = { "item" } },
  execute = function(given) return { item = given.item, boxes = 8 } end,
}
local agent = Agent.builder():name("clerk"):model("${model}"):system_prompt("You keep a store.")
  :allowed_tools({ "calculator", "stock", "file-operations" }):build()
local answer = agent:execute("How many boxes?")
print(answer.text)
for _, call in ipairs(answer.tool_calls) do print(call.name, call.success) end
print(agent:execute("Sure?").text)
`,
  'loop.js': (model: string) => `
Tool.register({
  name: 'stock', description: 'Tells how much of an item there is.',
  parameters: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
  execute: (given) => ({ item: given.item, boxes: 8 }),
});
const agent = Agent.builder().name('clerk').model('${model}').systemPrompt('You keep a store.')
  .allowedTools(['calculator', 'stock', 'file-operations']).build();
const answer = agent.execute('How many boxes?');
print(answer.text);
for (const call of answer.tool_calls) print(call.name + '\\t' + call.success);
print(agent.execute('Sure?').text);
`,
};
const PRINTED = [
  'There are forty-two boxes, eight of nails.',
  'calculator\ttrue',
  'stock\ttrue',
  'file-operations\ttrue',
  'As I said.\n',
].join('\n');

async function startServer(provider: Provider, turns: Turn[], streaming = true) {
  const server = await START[provider]({ turns });
  const folder = mkdtempSync(join(directory, 'config-'));
  const config = join(folder, 'llmspell.toml');
  writeFileSync(
    config,
    `[providers.${provider}]\napi_key = "k"\nbase_url = "${server.url}"\nmax_retries = 0\nstreaming = ${streaming}\n`,
  );
  return { server, config };
}

/** One message, the same for every wire format. */
interface Said {
  role: string;
  text?: string;
  calls?: { id?: string; name: string; arguments: unknown }[];
  /** The results of calls; Ollama knows them by order only. */
  results?: { id?: string; text: string }[];
}

type Json = Record<string, unknown>;
const READ: Record<Provider, (body: Json) => { system: string; said: Said[]; tools: Json[] }> = {
  openai: readOpenAi,
  anthropic: readAnthropic,
  ollama: readOpenAi,
};

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content ?? '');
  return content.map((part: Json) => part.text ?? '').join('');
}

/** Ollama's messages are OpenAI's without ids, its arguments objects. */
function readOpenAi(body: Json) {
  const messages = body.messages as Json[];
  const said = messages.filter(({ role }) => role !== 'system').map(saidInOpenAi);
  const tools = (body.tools as { function: Json }[]).map((tool) => tool.function);
  return {
    system: textOf(messages.find(({ role }) => role === 'system')?.content),
    said: grouped(said),
    tools,
  };
}

function saidInOpenAi(message: Json): Said {
  if (message.role === 'tool') {
    const id = message.tool_call_id as string | undefined;
    return { role: 'tool', results: [{ ...(id && { id }), text: textOf(message.content) }] };
  }
  const calls =
    (message.tool_calls as { id?: string; function: { name: string; arguments: unknown } }[]) ?? [];
  if (calls.length === 0) return { role: String(message.role), text: textOf(message.content) };
  return {
    role: 'assistant',
    calls: calls.map(({ id, function: { name, arguments: given } }) => ({
      ...(id && { id }),
      name,
      arguments: typeof given === 'string' ? JSON.parse(given) : given,
    })),
  };
}

function grouped(said: Said[]): Said[] {
  return said.reduce<Said[]>((all, message) => {
    const last = all.at(-1);
    if (last?.results && message.results) last.results.push(...message.results);
    else all.push(message);
    return all;
  }, []);
}

function readAnthropic(body: Json) {
  const said = (body.messages as { role: string; content: Json[] }[]).map(({ role, content }): Said => {
    const blocks = Array.isArray(content) ? content : [{ type: 'text', text: content }];
    const results = blocks.filter(({ type }) => type === 'tool_result');
    if (results.length > 0)
      return {
        role: 'tool',
        results: results.map((block) => ({ id: block.tool_use_id as string, text: textOf(block.content) })),
      };
    const calls = blocks.filter(({ type }) => type === 'tool_use');
    if (calls.length > 0)
      return {
        role,
        calls: calls.map((block) => ({
          id: block.id as string,
          name: block.name as string,
          arguments: block.input,
        })),
      };
    return { role, text: textOf(blocks) };
  });
  const tools = (body.tools as Json[]).map(({ input_schema, ...tool }) => ({
    ...tool,
    parameters: input_schema,
  }));
  return { system: textOf(body.system), said, tools };
}

function judgeRequests(provider: Provider, requests: RecordedRequest[]): void {
  const read = requests.map(({ body }) => READ[provider](body!));
  expect(read).toHaveLength(4);
  const [first, second, third, fourth] = read as [
    (typeof read)[0],
    (typeof read)[0],
    (typeof read)[0],
    (typeof read)[0],
  ];
  expect(first.system).toBe('You keep a store.');
  expect(first.said).toEqual([{ role: 'user', text: 'How many boxes?' }]);
  expect(first.tools.map(({ name }) => name).sort()).toEqual(['calculator', 'file-operations', 'stock']);
  expect(first.tools.find(({ name }) => name === 'stock')).toMatchObject({
    description: 'Tells how much of an item there is.',
    parameters: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
  });

  const id = (name: string) => (provider === 'ollama' ? {} : { id: name });
  expect(second.said.slice(1)).toMatchObject([
    {
      role: 'assistant',
      calls: [
        { ...id('call_a'), name: 'calculator', arguments: { expression: '6*7' } },
        { ...id('call_b'), name: 'stock', arguments: { item: 'nails' } },
      ],
    },
    { role: 'tool', results: [id('call_a'), id('call_b')] },
  ]);
  const [calculated, counted] = second.said[2]!.results!;
  expect(calculated!.text).toContain('42');
  expect(counted!.text).toMatch(/nails[\s\S]*8/);

  expect(third.said.slice(0, 3)).toEqual(second.said);
  expect(third.said[4]!.results![0]!.text).toContain('eight boxes');
  expect(fourth.said.slice(0, 5)).toEqual(third.said);
  expect(fourth.said.slice(5)).toEqual([
    { role: 'assistant', text: 'There are forty-two boxes, eight of nails.' },
    { role: 'user', text: 'Sure?' },
  ]);
}

describe.each(PROVIDERS)('an agent with tools over %s', (provider) => {
  const variants = Object.keys(SPELLS).flatMap((spell) =>
    [true, false].map((streaming) => ({ spell, streaming })),
  );
  test.each(variants)('$spell, streaming: $streaming', async ({ spell, streaming }) => {
    const { server, config } = await startServer(provider, TURNS, streaming);
    try {
      writeFileSync(join(directory, spell), SPELLS[spell as keyof typeof SPELLS](`${provider}/test-model`));
      const result = await runCli(['-c', config, 'run', spell], { cwd: directory });
      expect(result).toEqual({ code: 0, signal: null, stdout: PRINTED, stderr: '' });
      judgeRequests(provider, server.requests);
      expect(server.requests.map(({ body }) => body!.stream ?? false)).toEqual(Array(4).fill(streaming));
    } finally {
      await server.close();
    }
  });

  test('a budget of calls ends the run with what it has printed', async () => {
    const { server, config } = await startServer(provider, TURNS);
    try {
      const code = `print("asking") Agent.create { name = "a", model = "${provider}/m", allowed_tools = { "calculator" } }:execute("6*7?")`;
      const result = await runCli(['-c', config, '--output', 'json', 'exec', '--budget-calls', '2', code], {
        cwd: directory,
      });
      expect(result.code).toBe(4);
      expect(JSON.parse(result.stdout)).toMatchObject({
        status: 'error',
        error: { code: 'budget.calls' },
        stdout: 'asking\n',
        budget_exceeded: true,
        calls: 2,
      });
      expect(server.requests).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  test('a budget of tokens ends the run after the call that crossed it', async () => {
    const turns: Turn[] = [
      { toolCalls: [{ name: 'calculator', arguments: { expression: '1' } }] },
      { text: 'no' },
    ];
    const { server, config } = await startServer(provider, turns);
    try {
      const code = `local agent = Agent.create { name = "a", model = "${provider}/m", allowed_tools = { "calculator" } } pcall(agent.execute, agent, "?") print("still here")`;
      const result = await runCli(['-c', config, '--output', 'json', 'exec', '--budget-tokens', '15', code], {
        cwd: directory,
      });
      expect(result.code).toBe(4);
      expect(JSON.parse(result.stdout)).toMatchObject({
        error: { code: 'budget.tokens' },
        usage: { input_tokens: 11, output_tokens: 7, source: 'provider' },
      });
      expect(server.requests).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  test.each([
    ['before the answer', 0],
    ['in the middle of it', 30],
  ])('Ctrl-C closes the connection %s', async (_, hangAt) => {
    const { server, config } = await startServer(provider, [{ text: 'never said', hangAt }]);
    try {
      const code = `Agent.create { name = "a", model = "${provider}/m" }:execute("?")`;
      const ended = await interruptWhenAsked(server, ['-c', config, 'exec', code]);
      expect(ended.stderr).toContain('Error [execution.interrupted]');
      expect(ended.code).toBe(130);
      expect(await server.requests[0]!.closed).toBe('aborted');
    } finally {
      await server.close();
    }
  });
});

/** Runs the program and presses Ctrl-C as soon as the server was asked. */
async function interruptWhenAsked(server: ModelServer, args: string[]): Promise<Omit<CliResult, 'stdout'>> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: cleanEnvironment(directory),
    cwd: directory,
    timeout: 25_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = outcomeOf(child);
  while (server.requests.length === 0 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGINT');
  return ended;
}

function outcomeOf(child: ChildProcess): Promise<Omit<CliResult, 'stdout'>> {
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stderr })));
}
