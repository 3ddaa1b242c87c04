import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_TOOLS } from '../../src/tools/index.generated.js';
import type { ToolResult } from '../../src/tools/result.js';
import { type CliResult, runCli } from '../support/cli.js';
import type { Prepared, ToolCase } from './tool-case.js';

// Every tool, used from a spell, from the command line and by a model through an agent, on a file or a server that
// another program made.

const FOLDER = join(import.meta.dirname, 'cases');
const CASES = await Promise.all(
  readdirSync(FOLDER).map(
    async (file) => ((await import(join(FOLDER, file))) as { default: ToolCase }).default,
  ),
);

/** What a use is made of. */
interface Use {
  tool: ToolCase;
  dir: string;
  input: Record<string, unknown>;
  run(args: string[]): Promise<CliResult>;
}

async function fromLua({ tool, dir, input, run }: Use): Promise<ToolResult> {
  await writeFile(join(dir, 'use.json'), JSON.stringify(input));
  const code = `local input = JSON.parse(io.open("${join(dir, 'use.json')}"):read("a"))
print(JSON.stringify(Tool.execute("${tool.tool}", input)))`;
  const { stdout, stderr } = await run(['exec', '--quiet', code]);
  return parsed(stdout, stderr);
}

async function fromCommandLine({ tool, input, run }: Use): Promise<ToolResult> {
  const { stdout, stderr } = await run([
    'tool',
    'invoke',
    tool.tool,
    '--params',
    JSON.stringify(input),
    '--output',
    'json',
  ]);
  return (parsed(stdout, stderr) as unknown as { result: ToolResult }).result;
}

async function throughAgent({ tool, dir, input, run }: Use): Promise<ToolResult> {
  const script = [{ tool_calls: [{ name: tool.tool, arguments: input }] }, 'Done.'];
  const config = `[providers.mock]\nprovider_type = "mock"\nscript = ${toml(script)}\n`;
  await writeFile(join(dir, 'agent.toml'), config);
  const code = `local agent = Agent.builder():name("user"):model("mock/script"):allow_tool("${tool.tool}"):build()
assert(agent:execute("Use the tool.").text == "Done.")`;
  const { stdout, stderr } = await run([
    'exec',
    '--output',
    'jsonl',
    '--config',
    join(dir, 'agent.toml'),
    code,
  ]);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const end = events.find((event) => event.type === 'component.finished' && event.name === tool.tool);
  if (!end?.output || events.at(-1).exit_code > 0)
    throw new Error(`no result: ${JSON.stringify(end)}\n${stderr}`);
  return end.output as ToolResult;
}

function parsed(stdout: string, stderr: string): ToolResult {
  try {
    return JSON.parse(stdout) as ToolResult;
  } catch {
    throw new Error(`no result: ${stdout}\n${stderr}`);
  }
}

/** Plain data as TOML writes it inside a line. */
function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)} = ${toml(part)}`)
    .join(', ')} }`;
}

const has = (program: string) => spawnSync('which', [program]).status === 0;
const missing = ({ programs = [] }: ToolCase) => programs.filter((program) => !has(program));

it('has a case for every tool', () => {
  const named = new Set(CASES.map((one) => one.tool));
  expect(BUILT_IN_TOOLS.map((entry) => entry.name).filter((name) => !named.has(name))).toEqual([]);
});

describe.each(CASES.map((one) => [one.tool, one] as const))('%s', (_name, one) => {
  const absent = missing(one);
  if (absent.length > 0) {
    it.skip(`needs ${absent.join(', ')}`, () => {});
    return;
  }
  let dir: string;
  let prepared: Prepared;
  beforeAll(async () => {
    dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
    prepared = (await one.prepare?.(dir)) ?? {};
  }, 60_000);
  afterAll(async () => {
    await one.close?.(prepared);
    await rm(dir, { recursive: true, force: true });
  });

  it.each([
    ['a spell', fromLua],
    ['the command line', fromCommandLine],
    ['a model through an agent', throughAgent],
  ] as const)('is used by %s', { timeout: 60_000 }, async (_door, use) => {
    const flags = one.flags?.(dir, prepared) ?? [];
    const env = { LLMSPELL_HOME: join(dir, '.home'), ...one.env?.(dir, prepared) };
    const run = ([command, ...args]: string[]) => {
      const [sub, rest] = command === 'tool' ? [args.slice(0, 1), args.slice(1)] : [[], args];
      return runCli([command!, ...sub, ...flags, ...rest], { cwd: dir, env, timeoutMs: 50_000 });
    };
    await one.check(await use({ tool: one, dir, input: one.input(dir, prepared), run }), dir, prepared);
  });
});
