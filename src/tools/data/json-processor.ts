import { z } from 'zod';
import { fail } from '../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { runJq } from './json/jq.js';
import { mergeDeep } from './json/merge.js';
import { validateJson } from './json/validate.js';

const OPERATIONS = ['query', 'validate', 'stream', 'parse', 'stringify', 'merge'] as const;

const input = z.object({
  operation: operationParameter(OPERATIONS)
    .default('query')
    .describe('What to do; transform and jq mean query'),
  input: z.unknown().optional().describe('The JSON value or its text; for stream, one value per line'),
  query: z.string().optional().describe('query (required) and stream (default .): a jq program'),
  schema: z.unknown().optional().describe('validate: the JSON Schema (draft-07, or 2020-12 by its $schema)'),
  merge_data: z.unknown().optional().describe('merge: the value to merge into the input; its values win'),
  pretty: z.boolean().default(false).describe('stringify: with line breaks and indentation'),
  timeout_ms: z.number().int().min(1).max(30_000).default(5000).describe('Milliseconds a jq program may run'),
});
type Input = z.output<typeof input>;

/** Queries, transforms, validates and merges JSON. */
export default defineTool({
  name: 'json-processor',
  category: 'data',
  level: 'safe',
  description:
    'Queries and transforms JSON with jq, validates it against JSON Schema, parses, prints and merges it.',
  capabilities: [],
  cost: 'process',
  input,
  parameterAliases: {
    data: 'input',
    json_data: 'input',
    json: 'input',
    filter: 'query',
    expression: 'query',
  },
  operationAliases: { transform: 'query', jq: 'query', format: 'stringify' },
  // Above the longest time limit of a query, so that its own error is the one that is seen.
  timeoutMs: 40_000,
  samples: [
    {
      title: 'Query with jq',
      input: {
        operation: 'query',
        input: '{"users":[{"name":"Bo"},{"name":"Al"}]}',
        query: '.users | map(.name) | sort',
      },
      expect: { success: true, result: ['Al', 'Bo'] },
    },
    {
      title: 'Validate against a schema',
      input: {
        operation: 'validate',
        input: { age: 'old' },
        schema: { type: 'object', properties: { age: { type: 'number' } } },
      },
      expect: { success: true, result: { is_valid: false, errors: [{ path: '/age', keyword: 'type' }] } },
    },
    {
      title: 'One value per line',
      input: { operation: 'stream', input: '{"v":1}\n{"v":5}', query: 'select(.v > 2)' },
      expect: { result: [{ v: 5 }] },
    },
    {
      title: 'Deep merge',
      input: { operation: 'merge', input: { a: { b: 1 } }, merge_data: { a: { c: 2 } } },
      expect: { result: { a: { b: 1, c: 2 } } },
    },
    {
      title: 'A program that reads its surroundings',
      input: { operation: 'query', input: {}, query: 'env' },
      error: 'input.invalid',
    },
  ],
  run: async (request, { signal }) => {
    const { result, text } = await perform(request, signal);
    return {
      result: result!,
      text: text ?? JSON.stringify(result, null, 2),
      message: `JSON ${request.operation} done`,
    };
  },
});

async function perform(request: Input, signal: AbortSignal): Promise<ToolOutcome> {
  switch (request.operation) {
    case 'query':
      return { result: await queried(request, signal) };
    case 'stream':
      return { result: await streamed(request, signal) };
    case 'validate':
      return { result: await validateJson(decoded(request.input), schemaOf(request)) };
    case 'parse':
      return { result: parsed(request.input) };
    case 'stringify':
      return stringified(request);
    case 'merge':
      return { result: merged(request) };
  }
}

/** One output is the answer itself; none or several are a list. */
async function queried(request: Input, signal: AbortSignal): Promise<JsonValue> {
  const query = needed('query', request.query);
  const outputs = await runJq(query, [decoded(request.input)], { timeoutMs: request.timeout_ms, signal });
  return outputs.length === 1 ? outputs[0]! : outputs;
}

function streamed(request: Input, signal: AbortSignal): Promise<JsonValue[]> {
  const values = typeof request.input === 'string' ? lines(request.input) : [decoded(request.input)];
  return runJq(request.query ?? '.', values, { timeoutMs: request.timeout_ms, signal });
}

function lines(text: string): JsonValue[] {
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [parsedLine(line, index + 1)]));
}

function parsedLine(line: string, number: number): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch (error) {
    throw fail('input.invalid', `JSON parse error on line ${number}: ${(error as Error).message}`);
  }
}

function schemaOf({ schema }: Input): JsonValue {
  const value = decoded(needed('schema', schema));
  if (isRecord(value) || typeof value === 'boolean') return value;
  throw fail('input.invalid', 'Invalid JSON schema: a schema is an object or a boolean');
}

function parsed(value: unknown): JsonValue {
  if (typeof value !== 'string') return decoded(value);
  try {
    return JSON.parse(value) as JsonValue;
  } catch (error) {
    throw fail('input.invalid', `JSON parse error: ${(error as Error).message}`);
  }
}

function stringified(request: Input): ToolOutcome {
  const text = JSON.stringify(decoded(request.input), null, request.pretty ? 2 : 0);
  return { result: text, text };
}

/** The input with `merge_data`, or a list of values merged from first to last. */
function merged(request: Input): JsonValue {
  const value = decoded(request.input);
  if (request.merge_data !== undefined) return mergeDeep(value, decoded(request.merge_data));
  if (Array.isArray(value)) return value.reduce<JsonValue>(mergeDeep, {} as JsonObject);
  throw fail('input.invalid', "Missing required parameter 'merge_data'");
}

/** Text that is JSON is decoded; other text stays text. */
function decoded(value: unknown): JsonValue {
  const given = needed('input', value);
  if (typeof given !== 'string') return given as JsonValue;
  try {
    return JSON.parse(given) as JsonValue;
  } catch {
    return given;
  }
}

function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}
