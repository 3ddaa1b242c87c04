import type { ToolResult } from '../tools/result.js';

/** Tools whose whole answer spells also look for under `metadata.response`. */
const ANSWER_IN_METADATA = new Set([
  'file-operations',
  'file-search',
  'file-converter',
  'archive-handler',
  'json-processor',
  'csv-analyzer',
]);

/** A result as spells read it: every older way of reading finds what it looks for. */
export function readableResult(tool: string, result: ToolResult): ToolResult {
  if (!ANSWER_IN_METADATA.has(tool)) return result;
  const { operation, success, message, metadata, error_details: error } = result;
  const response = { operation, success, message, result: result.result, metadata, ...(error && { error }) };
  return { ...result, metadata: { ...metadata, operation, response } };
}
