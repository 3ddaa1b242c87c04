import { isFloat, isRecord, type ScriptValue } from '../core/values.js';

/**
 * Whether a script would call two values the same: numbers by what they amount to (`3`, `3.0`), tables by their
 * content; an empty table is an empty list as well.
 */
export function sameValue(a: ScriptValue, b: ScriptValue): boolean {
  const [one, two] = [plain(a), plain(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: 2n == 2 is what is meant
  if (isNumeric(one) && isNumeric(two)) return one == two;
  if (one instanceof Uint8Array && two instanceof Uint8Array) return Buffer.compare(one, two) === 0;
  if (Array.isArray(one) && Array.isArray(two)) return sameLists(one, two);
  if (isEmpty(one) && isEmpty(two)) return true;
  if (isRecord(one) && isRecord(two))
    return sameRecords(one as Record<string, ScriptValue>, two as Record<string, ScriptValue>);
  return one === two;
}

function plain(value: ScriptValue): ScriptValue {
  return isFloat(value) ? value.valueOf() : value;
}

function isNumeric(value: ScriptValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isEmpty(value: ScriptValue): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function sameLists(a: ScriptValue[], b: ScriptValue[]): boolean {
  return a.length === b.length && a.every((item, index) => sameValue(item, b[index]!));
}

function sameRecords(a: Record<string, ScriptValue>, b: Record<string, ScriptValue>): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key]!, b[key]!));
}
