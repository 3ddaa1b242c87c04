import type { ErrorObject, ValidateFunction } from 'ajv';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { runInterruptible } from './interruptible.js';

/** Milliseconds that reading a schema and checking a value may block. */
const TIMEOUT_MS = 1000;

/**
 * How `pattern` is read: `ecmascript` as the standard recommends, `linear` without look-around and back-references, in
 * time in proportion to the text.
 */
export type PatternDialect = 'ecmascript' | 'linear';

/**
 * What breaks a JSON Schema: draft 2020-12 (or 2019-09) when `$schema` names it, draft-07 otherwise.
 * @throws `input.invalid` for a schema that is none, `component.timeout` for one that takes too long
 */
export async function schemaViolations(
  value: JsonValue,
  schema: JsonValue,
  patterns: PatternDialect,
): Promise<ErrorObject[]> {
  return (await schemaValidator(schema, patterns))(value);
}

/**
 * A JSON Schema as a question that can be asked many times: what of it does a value break?
 * @throws as {@link schemaViolations}
 */
export async function schemaValidator(
  schema: JsonValue,
  patterns: PatternDialect,
): Promise<(value: JsonValue) => ErrorObject[]> {
  const ajv = await compilerFor(schema, patterns);
  const validate = runInterruptible(() => compile(ajv, schema), TIMEOUT_MS);
  return (value) => runInterruptible(() => (validate(value) ? [] : (validate.errors ?? [])), TIMEOUT_MS);
}

type Compiler = { compile(schema: object | boolean): ValidateFunction };

function compile(ajv: Compiler, schema: JsonValue): ValidateFunction {
  try {
    return ajv.compile(schema as object | boolean);
  } catch (error) {
    throw fail('input.invalid', `Invalid JSON schema: ${(error as Error).message}`);
  }
}

async function compilerFor(schema: JsonValue, patterns: PatternDialect): Promise<Compiler> {
  const [draft7, draft2020, formats] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  const code = patterns === 'linear' ? { code: { regExp: await linearPatterns() } } : {};
  const options = { allErrors: true, strict: false, logger: false, verbose: true, ...code } as const;
  const ajv = is2020(schema) ? new draft2020.Ajv2020(options) : new draft7.Ajv(options);
  formats.default.default(ajv);
  return ajv;
}

async function linearPatterns() {
  const { RE2JS } = await import('re2js');
  const linear = (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.test(text) };
  };
  // The source is only for validators that are written to a file.
  return Object.assign(linear, { code: 'RegExp' });
}

function is2020(schema: JsonValue): boolean {
  const dialect = (schema as { $schema?: unknown } | null)?.$schema;
  return typeof dialect === 'string' && /2020-12|2019-09/.test(dialect);
}
