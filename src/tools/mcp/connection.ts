import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerConfig } from '../../config/types.js';
import type { ExecutionContext } from '../../core/context.js';
import { fail, LlmspellError } from '../../core/errors.js';
import { VERSION } from '../../core/version.js';
import { guardedFetch } from '../../security/guarded-fetch.js';
import { progressOf } from '../progress.js';
import { cleanText } from './clean-text.js';
import { StdioTransport } from './stdio-transport.js';

/** Milliseconds that connecting and listing may take. */
const CONNECT_MS = 30_000;
/** Milliseconds one call may take unless the configuration says otherwise. */
const CALL_MS = 60_000;
/** Pages of a tool list that are read: a server that never ends its list is not followed for ever. */
const MOST_PAGES = 50;
/** Tools that one server may have. */
const MOST_TOOLS = 1000;
/** Characters of a server's own words that a message holds. */
const LONGEST_REASON = 1000;

/** One connection to an MCP server. */
export class McpConnection {
  private constructor(
    readonly name: string,
    private readonly server: McpServerConfig,
    private readonly client: Client,
  ) {}

  /**
   * Connects. What the server does when it is started or reached needs the grants of `context`, whose abort ends it.
   * @param listener `signal` ends the attempt. Contract: `changed` is called whenever the server says that its tools are
   *   others now; it must not throw.
   * @throws `mcp.unreachable`, `permission.*`
   */
  static async open(
    name: string,
    server: McpServerConfig,
    context: ExecutionContext,
    { signal, changed }: { signal: AbortSignal; changed: () => void },
  ): Promise<McpConnection> {
    const transport = await transportFor(name, server, context);
    const [{ Client }, { ToolListChangedNotificationSchema }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    const client = new Client({ name: 'llmspell', version: VERSION });
    client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
    try {
      const either = AbortSignal.any([context.signal, signal]);
      await client.connect(transport, { timeout: CONNECT_MS, signal: either });
    } catch (error) {
      await client.close().catch(() => {});
      throw unreachable(name, error, transport instanceof StdioTransport ? transport.complaint : '');
    }
    return new McpConnection(name, server, client);
  }

  /** Called when the connection ends by itself. */
  onEnd(ended: () => void): void {
    this.client.onclose = ended;
  }

  /** Every tool that the server offers; gives up when the signal aborts. @throws `mcp.protocol` */
  async listTools(signal: AbortSignal): Promise<Tool[]> {
    const tools: Tool[] = [];
    const whole = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.client
        .listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_MS, signal: whole })
        .catch((error: unknown) => {
          throw protocolError(this.name, error);
        });
      tools.push(...answer.tools);
      if (tools.length > MOST_TOOLS)
        throw fail('mcp.protocol', `The MCP server '${this.name}' offers more than ${MOST_TOOLS} tools`);
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  /** Calls a tool; progress and cancellation pass through. @throws `mcp.protocol`, the signal's reason */
  async callTool(
    tool: string,
    args: Record<string, unknown>,
    context: ExecutionContext,
  ): Promise<CallToolResult> {
    const report = progressOf(`${this.name}__${tool}`, context);
    const { CallToolResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const options = {
      signal: context.signal,
      timeout: (this.server.timeout_seconds ?? CALL_MS / 1000) * 1000,
      onprogress: ({
        progress,
        total,
        message,
      }: {
        progress: number;
        total?: number | undefined;
        message?: string | undefined;
      }) => report(message ?? 'working', total ? progress / total : undefined),
    };
    try {
      const params = { name: tool, arguments: args };
      return (await this.client.request(
        { method: 'tools/call', params },
        CallToolResultSchema,
        options,
      )) as CallToolResult;
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason;
      throw protocolError(this.name, error);
    }
  }

  /** Closes the connection and ends the server's processes. */
  async close(): Promise<void> {
    await this.client.close().catch(() => {});
  }
}

async function transportFor(
  name: string,
  server: McpServerConfig,
  context: ExecutionContext,
): Promise<Transport> {
  if (server.command !== undefined) return new StdioTransport(server, context);
  if (server.url === undefined)
    throw fail('config.invalid', `mcp.servers.${name} has neither a command nor a url`, {
      hint: 'Give it command = "program" (and args) or url = "https://host/mcp".',
    });
  const { StreamableHTTPClientTransport } = await import(
    '@modelcontextprotocol/sdk/client/streamableHttp.js'
  );
  return new StreamableHTTPClientTransport(new URL(server.url), {
    fetch: guardedFetch(context),
    requestInit: { headers: server.headers ?? {} },
  }) as Transport;
}

function unreachable(name: string, error: unknown, complaint: string): LlmspellError {
  if (error instanceof LlmspellError) return error;
  const said = complaint === '' ? '' : ` It said: ${shown(complaint.split('\n').at(-1)!)}`;
  return fail('mcp.unreachable', `The MCP server '${name}' does not answer: ${messageOf(error)}.${said}`, {
    hint: `Check mcp.servers.${name} in the configuration.`,
    cause: error,
  });
}

function protocolError(name: string, error: unknown): LlmspellError {
  if (error instanceof LlmspellError) return error;
  return fail('mcp.protocol', `The MCP server '${name}' failed: ${messageOf(error)}`, { cause: error });
}

function messageOf(error: unknown): string {
  return shown(error instanceof Error ? error.message : String(error));
}

/** Words of a server, fit for a message. */
function shown(text: string): string {
  return cleanText(text).slice(0, LONGEST_REASON);
}
