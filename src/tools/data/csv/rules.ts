import { fail } from '../../../core/errors.js';
import { closest } from '../../../core/schema.js';
import { isRecord, type JsonValue } from '../../../core/values.js';
import { isEmail, isUrl } from '../formats.js';
import type { LinearPattern } from '../linear-pattern.js';
import { kindOf } from './value-kind.js';

/** What is wrong with a cell; undefined when nothing is. */
export type CellRule = (cell: string) => string | undefined;

/** The most values that `unique` remembers. */
const MAX_UNIQUE = 1_000_000;

type RuleMaker = (argument: string, patternOf: (source: string) => LinearPattern) => CellRule;

/** A rule about filled cells; an empty one is the business of `required`. */
const filled =
  (test: (cell: string) => boolean, problem: string): RuleMaker =>
  () =>
  (cell) =>
    cell === '' || test(cell) ? undefined : problem;

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGE = new RegExp(String.raw`^\s*(${NUMBER})?\s*(\.\.|:|,|-)\s*(${NUMBER})?\s*$`);

const RULES: ReadonlyMap<string, RuleMaker> = new Map<string, RuleMaker>([
  ['required', () => (cell) => (cell === '' ? 'is empty' : undefined)],
  ['unique', () => unique()],
  ['email', filled(isEmail, 'is not an email address')],
  ['url', filled(isUrl, 'is not a URL')],
  ['integer', filled((cell) => kindOf(cell) === 'integer', 'is not an integer')],
  ['number', filled((cell) => Number.isFinite(Number(cell)), 'is not a number')],
  ['boolean', filled((cell) => kindOf(cell) === 'boolean', 'is not true or false')],
  ['date', filled((cell) => kindOf(cell) === 'date', 'is not a date like 2024-01-31')],
  ['date_time', filled((cell) => kindOf(cell) === 'date_time', 'is not a date with a time')],
  ['range', rangeRule],
  ['min', (argument) => between(numberIn('min', argument), Number.POSITIVE_INFINITY)],
  ['max', (argument) => between(Number.NEGATIVE_INFINITY, numberIn('max', argument))],
  ['length', lengthRule],
  ['enum', (argument) => enumRule(argument.split('|').map((value) => value.trim()))],
  ['pattern', patternRule],
]);

const NAMES = [...RULES.keys()];
const ALIASES: Readonly<Record<string, string>> = {
  int: 'integer',
  float: 'number',
  numeric: 'number',
  bool: 'boolean',
  datetime: 'date_time',
  regex: 'pattern',
  values: 'enum',
  not_null: 'required',
  notnull: 'required',
};

/**
 * Reads the rules of one column: a text such as `range:-10-50`, a list of them, or an object such as
 * `{ "required": true, "min": 0, "enum": ["a", "b"] }`.
 * @throws `input.invalid` for rules that do not exist
 */
export function rulesOf(value: JsonValue, patternOf: (source: string) => LinearPattern): CellRule[] {
  if (Array.isArray(value)) return value.flatMap((item) => rulesOf(item, patternOf));
  if (typeof value === 'string') return [ruleOf(value, patternOf)];
  if (isRecord(value))
    return Object.entries(value as Record<string, JsonValue>).flatMap(([name, argument]) =>
      argument === false ? [] : [namedRule(name, argumentText(argument), patternOf)],
    );
  throw fail('input.invalid', 'A rule is a text such as "range:0-120", a list of them or an object');
}

function ruleOf(text: string, patternOf: (source: string) => LinearPattern): CellRule {
  const colon = text.indexOf(':');
  return colon < 0
    ? namedRule(text.trim(), '', patternOf)
    : namedRule(text.slice(0, colon).trim(), text.slice(colon + 1), patternOf);
}

function namedRule(given: string, argument: string, patternOf: (source: string) => LinearPattern): CellRule {
  const name = given.toLowerCase();
  const maker = RULES.get(Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name);
  if (maker) return maker(argument, patternOf);
  const near = closest(name, NAMES);
  throw fail('input.invalid', `Unknown rule '${given}'${near ? `, did you mean '${near}'?` : ''}`, {
    hint: `The rules are ${NAMES.join(', ')}.`,
  });
}

function argumentText(argument: JsonValue): string {
  if (Array.isArray(argument)) return argument.map(String).join('|');
  return argument === true || argument === null ? '' : String(argument);
}

/** `range:0-120`, also with negative ends (`-10-50`, `-10--5`, `-10..50`) and with one end open (`0-`, `..5`). */
function rangeRule(argument: string): CellRule {
  const [, low, divider, high] = RANGE.exec(argument) ?? [];
  // `-5` alone could mean two things, so it means none.
  if ((low === undefined && (high === undefined || divider === '-')) || divider === undefined)
    throw fail('input.invalid', `Invalid range '${argument}'`, {
      hint: 'For example range:-10-50, range:0..1 or range:..5',
    });
  const ends = [Number(low ?? Number.NEGATIVE_INFINITY), Number(high ?? Number.POSITIVE_INFINITY)] as const;
  if (ends[0] > ends[1])
    throw fail('input.invalid', `Invalid range '${argument}': its ends are in the wrong order`);
  return between(...ends);
}

function between(low: number, high: number): CellRule {
  return (cell) => {
    if (cell === '') return undefined;
    const value = Number(cell);
    if (!Number.isFinite(value)) return 'is not a number';
    if (value < low) return `is less than ${low}`;
    return value > high ? `is more than ${high}` : undefined;
  };
}

function lengthRule(argument: string): CellRule {
  const match = /^\s*(\d+)?\s*(-|\.\.)?\s*(\d+)?\s*$/.exec(argument);
  if (!match || (match[1] === undefined && match[3] === undefined))
    throw fail('input.invalid', `Invalid length '${argument}'`, {
      hint: 'For example length:2-10 or length:5',
    });
  const low = Number(match[1] ?? 0);
  const high = match[2] === undefined ? low : Number(match[3] ?? Number.POSITIVE_INFINITY);
  return (cell) => {
    if (cell === '') return undefined;
    const length = [...cell].length;
    if (length < low) return `is shorter than ${low} characters`;
    return length > high ? `is longer than ${high} characters` : undefined;
  };
}

function enumRule(values: readonly string[]): CellRule {
  const allowed = new Set(values);
  return (cell) => (cell === '' || allowed.has(cell) ? undefined : `is not one of ${values.join(', ')}`);
}

function patternRule(argument: string, patternOf: (source: string) => LinearPattern): CellRule {
  const test = patternOf(argument);
  return (cell) => (cell === '' || test(cell) ? undefined : `does not match ${argument}`);
}

function unique(): CellRule {
  const seen = new Set<string>();
  return (cell) => {
    if (cell === '') return undefined;
    if (seen.has(cell)) return 'is not unique';
    if (seen.size >= MAX_UNIQUE)
      throw fail('tool.failed', `The rule 'unique' can tell ${MAX_UNIQUE} values apart, not more`);
    seen.add(cell);
    return undefined;
  };
}

function numberIn(rule: string, argument: string): number {
  const value = Number(argument);
  if (argument.trim() !== '' && Number.isFinite(value)) return value;
  throw fail('input.invalid', `Rule '${rule}' needs a number, not '${argument}'`);
}
