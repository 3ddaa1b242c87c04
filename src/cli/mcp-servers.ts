import { errorToData, fail } from '../core/errors.js';
import { EXIT, exitCodeOf } from '../core/exit-codes.js';
import type { Kernel } from '../kernel/kernel.js';
import type { McpServers } from '../tools/mcp/servers.js';
import type { Invocation } from './command.js';
import { printable } from './printable.js';
import { printResult } from './render/print.js';
import { startKernel } from './setup.js';
import { standardInput } from './standard-input.js';

/** Shows every configured server with its tools, or with what is wrong; ends with 1 when something is. */
export function listServers(invocation: Invocation): Promise<number> {
  return withServers(invocation, async (servers) => {
    const all = (await servers?.status()) ?? [];
    const json = all.map(({ error, ...status }) => ({
      ...status,
      ...(error && { error: errorToData(error) }),
    }));
    const lines = all.map(({ name, tools, error }) =>
      error
        ? `${name}  [${error.code}] ${printable(error.message)}`
        : `${name}  ${printable(tools.join(', '))}`,
    );
    printResult(invocation, {
      json,
      text: () => lines.join('\n') || 'No MCP server is configured: see [mcp.servers].',
    });
    const failed = all.find((status) => status.error)?.error;
    return failed ? exitCodeOf(failed.code) : EXIT.ok;
  });
}

/** Accepts what a server offers now, and says how it differs from what was accepted before. */
export function acceptServer(invocation: Invocation): Promise<number> {
  return withServers(invocation, async (servers) => {
    const name = invocation.args.SERVER!;
    if (!servers)
      throw fail('mcp.not_found', `No MCP server is named '${name}'`, {
        hint: 'None is configured: see [mcp.servers].',
      });
    const changes = await servers.acceptNow(name);
    printResult(invocation, {
      json: { server: name, changes },
      text: () => `Accepted ${name}: ${printable(changes.join(', ')) || 'nothing has changed'}`,
    });
    return EXIT.ok;
  });
}

async function withServers(
  invocation: Invocation,
  work: (servers: McpServers | undefined) => Promise<number>,
): Promise<number> {
  const input = standardInput();
  const { kernel }: { kernel: Kernel } = await startKernel(invocation, { readLine: () => input(false) });
  try {
    return await work(await kernel.mcp?.servers());
  } finally {
    await kernel.shutdown();
  }
}
