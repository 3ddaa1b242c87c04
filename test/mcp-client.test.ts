import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from './support/cli.js';
import { ROOT } from './support/workspace.js';

const EVERYTHING = join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const FILES = join(ROOT, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(folder, { recursive: true }));

const configure = (toml: string) => writeFile(join(folder, 'llmspell.toml'), toml);
const server = (name: string, path: string, ...args: string[]) =>
  `[mcp.servers.${name}]\ncommand = "node"\nargs = ${JSON.stringify([path, ...args])}\n`;
const cli = (args: string[]) => runCli(args, { cwd: folder, env: { LLMSPELL_HOME: join(folder, 'data') } });

/** How many processes run a server of this test's folder. */
function running(path: string): number {
  try {
    return execFileSync('pgrep', ['-fc', '--', path], { encoding: 'utf8' }).trim() === '0' ? 0 : 1;
  } catch {
    return 0;
  }
}

describe('tools of MCP servers', () => {
  it('stand beside the built-in ones for scripts', async () => {
    await configure(server('every', EVERYTHING) + server('files', FILES, folder));
    await writeFile(join(folder, 'note.txt'), 'from the file server');
    await writeFile(
      join(folder, 'spell.lua'),
      `local found = Tool.discover({ category = "mcp" })
print(#found > 10, Tool.exists("every__echo"), Tool.exists("every__nothing"))
print(Tool.execute("every__echo", { message = "hi" }).text)
local sum = Tool.get("every__get-sum"):execute({ a = 2, b = 3 })
print(sum.success, sum.text, sum.metadata.untrusted)
print(Tool.execute("files__read_text_file", { path = "${join(folder, 'note.txt')}" }).text)
print(pcall(Tool.execute, "every__get-sum", { a = "two" }))
print(Tool.execute("files__read_text_file", { path = "/etc/passwd" }).success)`,
    );
    const { stdout, stderr, code } = await cli(['run', 'spell.lua']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'true\ttrue\tfalse',
      'Echo: hi',
      expect.stringMatching(/^true\t.*5.*\ttrue$/),
      'from the file server',
      expect.stringContaining('false\t'),
      'false',
      '',
    ]);
    expect(running(folder)).toBe(0);
  });

  it('are pinned: what has changed is refused until it is accepted', async () => {
    await configure(server('every', EVERYTHING));
    expect((await cli(['mcp', 'list'])).code).toBe(0);
    const pins = join(folder, 'data', 'mcp-pins.json');
    const known = JSON.parse(await readFile(pins, 'utf8'));
    known.every.hash = 'another';
    known.every.tools.echo = 'described otherwise';
    delete known.every.tools['get-sum'];
    await writeFile(pins, JSON.stringify(known));

    const listed = await cli(['mcp', 'list']);
    expect(listed.code).toBe(1);
    expect(listed.stdout).toContain('[mcp.changed]');
    expect(listed.stdout).toContain('tool echo is described otherwise, new tool get-sum');
    const call = 'print(pcall(Tool.execute, "every__echo", { message = "hi" }))';
    const refused = await cli(['exec', call]);
    expect(refused.stdout).toContain('false');
    expect(refused.stderr).toContain('llmspell mcp accept every');

    const accepted = await cli(['mcp', 'accept', 'every']);
    expect(accepted.stdout).toContain('Accepted every: tool echo is described otherwise, new tool get-sum');
    expect(
      (await cli(['exec', 'print(Tool.execute("every__echo", { message = "hi" }).text)'])).stdout,
    ).toContain('Echo: hi');
  });

  it('whose hash the configuration names are never accepted otherwise', async () => {
    await configure(`${server('every', EVERYTHING)}pin = "0000"\n`);
    expect((await cli(['mcp', 'list'])).stdout).toContain('[mcp.changed]');
  });

  it('of a server that does not start are missing, with a reason', async () => {
    await configure(
      `${server('broken', join(folder, 'no-such-file.js'))}[mcp.servers.ghost]\ncommand = "no-such-program"\n`,
    );
    const listed = await cli(['mcp', 'list']);
    expect(listed.code).toBe(1);
    expect(listed.stdout).toMatch(/broken {2}\[mcp\.unreachable\]/);
    expect(listed.stdout).toMatch(/ghost {2}\[tool\.failed\].*was not found/);
    const { stdout, stderr } = await cli(['exec', 'print(#Tool.list() > 5, Tool.exists("broken__x"))']);
    expect(stdout).toContain('true\tfalse');
    expect(stderr).toContain("MCP server 'broken'");
  });

  it('end with a run that is interrupted in the middle of a call', async () => {
    await configure(server('every', EVERYTHING, 'stdio', folder));
    const code = 'Tool.execute("every__trigger-long-running-operation", { duration = 60, steps = 5 })';
    const { code: exit } = await cli(['exec', '--timeout', '3', code]);
    expect(exit).toBe(3);
    expect(running(folder)).toBe(0);
  });
});

describe('an MCP server over HTTP', () => {
  let http: Server;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    http = createServer(async (request, response) => {
      seen.push(String(request.headers.authorization));
      const mcp = new McpServer({ name: 'shop', version: '1' });
      mcp.registerTool(
        'price',
        { description: 'A price', inputSchema: { item: z.string() } },
        ({ item }) => ({
          content: [{ type: 'text', text: `${item}: 3 €` }],
        }),
      );
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined as never });
      await mcp.connect(transport as Parameters<typeof mcp.connect>[0]);
      await transport.handleRequest(request, response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
  });
  afterEach(() => {
    http.closeAllConnections();
    http.close();
  });

  it('is reached with its headers, which appear nowhere else', async () => {
    const { port } = http.address() as AddressInfo;
    await configure(
      `[mcp.servers.shop]\nurl = "http://127.0.0.1:${port}/mcp"\nheaders = { Authorization = "Bearer canary-4711" }\n`,
    );
    const call = 'print(Tool.execute("shop__price", { item = "tea" }).text)';
    const { stdout, stderr } = await cli(['exec', '--output', 'jsonl', '--trace', 'debug', call]);
    expect(stdout).toContain('tea: 3 €');
    expect(new Set(seen)).toEqual(new Set(['Bearer canary-4711']));
    expect(stdout + stderr).not.toContain('canary-4711');
  });

  it('does not open the host to scripts', async () => {
    const { port } = http.address() as AddressInfo;
    await configure(`[mcp.servers.shop]\nurl = "http://127.0.0.1:${port}/mcp"\n`);
    const call = `print(pcall(Tool.execute, "http-requester", { input = "http://127.0.0.1:${port}/" }))`;
    expect((await cli(['exec', call])).stdout).toContain('Host blocked');
  });
});

it('no server is started where nothing may be reached', async () => {
  await configure(server('every', EVERYTHING, 'stdio', folder));
  const { stdout } = await cli(['exec', '--level', 'safe', 'print(Tool.exists("every__echo"))']);
  expect(stdout).toContain('false');
});

it('tools of a server are invoked from the command line too', async () => {
  await configure(server('every', EVERYTHING));
  const { stdout } = await cli(['tool', 'invoke', 'every__echo', '--param', 'message=hi']);
  expect(stdout).toBe('Echo: hi\n');
});
