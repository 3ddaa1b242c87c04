import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { runInterruptible } from '../data/json/interruptible.js';
import { defineTool, type ToolDefinition, type ToolOutcome } from '../define.js';
import { cleanText } from './clean-text.js';

/** Characters of a server's description that models get to read. */
const LONGEST_DESCRIPTION = 2000;
/** Characters of text that one answer may have. */
const LONGEST_TEXT = 1_000_000;
/** Milliseconds that checking one input may block. */
const CHECK_TIMEOUT_MS = 500;

/** Calls the server. Contract: as `McpConnection.callTool`. */
export type CallServer = (
  args: Record<string, unknown>,
  context: ExecutionContext,
) => Promise<CallToolResult>;

/** The name under which a server's tool is known here; fit for the function names of models. */
export function mcpToolName(server: string, tool: string): string {
  return `${server}__${tool}`.replace(/[^A-Za-z0-9_-]/g, '_');
}

/**
 * A tool of an MCP server as one of ours. What it says of itself and what it answers is text from outside: control
 * characters are taken out, lengths are capped, and results are marked as untrusted.
 */
export function mcpTool(server: string, tool: Tool, call: CallServer, timeoutMs: number): ToolDefinition {
  return defineTool({
    name: mcpToolName(server, tool.name),
    category: 'mcp',
    level: 'privileged',
    description: mcpDescription(server, tool),
    capabilities: [],
    input: inputSchema(tool.inputSchema),
    timeoutMs,
    samples: [],
    run: async (input, context) => outcomeOf(server, await call(input as Record<string, unknown>, context)),
  });
}

/** What a server says of a tool, cleaned and shortened. */
export function mcpDescription(server: string, { description, title, name }: Tool): string {
  const text = cleanText(description ?? title ?? name);
  const short = text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION)}…` : text;
  return `${short} (from the MCP server ${server})`;
}

function inputSchema(schema: Tool['inputSchema']): z.ZodType {
  let checked: z.ZodType;
  try {
    checked = z.fromJSONSchema(schema as never);
  } catch {
    // A dialect that cannot be checked here; the server checks its own input.
    return z.record(z.string(), z.unknown());
  }
  const { safeParse } = checked;
  checked.safeParse = (input, params) => runInterruptible(() => safeParse(input, params), CHECK_TIMEOUT_MS);
  return checked;
}

function outcomeOf(server: string, answer: CallToolResult): ToolOutcome {
  const text = capped(answer.content.map(blockText).join('\n'));
  const metadata = { source: `mcp:${server}`, untrusted: true };
  if (answer.isError)
    return { failure: { message: text || 'The tool reported an error' }, result: text, metadata };
  const structured = answer.structuredContent as JsonObject | undefined;
  return { result: structured ?? content(answer), text, metadata };
}

function content({ content: blocks }: CallToolResult): JsonValue {
  if (blocks.length === 1 && blocks[0]!.type === 'text') return capped(blocks[0]!.text);
  return blocks as unknown as JsonValue;
}

function blockText(block: CallToolResult['content'][number]): string {
  if (block.type === 'text') return block.text;
  if (block.type === 'image' || block.type === 'audio') return `[${block.type} ${block.mimeType}]`;
  if (block.type === 'resource_link') return `[resource ${block.uri}]`;
  return 'text' in block.resource ? block.resource.text : `[resource ${block.resource.uri}]`;
}

function capped(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (cut)` : text;
}
