import { isRecord, type JsonObject, type JsonValue } from '../../../core/values.js';
import { isEmail, isUrl } from '../../data/formats.js';
import type { LinearPattern } from '../../data/linear-pattern.js';
import { CUSTOM_NAMES, customCheck } from './custom.js';
import { dateCheck } from './dates.js';
import type { ArrayRule, ObjectRule, Rule, SimpleRule } from './rule-schemas.js';

/** What is wrong with one value. */
export interface ValidationError {
  /** Where it is: `input`, `input.name`, `input[0]`. */
  field: string;
  value: JsonValue;
  /** The type of the rule. */
  rule: string;
  message: string;
}

/** Yields what is wrong, and undefined now and then so that long checks can pause. */
export type Check = (value: JsonValue, field: string) => Iterable<ValidationError | undefined>;

/** Compiles patterns once. */
export type PatternCompiler = (source: string) => LinearPattern;

/** One check for all rules of a value. @throws `input.invalid` for patterns and dates that cannot be read */
export function checkOf(rules: readonly Rule[], patternOf: PatternCompiler): Check {
  const checks = rules.map((rule) => ruleCheck(rule, patternOf));
  return function* (value, field) {
    yield undefined;
    for (const check of checks) yield* check(value, field);
  };
}

function ruleCheck(rule: Rule, patternOf: PatternCompiler): Check {
  if (rule.type === 'array') return arrayCheck(rule, patternOf);
  if (rule.type === 'object') return objectCheck(rule, patternOf);
  const problem = simpleProblem(rule, patternOf);
  return function* (value, field) {
    const message = problem(value);
    if (message !== undefined) yield { field, value, rule: rule.type, message };
  };
}

type Problem = (value: JsonValue) => string | undefined;

/** A rule about texts; other values pass. */
const text =
  (test: (text: string) => boolean, message: string): Problem =>
  (value) =>
    typeof value !== 'string' || test(value) ? undefined : message;

function simpleProblem(rule: SimpleRule, patternOf: PatternCompiler): Problem {
  switch (rule.type) {
    case 'required':
      return (value) => (value === null || value === '' ? 'Value is required' : undefined);
    case 'type':
      return (value) =>
        hasType(value, rule.expected) ? undefined : `Expected type ${rule.expected}, got ${typeName(value)}`;
    case 'length':
      return (value) => lengthProblem(value, rule.min, rule.max);
    case 'range':
      return (value) =>
        typeof value === 'number' ? bounds('Value must be', '', value, rule.min, rule.max) : undefined;
    case 'pattern':
      return text(patternOf(rule.regex), `Value does not match pattern ${rule.regex}`);
    case 'enum':
      return enumProblem(rule.values);
    case 'email':
      return text(isEmail, 'Invalid email address');
    case 'url':
      return text(isUrl, 'Invalid URL');
    case 'date':
      return text(
        dateCheck(rule.format),
        rule.format ? `Invalid date, expected format ${rule.format}` : 'Invalid date',
      );
    case 'custom':
      return customProblem(rule.name);
  }
}

function enumProblem(values: readonly JsonValue[]): Problem {
  const allowed = new Set(values.map(canonical));
  const shown = values
    .map((value) => JSON.stringify(value))
    .join(', ')
    .slice(0, 500);
  return (value) => (allowed.has(canonical(value)) ? undefined : `Value must be one of ${shown}`);
}

function customProblem(name: string): Problem {
  const test = customCheck(name);
  if (!test) return () => `Unknown custom validator '${name}'; there are ${CUSTOM_NAMES.join(', ')}`;
  return text(test, `Invalid ${name.replace('_', ' ')}`);
}

function lengthProblem(
  value: JsonValue,
  min: number | undefined,
  max: number | undefined,
): string | undefined {
  if (typeof value === 'string') return bounds('Length must be', ' characters', [...value].length, min, max);
  return Array.isArray(value) ? bounds('Length must be', ' items', value.length, min, max) : undefined;
}

function bounds(
  subject: string,
  unit: string,
  value: number,
  min: number | undefined,
  max: number | undefined,
): string | undefined {
  if (min !== undefined && value < min) return `${subject} at least ${min}${unit}`;
  return max !== undefined && value > max ? `${subject} at most ${max}${unit}` : undefined;
}

function arrayCheck(rule: ArrayRule, patternOf: PatternCompiler): Check {
  const each = rule.item_rules.length > 0 ? checkOf(rule.item_rules, patternOf) : undefined;
  return function* (value, field) {
    const list = asArray(value);
    if (!list) return;
    const error = (message: string): ValidationError => ({ field, value, rule: 'array', message });
    const size = bounds('Array must have', ' items', list.length, rule.min_items, rule.max_items);
    if (size) yield error(size);
    if (rule.unique && (yield* hasDuplicates(list))) yield error('Array items must be unique');
    if (each) for (const [index, item] of list.entries()) yield* each(item, `${field}[${index}]`);
  };
}

function* hasDuplicates(list: readonly JsonValue[]): Generator<undefined, boolean> {
  const seen = new Set<string>();
  for (const item of list) {
    yield undefined;
    const key = canonical(item);
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}

function objectCheck(rule: ObjectRule, patternOf: PatternCompiler): Check {
  const checks = [...rule.properties].map(
    ([name, rules]) => [name, rules, checkOf(rules, patternOf)] as const,
  );
  return function* (value, field) {
    const object = asObject(value);
    if (!object) return;
    const error = (message: string): ValidationError => ({ field, value, rule: 'object', message });
    for (const name of rule.required)
      if (!Object.hasOwn(object, name)) yield error(`Missing required property '${name}'`);
    if (!rule.additional_properties)
      for (const name of Object.keys(object))
        if (!rule.properties.has(name)) yield error(`Additional property '${name}' is not allowed`);
    for (const [name, rules, check] of checks) {
      const at = `${field}.${name}`;
      if (Object.hasOwn(object, name)) yield* check(object[name]!, at);
      else if (rules.some(({ type }) => type === 'required') && !rule.required.includes(name))
        yield { field: at, value: null, rule: 'required', message: 'Value is required' };
    }
  };
}

/** An empty Lua table is an empty list and an empty object. */
function asArray(value: JsonValue): JsonValue[] | undefined {
  if (Array.isArray(value)) return value;
  return isRecord(value) && Object.keys(value).length === 0 ? [] : undefined;
}

function asObject(value: JsonValue): JsonObject | undefined {
  if (isRecord(value)) return value as JsonObject;
  return Array.isArray(value) && value.length === 0 ? {} : undefined;
}

function hasType(value: JsonValue, expected: string): boolean {
  if (expected === 'array') return asArray(value) !== undefined;
  if (expected === 'object') return asObject(value) !== undefined;
  if (expected === 'integer') return Number.isInteger(value);
  return typeName(value) === expected;
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Equal values have equal texts, whatever the order of their keys. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as JsonObject)[key]!)}`).join(',')}}`;
}
