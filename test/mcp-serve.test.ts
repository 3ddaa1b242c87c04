import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BIN, cleanEnvironment, runCli } from './support/cli.js';

const SPELL = `-- llmspell: name=greet description="Greets somebody"
-- llmspell: allow-env=GREETING
print("Hello, " .. (ARGS.who or "you") .. "!")
return { greeted = ARGS.who }
`;
const SLOW = 'while true do end';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  await writeFile(join(folder, 'greet.lua'), SPELL);
  await writeFile(join(folder, 'slow.lua'), SLOW);
  await writeFile(join(folder, 'typed.lua'), 'return tonumber(ARGS.count) + 1');
  await writeFile(
    join(folder, 'spell.toml'),
    '[spell]\nentry = "typed.lua"\nname = "next-number"\ndescription = "Adds one"\n' +
      '[parameters.count]\ntype = "number"\ndescription = "A number"\nrequired = true\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const environment = () => cleanEnvironment(join(folder, 'home')) as Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connected(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  closing.push(() => client.close());
  return client;
}

function overStdio(...args: string[]): Promise<Client> {
  const command = {
    command: process.execPath,
    args: [BIN, 'mcp', 'serve', ...args],
    cwd: folder,
    env: environment(),
  };
  return connected(new StdioClientTransport({ ...command, stderr: 'ignore' }));
}

async function httpServer(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [BIN, 'mcp', 'serve', '--http', '0', ...args], {
    cwd: folder,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  closing.push(async () => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  });
  let said = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    said += String(chunk);
    const url = /http:\S+/.exec(said)?.[0];
    if (url) return { url, child };
  }
  throw new Error(said);
}

const text = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text;

describe('mcp serve over standard input and output', () => {
  it('lists tools with their schemas', async () => {
    const client = await overStdio('--tools', 'calculator,file-operations');
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['calculator', 'file-operations']);
    expect(tools[0]).toMatchObject({ inputSchema: { type: 'object', properties: { input: {} } } });
    expect(tools.map((tool) => tool.annotations?.readOnlyHint)).toEqual([true, false]);
  });

  it('runs tools, and says what went wrong in words a model reads', async () => {
    const client = await overStdio();
    const sum = await client.callTool({ name: 'calculator', arguments: { input: '6 * 7' } });
    expect(sum).toMatchObject({ structuredContent: { success: true, result: { result: 42 } } });
    const denied = await client.callTool({
      name: 'file-operations',
      arguments: { operation: 'read', path: '/etc/passwd' },
    });
    expect(denied.isError).toBe(true);
    expect(text(denied)).toMatch(/^\[permission\.read\] .*\n.*--allow-read/);
    const unknown = await client.callTool({ name: 'no-such-tool', arguments: {} });
    expect(text(unknown)).toContain('tool.not_found');
  });

  it('runs spells as tools, each call in a session of its own', async () => {
    const client = await overStdio('greet.lua', 'typed.lua', '--tools', 'none', '--accept-manifest');
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      { name: 'greet', description: 'Greets somebody' },
      {
        name: 'next-number',
        inputSchema: { required: ['count'], properties: { count: { type: 'number' } } },
      },
    ]);
    const greeting = await client.callTool({ name: 'greet', arguments: { who: 'Ada' } });
    expect(greeting.structuredContent).toEqual({ value: { greeted: 'Ada' }, output: 'Hello, Ada!\n' });
    const next = await client.callTool({ name: 'next-number', arguments: { count: 41 } });
    expect(next.structuredContent).toMatchObject({ value: 42 });
    expect(text(await client.callTool({ name: 'next-number', arguments: {} }))).toContain("'count'");
  });

  it('does not start with a spell whose manifest nobody accepted', async () => {
    const { code, stderr } = await runCli(['mcp', 'serve', 'greet.lua'], { cwd: folder });
    expect(code).toBe(5);
    expect(stderr).toContain('--accept-manifest');
  });

  it('cancels a spell that a client gives up, and goes on serving', async () => {
    const client = await overStdio('slow.lua', '--tools', 'calculator');
    const giveUp = new AbortController();
    const call = client.callTool({ name: 'slow', arguments: {} }, undefined, { signal: giveUp.signal });
    setTimeout(() => giveUp.abort(), 300);
    await expect(call).rejects.toThrow();
    const sum = await client.callTool({ name: 'calculator', arguments: { input: '1 + 1' } });
    expect(sum).toMatchObject({ isError: false });
  });

  it('ends with its client', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [BIN, 'mcp', 'serve'],
      cwd: folder,
      env: environment(),
      stderr: 'ignore',
    });
    const client = await connected(transport);
    const { pid } = transport;
    await client.close();
    await expect.poll(() => alive(pid!), { timeout: 5000 }).toBe(false);
  });
});

describe('mcp serve over HTTP', () => {
  it('serves several clients and leaves when it is told to', async () => {
    const { url, child } = await httpServer(['--tools', 'calculator']);
    const clients = await Promise.all(
      [1, 2].map(() => connected(new StreamableHTTPClientTransport(new URL(url)) as Transport)),
    );
    for (const client of clients) {
      const sum = await client.callTool({ name: 'calculator', arguments: { input: '2 + 3' } });
      expect(sum).toMatchObject({ structuredContent: { result: { result: 5 } } });
    }
    expect(await (await fetch(new URL('/health', url))).json()).toEqual({ status: 'ok' });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });

  it('answers neither other names nor web pages nor requests without the token', async () => {
    const { url } = await httpServer(['--token-env', 'MCP_TOKEN'], { MCP_TOKEN: 'open-sesame' });
    const status = async (headers: Record<string, string>) =>
      (await fetch(url, { method: 'POST', headers })).status;
    const authorization = 'Bearer open-sesame';
    expect(await status({ authorization, origin: 'https://evil.example' })).toBe(403);
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer open-barley' })).toBe(401);
    expect(await status({ authorization })).toBeGreaterThanOrEqual(404);
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization } },
    });
    const client = await connected(transport as Transport);
    expect((await client.listTools()).tools.length).toBeGreaterThan(9);
  });

  it('does not open to other machines without a token', async () => {
    const { code, stderr } = await runCli(['mcp', 'serve', '--http', '0.0.0.0:0'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--token-env');
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
