import { createContext, Script } from 'node:vm';
import { fail } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, setOwn } from '../core/values.js';

/** Says what is wrong with a value, or nothing when it satisfies the schema. */
export type Validator = (value: JsonValue) => string | undefined;

/** Compiles a JSON Schema (2020-12, or draft-07 when it says so). Remote references are not fetched. */
export async function compileSchema(schema: JsonObject): Promise<Validator> {
  const draft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  const { default: Ajv } = draft7 ? await import('ajv') : await import('ajv/dist/2020.js');
  const { default: addFormats } = await import('ajv-formats');
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  try {
    const check = ajv.compile(schema);
    return (value) =>
      withinTime(() =>
        check(value) ? undefined : ajv.errorsText(check.errors?.slice(0, 10), { dataVar: 'answer' }),
      );
  } catch (thrown) {
    throw fail(
      'agent.invalid',
      `The response schema is not a valid JSON Schema: ${(thrown as Error).message}`,
    );
  }
}

/** Milliseconds one validation may take: a `pattern` that backtracks must not hold up the kernel. */
const CHECK_TIME_MS = 1000;

/** Runs trusted code under a watchdog that also ends regular expressions. */
function withinTime(check: () => string | undefined): string | undefined {
  try {
    return new Script('check()').runInContext(createContext({ check }), { timeout: CHECK_TIME_MS });
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown;
    return `checking the answer took longer than ${CHECK_TIME_MS} ms`;
  }
}

const LIST_KEYWORDS = ['required', 'enum', 'allOf', 'anyOf', 'oneOf', 'prefixItems', 'examples'];
const MAP_KEYWORDS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/** Lua cannot write an empty list: `required = {}` arrives as an object and means that nothing is required. */
export function withoutEmptyLists(schema: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (LIST_KEYWORDS.includes(key) && isEmpty(value)) continue;
    setOwn(out, key, MAP_KEYWORDS.includes(key) && isRecord(value) ? mapped(value) : inner(key, value));
  }
  return out;
}

/** Values that are data, not schemas, stay as they are. */
function inner(key: string, value: JsonValue): JsonValue {
  if (['const', 'default', 'enum', 'examples'].includes(key)) return value;
  if (Array.isArray(value)) return value.map((item) => inner('', item));
  return isRecord(value) ? withoutEmptyLists(value) : value;
}

function mapped(schemas: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) setOwn(out, name, inner('', schema));
  return out;
}

function isEmpty(value: JsonValue): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
