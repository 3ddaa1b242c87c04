import { z } from 'zod';
import { fail } from '../../core/errors.js';
import { inputError } from '../../core/schema.js';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { byteLength } from './text/bytes.js';
import {
  applyTextOperation,
  OPTION_FIELDS,
  OPTIONS,
  TEXT_OPERATIONS,
  type TextOperationName,
  type TextOptions,
} from './text/operations.js';

const NAMES: [string, ...string[]] = ['transform', ...Object.keys(TEXT_OPERATIONS)];
/** Operations that make a text of their settings alone. */
const WITHOUT_INPUT = new Set(['format', 'constant']);

const input = z.object({
  operation: operationParameter(NAMES).describe('What to do with the text'),
  input: z
    .union([z.string(), z.array(z.unknown())])
    .optional()
    .describe('The text; for join a list or its JSON text'),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Settings of the operation; they may also stand beside the input'),
  ...OPTION_FIELDS,
});
type Input = z.output<typeof input>;

/** Changes, measures and searches text. Lengths and offsets are bytes of UTF-8. */
export default defineTool({
  name: 'text-manipulator',
  category: 'utility',
  level: 'safe',
  description: 'Changes, measures and searches text: case, whitespace, replace, split, wrap, count, extract.',
  capabilities: [],
  input,
  parameterAliases: { text: 'input' },
  operationAliases: { upper: 'uppercase', lower: 'lowercase', wrap: 'word_wrap', analyse: 'analyze' },
  samples: [
    {
      title: 'Upper case',
      input: { operation: 'uppercase', input: 'hello' },
      expect: { success: true, result: { result: 'HELLO', original_length: 5 } },
    },
    {
      title: 'Replace every occurrence',
      input: { operation: 'replace', input: 'a-b-c', options: { from: '-', to: '+' } },
      expect: { result: { result: 'a+b+c' } },
    },
    {
      title: 'Cut to a number of bytes',
      input: { operation: 'truncate', input: 'Hello, world!', options: { max_length: 5 } },
      expect: { result: { result: 'He...' } },
    },
    {
      title: 'Find addresses in a text',
      input: { operation: 'extract', input: 'Ask ann@example.org or bo@example.org', pattern: 'email' },
      expect: { result: { result: ['ann@example.org', 'bo@example.org'] } },
    },
    {
      title: 'Several operations in order',
      input: { operation: 'transform', input: '  Hello World ', transformations: ['trim', 'snake_case'] },
      expect: { result: { result: 'hello_world' } },
    },
    {
      title: 'Settings that are missing',
      input: { operation: 'replace', input: 'text' },
      error: 'input.invalid',
    },
  ],
  run: async (request, { signal }) => {
    const text = inputText(request);
    const options = mergedOptions(request);
    const result =
      request.operation === 'transform'
        ? await transformed(text, options, signal)
        : await applyTextOperation(request.operation as TextOperationName, text, options, signal);
    return outcome(request.operation, text, result);
  },
});

function outcome(operation: string, text: string, result: JsonValue): ToolOutcome {
  const shown = typeof result === 'string' ? result : JSON.stringify(result);
  const fields: JsonObject = {
    result,
    operation,
    original_length: byteLength(text),
    result_length: byteLength(shown),
  };
  if (operation === 'split') fields.parts = JSON.parse(shown) as JsonValue;
  return { result: fields, message: `Text ${operation} done` };
}

async function transformed(text: string, options: TextOptions, signal: AbortSignal): Promise<string> {
  let current = text;
  for (const step of options.transformations ?? []) {
    const { name, settings } = stepOf(step);
    const result = await applyTextOperation(
      name,
      current,
      checkedOptions({ ...options, ...settings }),
      signal,
    );
    current = typeof result === 'string' ? result : JSON.stringify(result);
  }
  return current;
}

function stepOf(step: unknown): { name: TextOperationName; settings: Record<string, unknown> } {
  const record = isRecord(step) ? step : { operation: step };
  const name = record.operation ?? record.type;
  if (typeof name !== 'string' || !Object.hasOwn(TEXT_OPERATIONS, name))
    throw fail('input.invalid', `Unknown operation '${String(name)}' in transformations`, {
      hint: `Use ${Object.keys(TEXT_OPERATIONS).join(', ')}.`,
    });
  return { name: name as TextOperationName, settings: { ...record, ...settingsOf(record.options) } };
}

function inputText({ input: text, operation }: Input): string {
  if (text === undefined && !WITHOUT_INPUT.has(operation))
    throw fail('input.invalid', "Missing required parameter 'input'");
  return Array.isArray(text) ? JSON.stringify(text) : (text ?? '');
}

/** Settings in `options` win over those beside the input. */
function mergedOptions(request: Input): TextOptions {
  return checkedOptions({ ...request, ...settingsOf(request.options) });
}

function checkedOptions(raw: Record<string, unknown>): TextOptions {
  const checked = OPTIONS.safeParse(raw);
  if (!checked.success) throw inputError("tool 'text-manipulator'", checked.error, OPTIONS);
  return checked.data;
}

function settingsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
