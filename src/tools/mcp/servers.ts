import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerConfig } from '../../config/types.js';
import type { ExecutionContext } from '../../core/context.js';
import { fail, type LlmspellError, toLlmspellError } from '../../core/errors.js';
import type { ToolDefinition } from '../define.js';
import type { ToolEntry, ToolSource } from '../registry.js';
import { McpConnection } from './connection.js';
import { mcpDescription, mcpTool, mcpToolName } from './definition.js';
import { type PinStore, pinChanges, pinOf } from './pins.js';

/** Milliseconds beyond a server's own limit before a call is given up on this side. */
const GRACE_MS = 5_000;

/** What the servers of a kernel are made of. */
export interface McpParts {
  servers: Readonly<Record<string, McpServerConfig>>;
  pins: PinStore;
  /** The context in which servers live: its permissions are those that the configuration gives them. */
  context: ExecutionContext;
  /**
   * Asks whether a changed tool list is accepted.
   * Contract: settles; `false` where nobody can be asked.
   */
  accept(server: string, changes: readonly string[]): Promise<boolean>;
}

interface Server {
  connection: McpConnection;
  tools: Tool[];
  /** Set when the server has announced another list. */
  stale: boolean;
}

/** What is known of one server, for people. */
export interface McpStatus {
  name: string;
  tools: string[];
  error?: LlmspellError;
}

/** The MCP servers of a kernel, connected when their tools are first asked for. */
export class McpServers implements ToolSource {
  private readonly open = new Map<string, Promise<Server>>();
  /** Ends the wait for servers that have not answered yet. */
  private readonly closing = new AbortController();

  constructor(private readonly parts: McpParts) {}

  mayHave(name: string): boolean {
    return this.names().some((server) => name.startsWith(mcpToolName(server, '')));
  }

  async load(context: ExecutionContext): Promise<ToolEntry[]> {
    const found = await Promise.all(
      this.names().map(async (name) => {
        try {
          return this.entries(name, await this.checked(name));
        } catch (thrown) {
          const { message, hint } = toLlmspellError(thrown, 'mcp.unreachable');
          context.emit({
            type: 'log',
            level: 'warn',
            module: 'mcp',
            message: `${message}${hint ? ` ${hint}` : ''}`,
          });
          return [];
        }
      }),
    );
    return found.flat();
  }

  /** How each server is. */
  status(): Promise<McpStatus[]> {
    return Promise.all(
      this.names().map(async (name) => {
        try {
          return { name, tools: (await this.checked(name)).tools.map((tool) => tool.name) };
        } catch (thrown) {
          return { name, tools: [], error: toLlmspellError(thrown, 'mcp.unreachable') };
        }
      }),
    );
  }

  /** Accepts what a server offers now; how it differs from before. @throws `mcp.not_found` */
  async acceptNow(name: string): Promise<string[]> {
    if (!this.names().includes(name))
      throw fail('mcp.not_found', `No MCP server is named '${name}'`, {
        hint: `Known: ${this.names().join(', ')}`,
      });
    const server = await this.connected(name);
    const before = this.parts.pins.load(name);
    const now = pinOf(server.tools);
    this.parts.pins.save(name, now);
    return before ? pinChanges(before, now) : [];
  }

  /** Closes every connection; the servers' processes are gone when it settles. */
  async close(): Promise<void> {
    this.closing.abort(fail('component.cancelled', 'The MCP servers are closed'));
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.all(all.map(async (server) => (await server.catch(() => undefined))?.connection.close()));
  }

  private names(): string[] {
    return Object.keys(this.parts.servers).filter((name) => this.parts.servers[name]!.enabled !== false);
  }

  private entries(name: string, { tools }: Server): ToolEntry[] {
    const own = tools.filter((tool) => this.ownerOf(mcpToolName(name, tool.name)) === name);
    return own.map((tool) => ({
      name: mcpToolName(name, tool.name),
      aliases: [],
      category: 'mcp',
      level: 'privileged',
      description: mcpDescription(name, tool),
      load: async () => this.definition(name, tool),
    }));
  }

  /** Whose a full name is: of the servers `a` and `a__b`, a tool named `b__c` of the first must not pass for one of the second. */
  private ownerOf(fullName: string): string | undefined {
    const prefix = (server: string) => mcpToolName(server, '');
    const possible = this.names().filter((server) => fullName.startsWith(prefix(server)));
    return possible.sort((one, other) => prefix(other).length - prefix(one).length)[0];
  }

  private definition(name: string, tool: Tool): ToolDefinition {
    const seconds = this.parts.servers[name]!.timeout_seconds ?? 60;
    const call = async (args: Record<string, unknown>, context: ExecutionContext) =>
      (await this.checked(name)).connection.callTool(tool.name, args, context);
    return mcpTool(name, tool, call, seconds * 1000 + GRACE_MS);
  }

  /** The server, connected, with a tool list that was accepted. @throws `mcp.changed` */
  private async checked(name: string): Promise<Server> {
    const server = await this.connected(name);
    const now = pinOf(server.tools);
    const fixed = this.parts.servers[name]!.pin;
    const known = this.parts.pins.load(name);
    if (fixed === undefined && !known) this.parts.pins.save(name, now);
    else if ((fixed ?? known!.hash) !== now.hash) {
      const changes = known ? pinChanges(known, now) : ['its list has another hash than the configured pin'];
      if (fixed !== undefined || !(await this.parts.accept(name, changes))) throw changed(name, changes);
      this.parts.pins.save(name, now);
    }
    return server;
  }

  private async connected(name: string): Promise<Server> {
    const server = await this.connect(name);
    if (server.stale) {
      server.stale = false;
      server.tools = await server.connection.listTools(this.closing.signal);
    }
    return server;
  }

  private connect(name: string): Promise<Server> {
    const known = this.open.get(name);
    if (known) return known;
    const opening = this.openServer(name);
    this.open.set(name, opening);
    opening.catch(() => this.open.delete(name));
    return opening;
  }

  private async openServer(name: string): Promise<Server> {
    const state: { server?: Server } = {};
    const { servers, context } = this.parts;
    const connection = await McpConnection.open(name, servers[name]!, context, {
      signal: this.closing.signal,
      changed: () => {
        if (state.server) state.server.stale = true;
      },
    });
    connection.onEnd(() => this.open.delete(name));
    try {
      state.server = { connection, tools: await connection.listTools(this.closing.signal), stale: false };
      return state.server;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}

function changed(name: string, changes: readonly string[]): LlmspellError {
  return fail('mcp.changed', `The tools of the MCP server '${name}' have changed: ${changes.join(', ')}`, {
    hint: `Look at them (llmspell mcp list), then accept them with: llmspell mcp accept ${name}`,
    details: { server: name, changes: [...changes] },
  });
}
