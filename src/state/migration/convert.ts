import { isFloat, isRecord, type ScriptValue } from '../../core/values.js';
import type { FieldType } from './schema.js';

/** Whether a value is of that type. An empty list is an empty table too. */
export function isOfType(value: ScriptValue, type: FieldType): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string' || value instanceof Uint8Array;
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number' || isFloat(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value) || (Array.isArray(value) && value.length === 0);
  }
}

/** The same as another type: text and numbers, flags and their words, one thing and a list of it. Throws for what has no such form. */
export function convert(value: ScriptValue, type: FieldType): ScriptValue {
  if (isOfType(value, type)) return value;
  const converted = CONVERSIONS[type]?.(value);
  if (converted === undefined) throw new TypeError(`${shown(value)} is no ${type}`);
  return converted;
}

const CONVERSIONS: Readonly<Partial<Record<FieldType, (value: ScriptValue) => ScriptValue | undefined>>> = {
  string: (value) => (isScalar(value) ? String(value) : undefined),
  number: numeric,
  integer: (value) => {
    const number = numeric(value);
    return number === undefined ? undefined : Math.trunc(number);
  },
  boolean: (value) => FLAGS[String(value).toLowerCase()],
  array: (value) => [value],
};

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

function numeric(value: ScriptValue): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (!isScalar(value) || String(value).trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function isScalar(value: ScriptValue): boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || isFloat(value);
}

function shown(value: ScriptValue): string {
  if (!isScalar(value)) return Array.isArray(value) ? 'a list' : value === null ? 'null' : 'a table';
  return typeof value === 'string' ? 'that text' : String(value);
}
