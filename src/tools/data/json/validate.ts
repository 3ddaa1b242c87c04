import type { ErrorObject, ValidateFunction } from 'ajv';
import { fail } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { runInterruptible } from './interruptible.js';

/** Milliseconds a validation may block. */
const VALIDATION_TIMEOUT_MS = 1000;
/** The most errors that are listed. */
const MAX_ERRORS = 1000;

/** What is wrong with a value, and whether anything is. */
export interface ValidationReport extends JsonObject {
  is_valid: boolean;
  /** `path` is a JSON pointer, empty for the value itself. */
  errors: { path: string; message: string; keyword: string }[];
}

/**
 * Checks a value against a JSON Schema: draft 2020-12 when `$schema` names it, draft-07 otherwise.
 * @throws `input.invalid` for a schema that is none, `component.timeout` for one that takes too long to check.
 */
export async function validateJson(value: JsonValue, schema: JsonValue): Promise<ValidationReport> {
  const validate = await compile(schema);
  const valid = runInterruptible(() => validate(value), VALIDATION_TIMEOUT_MS);
  return {
    is_valid: valid,
    errors: valid ? [] : (validate.errors ?? []).slice(0, MAX_ERRORS).map(described),
  };
}

async function compile(schema: JsonValue): Promise<ValidateFunction> {
  const ajv = await validatorFor(schema);
  try {
    return ajv.compile(schema as JsonObject);
  } catch (error) {
    throw fail('input.invalid', `Invalid JSON schema: ${(error as Error).message}`);
  }
}

async function validatorFor(schema: JsonValue) {
  const { Ajv, Ajv2020, addFormats } = await loadAjv();
  const options = { allErrors: true, strict: false, logger: false } as const;
  const ajv = is2020(schema) ? new Ajv2020(options) : new Ajv(options);
  addFormats(ajv);
  return ajv;
}

async function loadAjv() {
  const [draft7, draft2020, formats] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  return { Ajv: draft7.Ajv, Ajv2020: draft2020.Ajv2020, addFormats: formats.default.default };
}

function is2020(schema: JsonValue): boolean {
  const dialect = (schema as { $schema?: unknown } | null)?.$schema;
  return typeof dialect === 'string' && /2020-12|2019-09/.test(dialect);
}

function described({ instancePath, message, keyword }: ErrorObject): ValidationReport['errors'][number] {
  return { path: instancePath, message: message ?? keyword, keyword };
}
