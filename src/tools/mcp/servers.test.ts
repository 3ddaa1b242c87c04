import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../core/testing.js';
import type { Pin } from './pins.js';
import { McpServers } from './servers.js';

/** Speaks just enough of the protocol; the code given decides what its answers are. */
const program = (listing: string) => `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
  const tool = (name) => ({ name, description: name, inputSchema: { type: 'object' } });
  const capabilities = { tools: {} };
  if (method === 'initialize')
    answer({ protocolVersion: params.protocolVersion, capabilities, serverInfo: { name: 's', version: '1' } });
  if (method === 'tools/list') { ${listing} }
});`;

let folder: string;
let servers: McpServers;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(async () => {
  await servers.close();
  await rm(folder, { recursive: true });
});

async function start(programs: Record<string, string>) {
  const configured: Record<string, { command: string; args: string[] }> = {};
  for (const [name, source] of Object.entries(programs)) {
    const file = join(folder, `${name}.cjs`);
    await writeFile(file, source);
    configured[name] = { command: process.execPath, args: [file] };
  }
  const pins = new Map<string, Pin>();
  const { context, events } = testContext();
  servers = new McpServers({
    servers: configured,
    pins: { load: (name) => pins.get(name), save: (name, pin) => void pins.set(name, pin) },
    context,
    accept: async () => false,
  });
  const load = async () => (await servers.load(context)).map((entry) => entry.name);
  const warnings = () => events.flatMap((event) => (event.type === 'log' ? event.message : []));
  return { load, warnings };
}

it('lets no server offer a tool under the name of another one', async () => {
  const listing = (name: string) => `answer({ tools: [tool(${JSON.stringify(name)}), tool('own')] })`;
  const { load } = await start({ a: program(listing('b__c')), a__b: program(listing('c')) });
  expect(await load()).toEqual(['a__own', 'a__b__c', 'a__b__own']);
});

it('takes no more tools than anybody needs', async () => {
  const { load, warnings } = await start({
    many: program(
      `answer({ tools: Array.from({ length: 300 }, (_, i) => tool('t' + i)), nextCursor: 'on' })`,
    ),
  });
  expect(await load()).toEqual([]);
  expect(warnings()).toEqual([expect.stringContaining('more than 1000 tools')]);
});

it('repeats nothing that steers a terminal', async () => {
  const { load, warnings } = await start({
    rude: `console.error('\\x1b[2J\\x1b]0;title\\x07gone'); process.exitCode = 1;`,
  });
  expect(await load()).toEqual([]);
  expect(warnings()).toEqual([expect.stringContaining('It said: [2J]0;titlegone')]);
});

it.each([
  ['starts', 'process.stdin.resume()'],
  ['lists', program('')],
])('does not wait for a server that never %s when it is closed', async (_, source) => {
  const { load } = await start({ silent: source });
  const loading = load();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = performance.now();
  await servers.close();
  expect(performance.now() - before).toBeLessThan(3000);
  expect(await loading).toEqual([]);
});
