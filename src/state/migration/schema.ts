import { valid as validVersion } from 'semver';
import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';

/** What a field may hold. */
export const FIELD_TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'any'] as const;
/** One of {@link FIELD_TYPES}. */
export type FieldType = (typeof FIELD_TYPES)[number];

/**
 * Makes the new value of an entry out of the old one.
 * Contract: may be called again for the same value; what it throws ends the migration, and nothing is changed then.
 */
export type CustomTransform = (
  value: ScriptValue,
  key: string,
  context: ExecutionContext,
) => Promise<ScriptValue> | ScriptValue;

const path = z.string().min(1);
const paths = z.array(path).min(1);
const custom = z.custom<CustomTransform>((given) => typeof given === 'function', {
  error: 'expected a function',
});

const transform = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('copy'), from: path, to: path }),
  z.strictObject({
    kind: z.literal('convert'),
    field: path,
    type: z.enum(FIELD_TYPES),
    to: path.optional(),
  }),
  z.strictObject({ kind: z.literal('default'), field: path, value: z.any() }),
  z.strictObject({ kind: z.literal('remove'), field: path }),
  z.strictObject({ kind: z.literal('split'), field: path, to: paths, separator: z.string().default(' ') }),
  z.strictObject({ kind: z.literal('merge'), fields: paths, to: path, separator: z.string().default(' ') }),
  z.strictObject({ kind: z.literal('custom'), name: z.string().optional(), apply: custom.optional() }),
]);

const version = z
  .string()
  .refine((text) => validVersion(text) !== null, 'expected a version such as 1.2.0')
  .transform((text) => validVersion(text) ?? text);

const step = z.strictObject({
  from: version.optional(),
  to: version.optional(),
  transforms: z.array(z.preprocess((given) => withKind(given), transform)).default([]),
});

const COMPATIBILITY = {
  backward: 'BackwardCompatible',
  backwardcompatible: 'BackwardCompatible',
  forward: 'ForwardCompatible',
  forwardcompatible: 'ForwardCompatible',
  breaking: 'BreakingChange',
  breakingchange: 'BreakingChange',
} as const;

/** How a version stands to the one before it. */
export type Compatibility = (typeof COMPATIBILITY)[keyof typeof COMPATIBILITY];

const field = z.preprocess(
  (given) => (typeof given === 'string' ? { type: given } : given),
  z.strictObject({
    type: z.enum(FIELD_TYPES).default('any'),
    required: z.boolean().default(false),
    default: z.any().optional(),
  }),
);

const schema = z.strictObject({
  version,
  /** Which entries it is about, by flat key: `*` is any text, `?` any one character. */
  entries: z
    .preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(z.string()).min(1))
    .default(['*']),
  fields: z.preprocess(emptyList, z.record(z.string(), field)).default({}),
  compatibility: z
    .string()
    .transform((text, issues): Compatibility => {
      const known = COMPATIBILITY[text.toLowerCase().replace(/[^a-z]/g, '') as keyof typeof COMPATIBILITY];
      if (!known) issues.addIssue('expected backward, forward or breaking');
      return known ?? 'BackwardCompatible';
    })
    .default('BackwardCompatible'),
  migrations: z.array(step).default([]),
});

/** What the entries of one version look like, and how they become, or came from, those of others. */
export type StateSchema = z.output<typeof schema>;
/** A schema as it is written down. */
export type StateSchemaInput = z.input<typeof schema>;
/** One change of a value. */
export type Transform = z.output<typeof transform>;
/** What a field is said to be. */
export type SchemaField = z.output<typeof field>;

/** Checks a schema. @param where what people know it by. @throws `migration.invalid` */
export function parseSchema(given: unknown, where: string): StateSchema {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0]!;
  const place = at.length === 0 ? '' : `${at.join('.')}: `;
  throw fail('migration.invalid', `The schema of ${where} is wrong: ${place}${message}`, {
    hint: 'See docs/migrations.md for what a schema holds.',
    details: { path: at.map(String) },
  });
}

/** The kinds may be spelled with capitals. */
function withKind(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const { kind } = given as { kind?: unknown };
  return typeof kind === 'string' ? { ...given, kind: kind.toLowerCase() } : given;
}

/** An empty Lua table is a list. */
function emptyList(given: unknown): unknown {
  return Array.isArray(given) && given.length === 0 ? {} : given;
}
