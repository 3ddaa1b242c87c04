import type { ErrorObject } from 'ajv';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { schemaViolations } from '../../data/json/schema-check.js';
import type { ValidationError } from './checks.js';

/**
 * What breaks a JSON Schema: draft 2020-12 (or 2019-09) when `$schema` names it, draft-07 otherwise. Patterns take
 * time in proportion to the text.
 * @throws `input.invalid` for a schema that is none, `component.timeout` for one that takes too long
 */
export async function schemaErrors(
  value: JsonValue,
  schema: JsonObject | boolean,
): Promise<ValidationError[]> {
  const errors = await schemaViolations(value, schema, 'linear');
  return errors.map((error) => described(error, value));
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
