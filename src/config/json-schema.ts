import { z } from 'zod';
import type { JsonObject, JsonValue } from '../core/values.js';
import { isRecord } from '../core/values.js';
import { DEFAULT_CONFIG, LOG_FILE_DEFAULTS, PROVIDER_DEFAULTS } from './defaults.js';
import { configSchema } from './schema.js';

const TITLE = 'llmspell configuration';

/**
 * The JSON Schema (draft 2020-12) of configuration files, for editors: every key may be left out, unknown keys are
 * refused, descriptions and defaults are included.
 */
export function configJsonSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', override: tidy }) as JsonObject;
  relax(schema, DEFAULT_CONFIG);
  const properties = objectAt(schema, 'properties');
  const entry = objectAt(objectAt(properties, 'providers'), 'additionalProperties');
  relax(entry, { name: '', provider_type: '', ...PROVIDER_DEFAULTS });
  for (const key of ['name', 'provider_type']) delete objectAt(objectAt(entry, 'properties'), key).default;
  const output = objectAt(objectAt(objectAt(properties, 'debug'), 'properties'), 'output');
  relax(objectAt(objectAt(output, 'properties'), 'file'), LOG_FILE_DEFAULTS);
  return { $schema: $schema!, title: TITLE, ...schema };
}

/** Bounds that only say "a safe integer" would be noise in an editor. */
function tidy({ jsonSchema }: { jsonSchema: { maximum?: number; minimum?: number } }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

/** What has a default need not be written: takes it off `required` and notes the default. */
function relax(schema: JsonObject, defaults: object): void {
  const properties = objectAt(schema, 'properties');
  for (const [key, value] of Object.entries(defaults)) {
    const property = properties[key];
    if (!isRecord(property)) continue;
    if (isRecord(value) && 'properties' in property) relax(property as JsonObject, value);
    else (property as JsonObject).default = value as JsonValue;
  }
  const required = ((schema.required ?? []) as string[]).filter((key) => !Object.hasOwn(defaults, key));
  if (required.length > 0) schema.required = required;
  else delete schema.required;
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  const value = schema[key];
  if (isRecord(value)) return value as JsonObject;
  throw new TypeError(`the configuration schema has no object at '${key}'`);
}
