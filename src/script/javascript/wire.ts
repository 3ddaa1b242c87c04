import { type ErrorData, fail } from '../../core/errors.js';
import {
  isFloat,
  isReference,
  parseReference,
  reference,
  type ScriptValue,
  setOwn,
} from '../../core/values.js';

/**
 * Values as JSON text, the form in which they cross into the virtual machine. What JSON lacks is an object with a
 * single key that begins with `$`: `$fn`, `$ref`, `$int`, `$bytes`; data of that shape travels inside `$obj`.
 */
export type WireMessage = ['v' | 'r', unknown] | ['e', ErrorData] | ['s'];

/** The text of a value: `["v", …]` is JSON as it stands, `["r", …]` has to be revived. */
export function toWire(value: ScriptValue | undefined): string {
  const state = { special: false };
  const plain = escapeValue(value ?? null, state);
  return JSON.stringify([state.special ? 'r' : 'v', plain]);
}

/** The value of a text that the machine wrote. */
export function fromWire(text: string): ScriptValue {
  const [kind, value] = JSON.parse(text) as WireMessage;
  return fromWireParts(kind, value);
}

/** The value of a message that is part of a larger one. */
export function fromWireParts(kind: string, value: unknown): ScriptValue {
  return kind === 'r' ? revive(value as ScriptValue) : (value as ScriptValue);
}

function escapeValue(value: ScriptValue, state: { special: boolean }): unknown {
  if (typeof value === 'bigint') return special(state, '$int', value.toString());
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => escapeValue(item, state));
  if (isFloat(value)) return value.valueOf();
  if (isReference(value)) return escapeReference(value, state);
  if (value instanceof Uint8Array) return special(state, '$bytes', Buffer.from(value).toString('latin1'));
  return escapeRecord(value as Record<string, ScriptValue>, state);
}

function escapeReference(value: ScriptValue & object, state: { special: boolean }): unknown {
  const { kind, id } = parseReference(value as never);
  return kind === 'fn' ? special(state, '$fn', Number(id)) : special(state, '$ref', value.toString());
}

function escapeRecord(record: Record<string, ScriptValue>, state: { special: boolean }): unknown {
  const out: Record<string, unknown> = {};
  const keys = Object.keys(record);
  for (const key of keys) setOwn(out, key, escapeValue(record[key]!, state));
  return keys.length === 1 && keys[0]!.startsWith('$') ? special(state, '$obj', out) : out;
}

function special(state: { special: boolean }, key: string, content: unknown): unknown {
  state.special = true;
  return { [key]: content };
}

function revive(value: ScriptValue): ScriptValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  const record = value as Record<string, ScriptValue>;
  const keys = Object.keys(record);
  if (keys.length === 1 && keys[0]!.startsWith('$')) return reviveSpecial(keys[0]!, record[keys[0]!]!);
  return reviveMembers(record, keys);
}

function reviveMembers(record: Record<string, ScriptValue>, keys: string[]): ScriptValue {
  for (const key of keys) setOwn(record, key, revive(record[key]!));
  return record;
}

function reviveSpecial(key: string, content: ScriptValue): ScriptValue {
  switch (key) {
    case '$fn':
      return reference('fn', content as number);
    case '$ref':
      return Object(content) as ScriptValue;
    case '$int':
      return BigInt(content as string);
    case '$bytes':
      return new Uint8Array(Buffer.from(content as string, 'latin1'));
    case '$obj':
      return reviveMembers(content as Record<string, ScriptValue>, Object.keys(content as object));
    default:
      throw fail('internal.error', `The script engine sent an unknown kind of value: ${key}`);
  }
}
