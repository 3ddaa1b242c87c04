import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';
import type { ToolOutcome } from './define.js';

/** The one result shape of every tool: every reading style that scripts use works on it. */
export interface ToolResult {
  success: boolean;
  operation: string;
  result: JsonValue;
  text: string;
  /** Same as `text`. */
  output: string;
  /** Same as `result`. */
  data: JsonValue;
  message: string;
  /** The failure's message, or null. */
  error: string | null;
  error_details: JsonValue;
  metadata: JsonObject;
}

/** Builds the result shape from what a tool's `run` returned. */
export function toolResult(tool: string, input: unknown, outcome: ToolOutcome): ToolResult {
  const { failure } = outcome;
  const result = outcome.result ?? null;
  const message = failure?.message ?? outcome.message ?? '';
  const text = outcome.text ?? (message && result === null ? message : readable(result, message));
  return {
    success: !failure,
    operation: outcome.operation ?? operationOf(input) ?? tool,
    result,
    text,
    output: text,
    data: result,
    message,
    error: failure?.message ?? null,
    error_details: failure
      ? { message: failure.message, code: failure.code ?? null, details: failure.details ?? null }
      : null,
    metadata: outcome.metadata ?? {},
  };
}

function readable(result: JsonValue, message: string): string {
  if (typeof result === 'string') return result;
  return result === null ? message : JSON.stringify(result, null, 2);
}

function operationOf(input: unknown): string | undefined {
  const operation = isRecord(input) ? input.operation : undefined;
  return typeof operation === 'string' ? operation : undefined;
}

/** Keys by which a table is known for a result, whole or in part. */
const RESULT_KEYS = ['success', 'result', 'data', 'text', 'output', 'message', 'error'];

/** The result shape of what stands in the place of a tool's own result: a result, a part of one, or any value. */
export function adoptedResult(tool: string, input: unknown, value: JsonValue): ToolResult {
  if (!isRecord(value) || !RESULT_KEYS.some((key) => Object.hasOwn(value, key)))
    return toolResult(tool, input, { result: value });
  const given = value as Partial<ToolResult>;
  const text = given.text ?? given.output;
  const base = toolResult(tool, input, {
    result: given.result ?? given.data ?? null,
    ...(typeof text === 'string' && { text }),
  });
  return { ...base, ...given };
}
