import { isRecord, type JsonValue } from '../../../core/values.js';
import type { Conditions } from './expectations.js';
import { matcher } from './patterns.js';

/** The value that is looked at; `undefined` when there is none. */
type Found = JsonValue | undefined;
/** Whether one condition holds. */
type Condition = (found: Found) => boolean;

/** A condition with its name and what was written for it. */
export interface NamedCondition {
  name: string;
  expected: JsonValue;
  holds: Condition;
}

/** For each condition that compares the found value with the written one. */
const COMPARISONS: Readonly<Record<string, (found: Found, expected: JsonValue) => boolean>> = {
  equals: (found, expected) => found !== undefined && sameJson(found, expected),
  not_equals: (found, expected) => found === undefined || !sameJson(found, expected),
  one_of: (found, expected) =>
    found !== undefined && (expected as JsonValue[]).some((item) => sameJson(item, found)),
  exists: (found, expected) => (found !== undefined) === expected,
  type: (found, expected) =>
    found !== undefined &&
    (typeOf(found) === expected || (expected === 'integer' && Number.isInteger(found))),
  contains,
  greater_than: (found, expected) => numberOf(found) > (expected as number),
  less_than: (found, expected) => numberOf(found) < (expected as number),
  at_least: (found, expected) => numberOf(found) >= (expected as number),
  at_most: (found, expected) => numberOf(found) <= (expected as number),
  length: (found, expected) => lengthOf(found) === expected,
};

/** What was asked of a value, as conditions; without any, that it is there. @throws `input.invalid` for a bad pattern */
export async function conditionsOf(asked: Conditions): Promise<NamedCondition[]> {
  const named: NamedCondition[] = [];
  for (const [name, expected] of Object.entries(asked) as [string, JsonValue | undefined][])
    if (expected !== undefined) named.push({ name, expected, holds: await conditionOf(name, expected) });
  return named.length > 0 ? named : conditionsOf({ exists: true });
}

async function conditionOf(name: string, expected: JsonValue): Promise<Condition> {
  if (name !== 'matches') return (found) => COMPARISONS[name]!(found, expected);
  const matches = await matcher(expected as string);
  return (found) => found !== undefined && matches(textOf(found));
}

/** Text contains a text, a list an item, an object all entries of another. */
function contains(found: Found, expected: JsonValue): boolean {
  if (typeof found === 'string') return found.includes(textOf(expected));
  if (Array.isArray(found)) return found.some((item) => sameJson(item, expected));
  if (!isRecord(found) || !isRecord(expected)) return false;
  return Object.entries(expected).every(
    ([key, value]) => Object.hasOwn(found, key) && sameJson(found[key] as JsonValue, value as JsonValue),
  );
}

/** As deep as the shallower of the two. */
function sameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => sameJson(item, other[at]))
    );
  if (!isRecord(one)) return one === other;
  if (!isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key] as JsonValue, other[key] as JsonValue))
  );
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Not a number for anything else, so that no comparison holds. */
function numberOf(found: Found): number {
  if (typeof found === 'number') return found;
  return typeof found === 'string' && found.trim() !== '' ? Number(found) : Number.NaN;
}

function lengthOf(found: Found): number | undefined {
  if (typeof found === 'string') return [...found].length;
  if (Array.isArray(found)) return found.length;
  return isRecord(found) ? Object.keys(found).length : undefined;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
