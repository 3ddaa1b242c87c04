import type { ExecutionContext } from '../core/context.js';
import { fail, LlmspellError } from '../core/errors.js';
import type { ToolCallRequest } from '../providers/model.js';
import type { ToolResult } from '../tools/result.js';
import type { AgentTools } from './contract.js';
import type { Toolbox } from './toolbox.js';

/** What a model is told about one tool call. */
export interface ToolReply {
  success: boolean;
  text: string;
}

/** Characters of a tool's text that reach the model; a larger text is cut and says so. */
export const MAX_TOOL_TEXT = 100_000;

/** Errors after which going on makes no sense: who started the run wants it to end. */
const FATAL = /^(?:budget\.|execution\.|replay\.|component\.cancelled$|session\.closed$)/;

/**
 * Runs a tool that a model called. What goes wrong inside the tool is an answer to the model, which may try
 * something else; cancellation and used-up budgets are thrown.
 */
export async function answerToolCall(
  call: ToolCallRequest,
  toolbox: Toolbox,
  tools: AgentTools,
  context: ExecutionContext,
): Promise<ToolReply> {
  const name = toolbox.find(call.name);
  if (name === undefined) return { success: false, text: unavailable(call.name, toolbox) };
  try {
    return reply(await tools.call(name, call.arguments, context));
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (thrown instanceof LlmspellError && FATAL.test(thrown.code)) throw thrown;
    return {
      success: false,
      text: cut(`Error: ${thrown instanceof Error ? thrown.message : String(thrown)}`),
    };
  }
}

/** The error for an agent whose model wants more tool calls than its plan allows. */
export function toolLimit(limit: number): LlmspellError {
  return fail(
    'agent.tool_limit',
    `The agent may make ${limit} tool calls per execution and its model asked for more`,
    {
      hint: 'Raise max_tool_calls, or tell the model in its system prompt when to stop.',
      details: { limit },
    },
  );
}

function reply(result: ToolResult): ToolReply {
  const text = result.success ? result.text : `Error: ${result.error ?? result.text}`;
  return { success: result.success, text: cut(text) };
}

function unavailable(name: string, toolbox: Toolbox): string {
  const names = toolbox.offered.map((tool) => tool.name);
  return `Error: the tool '${name}' is not available. ${names.length > 0 ? `Available: ${names.join(', ')}` : 'There are no tools.'}`;
}

function cut(text: string): string {
  if (text.length <= MAX_TOOL_TEXT) return text;
  return `${text.slice(0, MAX_TOOL_TEXT)}\n[${text.length - MAX_TOOL_TEXT} more characters were cut]`;
}
