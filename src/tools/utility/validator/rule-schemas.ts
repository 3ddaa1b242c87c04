import { z } from 'zod';
import { fail, type LlmspellError } from '../../../core/errors.js';
import { closest } from '../../../core/schema.js';
import { isRecord, type JsonValue } from '../../../core/values.js';

const limit = z.number().int().min(0).optional();
const type = <Name extends string>(name: Name) => z.literal(name);

/** The rules that stand alone; `array` and `object` hold others. */
const SIMPLE = {
  required: z.object({ type: type('required') }),
  type: z.object({
    type: type('type'),
    expected: z.enum(['null', 'boolean', 'number', 'integer', 'string', 'array', 'object']),
  }),
  length: z.object({ type: type('length'), min: limit, max: limit }),
  range: z.object({ type: type('range'), min: z.number().optional(), max: z.number().optional() }),
  pattern: z.object({ type: type('pattern'), regex: z.string() }),
  enum: z.object({
    type: type('enum'),
    values: z.array(z.unknown()).transform((list) => list as JsonValue[]),
  }),
  email: z.object({ type: type('email') }),
  url: z.object({ type: type('url') }),
  date: z.object({ type: type('date'), format: z.string().max(100).optional() }),
  custom: z.object({ type: type('custom'), name: z.string() }),
} as const;
const ARRAY = z.object({
  type: type('array'),
  min_items: limit,
  max_items: limit,
  unique: z.boolean().default(false),
  item_rules: z.unknown().optional(),
});
const OBJECT = z.object({
  type: type('object'),
  properties: z
    .union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))])
    .default({}),
  required: z.union([z.array(z.string()), z.strictObject({}).transform((): string[] => [])]).default([]),
  additional_properties: z.boolean().default(true),
});

type SimpleName = keyof typeof SIMPLE;
/** A rule that looks at one value. */
export type SimpleRule = { [Name in SimpleName]: z.output<(typeof SIMPLE)[Name]> }[SimpleName];
/** A rule about a list and what is in it. */
export type ArrayRule = Omit<z.output<typeof ARRAY>, 'item_rules'> & { item_rules: Rule[] };
/** A rule about an object and what is in it. */
export type ObjectRule = Omit<z.output<typeof OBJECT>, 'properties'> & { properties: Map<string, Rule[]> };
/** Any rule. */
export type Rule = SimpleRule | ArrayRule | ObjectRule;

const NAMES = [...Object.keys(SIMPLE), 'array', 'object'];

/** Reads a set of rules: a list, `{ rules: [...] }`, or a single rule. @throws `input.invalid` */
export function readRules(value: unknown, at = 'rules'): Rule[] {
  if (Array.isArray(value)) return value.map((item, index) => readRule(item, `${at}[${index}]`));
  if (!isRecord(value)) throw invalid(at, 'expected a list of rules');
  if ('rules' in value) return readRules(value.rules, at);
  if (Object.keys(value).length === 0) return [];
  return [readRule(value, at)];
}

function readRule(value: unknown, at: string): Rule {
  // A rule without settings may be written as its name.
  const given = typeof value === 'string' ? { type: value } : value;
  const name = isRecord(given) ? given.type : undefined;
  if (typeof name !== 'string') throw invalid(at, "every rule has a 'type'");
  if (name === 'array') {
    const rule = parsed(ARRAY, given, at);
    const items = rule.item_rules === undefined ? [] : readRules(rule.item_rules, `${at}.item_rules`);
    return { ...rule, item_rules: items };
  }
  if (name === 'object') {
    const rule = parsed(OBJECT, given, at);
    const properties = Object.entries(rule.properties).map(
      ([key, rules]) => [key, readRules(rules, `${at}.properties.${key}`)] as const,
    );
    return { ...rule, properties: new Map(properties) };
  }
  if (!Object.hasOwn(SIMPLE, name)) throw unknownRule(name, at);
  return parsed(SIMPLE[name as SimpleName] as z.ZodType<SimpleRule>, given, at);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, at: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid([at, ...issue!.path].join('.'), issue!.message);
}

function unknownRule(name: string, at: string): LlmspellError {
  const near = closest(name, NAMES);
  return invalid(at, `unknown rule '${name}'${near ? `, did you mean '${near}'?` : ''}`);
}

function invalid(at: string, problem: string): LlmspellError {
  return fail('input.invalid', `Invalid rules format: ${at}: ${problem}`, {
    hint: `Write rules like [{ "type": "length", "min": 3 }]; the types are ${NAMES.join(', ')}.`,
  });
}
