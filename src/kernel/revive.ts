import { isFloat, isReference, parseReference, type ScriptValue, setOwn } from '../core/values.js';

/** Finds what a reference stands for. Contract: throws `handle.released` when it stands for nothing any more. */
export type Resolver = (kind: string, id: string, name: string) => unknown;

/** Arguments as kernel code wants them: references resolved, floats and big integers as plain numbers, bytes as text. */
export function revivePlain(value: ScriptValue | undefined, resolve: Resolver): unknown {
  return revive(value, resolve, plainScalar);
}

/** Arguments as they came, references resolved: for members that keep a script's values unchanged. */
export function reviveRaw(value: ScriptValue | undefined, resolve: Resolver): unknown {
  return revive(value, resolve, (scalar) => scalar);
}

function revive(
  value: ScriptValue | undefined,
  resolve: Resolver,
  scalar: (value: ScriptValue) => unknown,
): unknown {
  if (value === undefined || value === null || typeof value !== 'object')
    return value === undefined ? value : scalar(value);
  if (Array.isArray(value)) return value.map((item) => revive(item, resolve, scalar));
  if (isReference(value)) {
    const { kind, id } = parseReference(value);
    return resolve(kind, id, value.toString());
  }
  if (isFloat(value) || value instanceof Uint8Array) return scalar(value);
  const record: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(record, key, revive(value[key], resolve, scalar));
  return record;
}

function plainScalar(value: ScriptValue): unknown {
  if (isFloat(value)) return value.valueOf();
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
}
