import type { ErrorObject } from 'ajv';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { schemaViolations } from './schema-check.js';

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
  const errors = await schemaViolations(value, schema, 'ecmascript');
  return { is_valid: errors.length === 0, errors: errors.slice(0, MAX_ERRORS).map(described) };
}

function described({ instancePath, message, keyword }: ErrorObject): ValidationReport['errors'][number] {
  return { path: instancePath, message: message ?? keyword, keyword };
}
