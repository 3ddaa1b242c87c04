import { z } from 'zod';
import type { JsonObject, ScriptValue } from '../core/values.js';
import type { ScriptFunction } from './define.js';

/**
 * Parameter types with the scripts' own coercions: text accepts numbers, integers accept integral floats and
 * numeric text, flags accept anything by its truth.
 */

/** Text; a number is taken for its text. */
export const text = () =>
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value),
    z.string(),
  );

/** An integer. */
export const integer = () => z.preprocess(toNumber, z.int());

/** Any number. */
export const number = () => z.preprocess(toNumber, z.number());

/** True unless nil or false. */
export const flag = () =>
  z.preprocess((value) => value !== undefined && value !== null && value !== false, z.boolean());

/** A table of data as JSON. An empty list is an empty table. */
export const table = () =>
  z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.record(z.string(), z.unknown()),
  ) as unknown as z.ZodType<JsonObject>;

/** Any value, unchanged: floats stay floats, bytes stay bytes. */
export const anyValue = () => z.custom<ScriptValue>(() => true).meta({ raw: true, type: 'any' });

/** Any value, unchanged, or none; a nil that was given (`null`) can be told from one that was not (`undefined`). */
export const optionalValue = (about: string) =>
  anyValue().optional().meta({ raw: true, nil: true, type: 'any', description: about });

/** A function of the script. `signature` is its type in TypeScript, for the generated documentation. */
export const callback = (signature: string) =>
  z
    .custom<ScriptFunction>((value) => typeof value === 'function', { error: 'expected a function' })
    .meta({ signature });

/** A handle of the given kind, as the object it stands for. */
export const handle = <T extends object>(kind: string) =>
  z
    .custom<T>((value) => typeof value === 'object' && value !== null, { error: `expected a ${kind} handle` })
    .meta({ handle: kind });

/** A result that is a handle. */
export const handleResult = (kind: string) => z.custom<unknown>(() => true).meta({ handle: kind });

function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? value : parsed;
}
