import { isRecord, type ScriptValue } from '../../core/values.js';
import { isOfType } from './convert.js';
import type { StateSchema } from './schema.js';

/** How closely a migrated value is looked at: required fields, types too, unknown fields and the old value too. */
export const VALIDATION_LEVELS = ['none', 'basic', 'strict', 'paranoid'] as const;
/** One of {@link VALIDATION_LEVELS}. */
export type ValidationLevel = (typeof VALIDATION_LEVELS)[number];

/** What is wrong with a value by its schema; undefined when nothing is. A value without fields has none to be wrong. */
export function flaw(value: ScriptValue, { fields, version }: StateSchema, level: ValidationLevel) {
  if (level === 'none' || !isRecord(value)) return undefined;
  const given = value as Record<string, ScriptValue>;
  for (const [name, { required, type }] of Object.entries(fields)) {
    const present = Object.hasOwn(given, name) && given[name] !== null;
    if (required && !present) return `the field ${name}, which version ${version} requires, is missing`;
    if (level !== 'basic' && present && !isOfType(given[name]!, type))
      return `the field ${name} is no ${type}, as version ${version} wants it`;
  }
  const known = Object.keys(fields);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  return level === 'paranoid' && known.length > 0 && unknown !== undefined
    ? `version ${version} knows no field ${unknown}`
    : undefined;
}
