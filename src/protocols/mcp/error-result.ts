import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { type ErrorData, errorToData, type LlmspellError } from '../../core/errors.js';

/** A failure as MCP says it: a result that a model reads, with the code and the hint in it. */
export function errorResult(error: LlmspellError | ErrorData): CallToolResult {
  const { code, message, hint } = error instanceof Error ? errorToData(error as LlmspellError) : error;
  const text = `[${code}] ${message}${hint === undefined ? '' : `\n${hint}`}`;
  return { content: [{ type: 'text', text }], isError: true };
}
