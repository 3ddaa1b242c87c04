import { isRecord } from '../../../core/values.js';

/** `{name}`, `{{ name }}`, and `{1}` for lists. */
const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}|\{([\w.-]+)\}/g;

/** Fills `{name}` and `{{name}}` from a table, `{1}`, `{2}` … from a list; unknown names stay as they are. */
export function formatText(template: string, values: unknown): string {
  return template.replace(PLACEHOLDER, (whole, double: string | undefined, single: string | undefined) => {
    const value = lookUp(values, (double ?? single)!);
    return value === undefined ? whole : asText(value);
  });
}

function lookUp(values: unknown, path: string): unknown {
  if (Array.isArray(values)) return values[Number(path) - 1];
  return path.split('.').reduce<unknown>((at, key) => ownValue(at, key), values);
}

function ownValue(record: unknown, key: string): unknown {
  return isRecord(record) && Object.hasOwn(record, key) ? record[key] : undefined;
}

function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
