import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { writeFileGuarded } from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { readPath, writePath } from '../parameters.js';
import { type Change, compare } from './diff/changes.js';
import { formatText, formatWords } from './diff/formats.js';
import { splitLines } from './diff/hunks.js';
import { jsonDifference } from './diff/json-diff.js';
import { applyJsonPatch, createJsonPatch } from './diff/json-patch.js';
import { jsonOf, MAX_BYTES, parseJson, textOf } from './diff/sources.js';
import { applyTextPatch } from './diff/text-patch.js';
import { diffCalculatorSamples } from './diff-calculator.samples.js';

/** Characters of a difference that a result holds. */
const MAX_DIFF_LENGTH = 2_000_000;
const FORMATS = ['unified', 'context', 'inline', 'simple', 'words', 'patch'] as const;

const inputSchema = z.object({
  operation: operationParameter(['diff', 'apply', 'text', 'json', 'text_diff', 'json_diff'])
    .default('diff')
    .describe('diff: compare; apply: change the old side by a patch; text and json: compare as that type'),
  type: z
    .preprocess(lower, z.enum(['text', 'json'], { error: 'Invalid type. Allowed values: text, json' }))
    .optional()
    .describe('What is compared; json when old_json is given, else text'),
  old_text: z.string().max(MAX_BYTES).optional().describe('The old text'),
  new_text: z.string().max(MAX_BYTES).optional().describe('The new text'),
  old_json: z.unknown().optional().describe('The old JSON value, or its text'),
  new_json: z.unknown().optional().describe('The new JSON value, or its text'),
  old_file: readPath('A file.').optional().describe('The file that holds the old side; comes before a text'),
  new_file: readPath('A file.').optional().describe('The file that holds the new side; comes before a text'),
  format: z
    .preprocess(lower, z.enum(FORMATS, { error: `Invalid format. Allowed values: ${FORMATS.join(', ')}` }))
    .default('unified')
    .describe('text: unified, context, inline, simple or words; json: patch for the operations of RFC 6902'),
  context_lines: z.int().min(0).max(1000).default(3).describe('Unchanged lines around a change'),
  ignore_whitespace: z
    .boolean()
    .default(false)
    .describe('Take lines for equal that differ in white space only'),
  patch: z
    .unknown()
    .optional()
    .describe('apply: a unified diff, or for JSON a list of operations or its text'),
  output_file: writePath('A file.').optional().describe('apply: also write what comes out to this file'),
});
type Input = z.output<typeof inputSchema>;

/** Compares texts, files and JSON values, and applies what such a comparison gave. */
export default defineTool({
  name: 'diff-calculator',
  aliases: ['diff'],
  category: 'utility',
  level: 'restricted',
  description: 'Compares texts, files and JSON values, and applies unified diffs and JSON patches.',
  capabilities: ['read', 'write'],
  input: inputSchema,
  parameterAliases: {
    text1: 'old_text',
    text2: 'new_text',
    old: 'old_text',
    new: 'new_text',
    file1: 'old_file',
    file2: 'new_file',
    original: 'old_text',
    modified: 'new_text',
    output_path: 'output_file',
  },
  operationAliases: { compare: 'diff', calculate: 'diff', patch: 'apply' },
  samples: diffCalculatorSamples,
  run: (input, context) => {
    const json = typeOf(input) === 'json';
    if (input.operation === 'apply') return json ? applyToJson(input, context) : applyToText(input, context);
    return json ? diffJson(input, context) : diffText(input, context);
  },
});

function typeOf(input: Input): 'text' | 'json' {
  if (input.operation.startsWith('text')) return 'text';
  if (input.operation.startsWith('json')) return 'json';
  return input.type ?? (input.old_json === undefined ? 'text' : 'json');
}

async function diffText(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const { format } = input;
  if (format === 'patch')
    throw fail('input.invalid', "Invalid format: 'patch' is for JSON; use unified for texts");
  const [before, after] = [await textOf('old', input, context), await textOf('new', input, context)];
  const lines = { old: splitLines(before), new: splitLines(after) };
  const words = format === 'words';
  const { changes, approximate } = words
    ? await compare(splitWords(before), splitWords(after), { signal: context.signal })
    : await compare(lines.old, lines.new, {
        signal: context.signal,
        ...(input.ignore_whitespace && { key: (line: string) => line.replace(/\s+/g, '') }),
      });
  const diff = words ? formatWords(changes) : formatText(format, changes, formatOptions(input));
  const stats = { old_lines: lines.old.length, new_lines: lines.new.length, ...counts(changes) };
  return {
    operation: 'text_diff',
    result: {
      type: 'text',
      format,
      diff: diff.slice(0, MAX_DIFF_LENGTH),
      identical: stats.added + stats.removed === 0,
      stats,
      ...(approximate && { approximate }),
      truncated: diff.length > MAX_DIFF_LENGTH,
    },
    text: diff.slice(0, MAX_DIFF_LENGTH),
    message: `${stats.added} added, ${stats.removed} removed`,
  };
}

function formatOptions({ old_file, new_file, context_lines: context }: Input) {
  return { oldName: old_file ?? 'old', newName: new_file ?? 'new', context };
}

function counts(changes: readonly Change<string>[]) {
  const count = (wanted: string) =>
    changes.reduce((sum, { kind, tokens }) => (kind === wanted ? sum + tokens.length : sum), 0);
  return { added: count('added'), removed: count('removed') };
}

/** Words, runs of white space, and single other characters. */
function splitWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

async function diffJson(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const [before, after] = [await jsonOf('old', input, context), await jsonOf('new', input, context)];
  if (input.format === 'patch') {
    const patch = (await createJsonPatch(before, after)) as unknown as JsonObject[];
    return {
      operation: 'json_diff',
      result: { type: 'json', format: 'patch', patch, summary: { operations: patch.length } },
      message: `${patch.length} operations`,
    };
  }
  const diff = jsonDifference(before, after);
  const summary = {
    added: Object.keys(diff.added).length,
    removed: Object.keys(diff.removed).length,
    modified: Object.keys(diff.modified).length,
    unchanged: diff.unchanged.length,
  };
  return {
    operation: 'json_diff',
    result: { type: 'json', diff: { ...diff }, summary },
    message: `${summary.added} added, ${summary.removed} removed, ${summary.modified} modified`,
  };
}

async function applyToText(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const before = await textOf('old', input, context);
  const { patch } = input;
  if (typeof patch !== 'string')
    throw fail('input.invalid', "Operation 'apply' requires 'patch', a unified diff");
  const text = await applyTextPatch(before, patch);
  return applied(input, { type: 'text', text }, text, context);
}

async function applyToJson(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const before = await jsonOf('old', input, context);
  const { patch } = input;
  if (patch === undefined)
    throw fail('input.invalid', "Operation 'apply' requires 'patch', a list of operations");
  const operations = typeof patch === 'string' ? parseJson(patch, 'patch') : (patch as JsonValue);
  const json = await applyJsonPatch(before, operations);
  return applied(input, { type: 'json', json }, `${JSON.stringify(json, null, 2)}\n`, context);
}

async function applied(
  { output_file: file }: Input,
  result: JsonObject,
  text: string,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  if (file === undefined) return { operation: 'apply', result, text, message: 'Applied the patch' };
  const { path, size } = await writeFileGuarded(file, text, context);
  const message = `Applied the patch and wrote ${size} bytes to ${path}`;
  return { operation: 'apply', result: { ...result, output_file: path }, text, message };
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
