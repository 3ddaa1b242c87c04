import { fail, type LlmspellError } from '../core/errors.js';
import { isRecord, type JsonObject } from '../core/values.js';
import type { FinishReason, ToolCallRequest } from './model.js';

/** A tool call as the wire has it: the arguments are text nobody has checked. Never executed. */
export interface UncheckedToolCall {
  id: string;
  name: string;
  /** Supposed to be JSON text of an object; empty for tools without arguments. */
  argumentsText: string;
}

/**
 * The calls of an answer that is complete. Only a model that came to its own end meant what it wrote: calls of an
 * answer that was cut at the token limit or by a filter are refused even if their text happens to parse.
 * @throws `provider.tool_call_invalid`
 */
export function checkToolCalls(calls: readonly UncheckedToolCall[], reason: FinishReason): ToolCallRequest[] {
  const first = calls[0];
  if (first && (reason === 'length' || reason === 'content-filter' || reason === 'error'))
    throw invalid(first, `the answer was cut off (${reason})`, 'Raise max_tokens, or ask for less at once.');
  return calls.map((call) => ({ id: call.id, name: call.name, arguments: parseArguments(call) }));
}

function parseArguments(call: UncheckedToolCall): JsonObject {
  if (call.argumentsText.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(call.argumentsText);
  } catch (error) {
    throw invalid(
      call,
      (error as Error).message,
      'Ask again, or use a model that is better at calling tools.',
    );
  }
  if (!isRecord(value))
    throw invalid(call, 'the arguments are not an object', 'Ask again, or use another model.');
  return value as JsonObject;
}

function invalid(call: UncheckedToolCall, why: string, hint: string): LlmspellError {
  return fail(
    'provider.tool_call_invalid',
    `The model's call of tool '${call.name}' cannot be used: ${why}`,
    {
      hint,
      details: { tool: call.name, arguments: call.argumentsText.slice(0, 500), retryable: false },
    },
  );
}
