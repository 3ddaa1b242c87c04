import type { ErrorObject, ValidateFunction } from 'ajv';
import { fail } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { runInterruptible } from '../../data/json/interruptible.js';
import type { ValidationError } from './checks.js';

/** Milliseconds that reading a schema and checking a value may block. */
const TIMEOUT_MS = 1000;

/**
 * What breaks a JSON Schema: draft 2020-12 (or 2019-09) when `$schema` names it, draft-07 otherwise. Patterns take
 * time in proportion to the text.
 * @throws `input.invalid` for a schema that is none, `component.timeout` for one that takes too long
 */
export async function schemaErrors(
  value: JsonValue,
  schema: JsonObject | boolean,
): Promise<ValidationError[]> {
  const ajv = await validatorFor(schema);
  return runInterruptible(() => {
    const validate = compile(ajv, schema);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => described(error, value));
  }, TIMEOUT_MS);
}

type Compiler = { compile(schema: JsonObject | boolean): ValidateFunction };

function compile(ajv: Compiler, schema: JsonObject | boolean): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw fail('input.invalid', `Invalid JSON schema: ${(error as Error).message}`);
  }
}

async function validatorFor(schema: JsonObject | boolean): Promise<Compiler> {
  const [draft7, draft2020, formats, { RE2JS }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
    import('re2js'),
  ]);
  const linear = (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.test(text) };
  };
  // The source is only for validators that are written to a file.
  const regExp = Object.assign(linear, { code: 'RegExp' });
  const options = { allErrors: true, strict: false, logger: false, verbose: true, code: { regExp } } as const;
  const ajv = is2020(schema) ? new draft2020.Ajv2020(options) : new draft7.Ajv(options);
  formats.default.default(ajv);
  return ajv;
}

function is2020(schema: JsonObject | boolean): boolean {
  const dialect = typeof schema === 'object' ? schema.$schema : undefined;
  return typeof dialect === 'string' && /2020-12|2019-09/.test(dialect);
}

function described(
  { instancePath, message, keyword, params, data }: ErrorObject,
  value: JsonValue,
): ValidationError {
  const extra = (params as { additionalProperty?: unknown }).additionalProperty;
  const detail = typeof extra === 'string' ? ` ('${extra}')` : '';
  return {
    field: fieldOf(instancePath, value),
    value: (data ?? null) as JsonValue,
    rule: keyword,
    message: `${message ?? keyword}${detail}`,
  };
}

/** `/users/0/name` as `input.users[0].name`. */
function fieldOf(pointer: string, value: JsonValue): string {
  let current: JsonValue | undefined = value;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((field, step) => {
    const inList = Array.isArray(current);
    current = (current as JsonObject | null | undefined)?.[step];
    return inList ? `${field}[${step}]` : `${field}.${step}`;
  }, 'input');
}
