import type { McpServerConfig } from '../config/types.js';
import { Budget } from '../core/budget.js';
import { createContext } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import type { JournalListener } from '../core/journal.js';
import { Journal } from '../core/journal.js';
import type { Secrets } from '../core/secrets.js';
import { noGrants } from '../security/grants.js';
import { createPermissions } from '../security/permissions.js';
import type { ToolSource } from '../tools/registry.js';
import { pinFile } from './mcp-pins.js';

/** What the kernel gives to its MCP servers. */
export interface McpSurroundings {
  servers: Readonly<Record<string, McpServerConfig>>;
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  effects: Effects;
  secrets: Secrets;
  accept(server: string, changes: readonly string[]): Promise<boolean>;
  /** Sees what servers were started and reached. */
  onEvent?: JournalListener | undefined;
}

type Servers = import('../tools/mcp/servers.js').McpServers;

/** The MCP servers of a kernel. Nothing of MCP is loaded until a tool of theirs is asked for. */
export class LazyMcpServers implements ToolSource {
  private made: Promise<Servers> | undefined;
  private readonly ended = new AbortController();

  constructor(private readonly parts: McpSurroundings) {}

  mayHave(name: string): boolean {
    return Object.keys(this.parts.servers).some((server) =>
      name.startsWith(`${server.replace(/[^A-Za-z0-9_-]/g, '_')}__`),
    );
  }

  async load(context: Parameters<ToolSource['load']>[0]) {
    return (await this.servers()).load(context);
  }

  /** The servers themselves. */
  servers(): Promise<Servers> {
    this.made ??= this.make();
    return this.made;
  }

  /** Ends every server that was started. */
  async close(): Promise<void> {
    await (await this.made)?.close();
    this.ended.abort(fail('component.cancelled', 'The kernel has shut down'));
  }

  private async make(): Promise<Servers> {
    const { McpServers } = await import('../tools/mcp/servers.js');
    const { servers, environment, accept } = this.parts;
    return new McpServers({ servers, pins: pinFile(environment), context: this.context(), accept });
  }

  /** Servers outlive runs, so they have a context of their own, with just the grants that the configuration implies. */
  private context() {
    const { servers, cwd, effects, secrets, environment, onEvent } = this.parts;
    const now = () => effects.now();
    const journal = new Journal(`mcp_${effects.id()}`, now, secrets);
    if (onEvent) journal.subscribe(onEvent);
    const commands = Object.values(servers).flatMap(({ command }) => command ?? []);
    const hosts = Object.values(servers).flatMap(({ url }) => (url === undefined ? [] : new URL(url).host));
    const folders = Object.values(servers).flatMap((server) => server.cwd ?? []);
    const grants = { ...noGrants(), run: commands, net: hosts, read: folders };
    return createContext({
      runId: journal.run,
      sessionId: journal.run,
      tenant: 'default',
      correlationId: journal.run,
      signal: this.ended.signal,
      permissions: createPermissions(grants, { cwd, searchPath: environment.PATH ?? '' }),
      secrets,
      budget: new Budget({}, now, () => {}),
      effects,
      interceptors: [],
      append: (path, event) => void journal.append(path, event),
    });
  }
}
