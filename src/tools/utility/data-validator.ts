import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';
import { patternCompiler } from '../data/linear-pattern.js';
import { pause } from '../data/source/bytes.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { validatorSamples } from './data-validator.samples.js';
import { checkOf, type ValidationError } from './validator/checks.js';
import { schemaErrors } from './validator/json-schema.js';
import { readRules } from './validator/rule-schemas.js';

/** Checks between two pauses. */
const CHECKS_PER_TURN = 2000;
/** Characters of a wrong value that an error shows. */
const SHOWN_CHARACTERS = 500;

const input = z.object({
  operation: operationParameter(['validate_data']).default('validate_data').describe('What to do.'),
  input: z.unknown().describe('The value to check: any JSON.'),
  rules: z
    .unknown()
    .optional()
    .describe(
      'A list of rules, or { rules: [...] }. Each has a type: required; type (expected); length (min, max); range (min, max); pattern (regex); enum (values); email; url; date (format, strftime); custom (name: phone, uuid, credit_card, ipv4, ipv6, hostname); array (min_items, max_items, unique, item_rules); object (properties, required, additional_properties).',
    ),
  schema: z
    .unknown()
    .optional()
    .describe('A JSON Schema (draft-07, or 2020-12 by its $schema), instead of rules or beside them.'),
  fail_fast: z.boolean().default(false).describe('Stop at the first error.'),
  max_errors: z.number().int().min(1).max(1000).default(100).describe('The most errors to list.'),
});
type Input = z.output<typeof input>;

/** Checks values by rules or a JSON Schema. */
export default defineTool({
  name: 'data-validator',
  aliases: ['data-validation', 'validator'],
  category: 'utility',
  level: 'safe',
  description:
    'Checks a value by rules (type, length, range, pattern, email, date and more) or by a JSON Schema.',
  capabilities: [],
  input,
  parameterAliases: { data: 'input', value: 'input', json_schema: 'schema' },
  operationAliases: { validate: 'validate_data', check: 'validate_data', validate_schema: 'validate_data' },
  samples: validatorSamples,
  run: (request, context) => validated(request, context),
});

async function validated(request: Input, context: ExecutionContext): Promise<ToolOutcome> {
  // Nil in Lua and a missing key look the same, and both are a value to check.
  const value = (request.input ?? null) as JsonValue;
  if (request.rules === undefined && request.schema === undefined)
    throw fail('input.invalid', "Missing required parameter 'rules' (or 'schema')");
  const limit = request.fail_fast ? 1 : request.max_errors;
  const rules = request.rules === undefined ? [] : readRules(decoded(request.rules));
  const found = await brokenRules(value, rules, limit, context);
  if (request.schema !== undefined) found.push(...(await schemaErrors(value, schemaOf(request.schema))));
  const errors = found.slice(0, limit);
  const valid = errors.length === 0;
  return {
    result: { valid, errors: errors.map(shown), error_count: errors.length, truncated: found.length > limit },
    message: valid ? 'Data is valid' : `Data is invalid: ${errors.length} errors`,
    metadata: { rule_count: rules.length, error_count: errors.length },
  };
}

/** One error more than the limit, so that it is known whether there are more. */
async function brokenRules(
  value: JsonValue,
  rules: ReturnType<typeof readRules>,
  limit: number,
  context: ExecutionContext,
): Promise<ValidationError[]> {
  const errors: ValidationError[] = [];
  const check = checkOf(rules, await patternCompiler());
  let checks = 0;
  for (const step of check(value, 'input')) {
    if (step) errors.push(step);
    if (errors.length > limit) break;
    if (++checks % CHECKS_PER_TURN === 0) await pause(context);
  }
  return errors;
}

function schemaOf(given: unknown): JsonObject | boolean {
  const schema = decoded(given);
  if (isRecord(schema)) return schema as JsonObject;
  if (typeof schema === 'boolean') return schema;
  throw fail('input.invalid', 'Invalid JSON schema: a schema is an object or a boolean');
}

/** Rules and schemas may be written as JSON text. */
function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    throw fail('input.invalid', `JSON parse error: ${(error as Error).message}`);
  }
}

function shown({ value, ...rest }: ValidationError): JsonObject {
  const text = JSON.stringify(value);
  return { ...rest, value: text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : value };
}
