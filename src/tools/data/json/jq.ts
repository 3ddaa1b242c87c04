import { createRequire } from 'node:module';
import { fail, type LlmspellError } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { runInWorker } from '../../worker.js';
import { guardJqProgram } from './jq-guard.js';
import { JQ_SOURCE } from './jq-source.js';

/** The most bytes a program may print unless told otherwise. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const MEMORY_MB = 512;
/** jq's exit status for a program that could not be compiled. */
const COMPILE_ERROR = 3;

type Reply = { values: JsonValue[] } | { status: number | 'out of memory'; message: string };

/** How long a program may run, how much it may print and what ends it. */
export interface JqLimits {
  timeoutMs: number;
  signal: AbortSignal;
  maxOutputBytes?: number;
}

/**
 * Runs a jq program over each input and returns everything it prints, in order. It runs in a thread of its
 * own, without files, environment or other inputs.
 * @throws `input.invalid` for a program that is refused or cannot be compiled, `tool.failed` when it ends with an
 *   error, `component.timeout`, `limit.memory`, or the signal's reason.
 */
export async function runJq(
  program: string,
  inputs: readonly JsonValue[],
  limits: JqLimits,
): Promise<JsonValue[]> {
  guardJqProgram(program);
  const path = createRequire(import.meta.url).resolve('jq-wasm/dist/build/jq.js');
  const text = inputs.map((value) => JSON.stringify(value)).join('\n');
  const data = { path, program, inputs: text, maxBytes: limits.maxOutputBytes ?? MAX_OUTPUT_BYTES };
  const reply = await runInWorker<Reply>(JQ_SOURCE, data, { ...limits, memoryMb: MEMORY_MB });
  if ('values' in reply) return reply.values;
  throw jqError(reply.status, reply.message);
}

function jqError(status: number | 'out of memory', message: string): LlmspellError {
  if (status === 'out of memory')
    return fail('limit.memory', 'The jq query needed more memory than it may take');
  const plain = message
    .replace(/^jq: (?:error(?: \(at [^)]*\))?:?)?\s*/, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ jq: \d+ compile errors?$/, '');
  if (status === COMPILE_ERROR) return fail('input.invalid', `Invalid jq syntax: ${plain}`);
  return fail('tool.failed', `jq execution error: ${plain || `exit status ${status}`}`);
}
