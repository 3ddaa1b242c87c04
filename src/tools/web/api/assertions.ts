import type { ExecutionContext } from '../../../core/context.js';
import { LlmspellError } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { runJq } from '../../data/json/jq.js';
import { validateJson } from '../../data/json/validate.js';
import { conditionsOf, type NamedCondition } from './conditions.js';
import type { Conditions, Expectations } from './expectations.js';
import { parseJsonPath, valueAt } from './json-path.js';
import { matcher } from './patterns.js';

/** The answer as assertions see it. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The JSON body; `undefined` when the body is none. */
  json: JsonValue | undefined;
  size: number;
  durationMs: number;
}

/** How one assertion came out. */
export interface AssertionResult extends JsonObject {
  assertion: string;
  expected: JsonValue;
  actual: JsonValue;
  passed: boolean;
  message: string;
}

/** Looks at an answer. Contract: an answer that is not as expected is a result, never an error. */
export type Assertion = (
  answer: Answer,
  context: ExecutionContext,
) => Promise<AssertionResult> | AssertionResult;

/** Longer values are shortened where they are shown. */
const SHOWN_CHARACTERS = 500;
const JQ_TIMEOUT_MS = 5000;

/** The assertions that follow from what is expected. @throws `input.invalid` for paths, patterns and schemas that are none */
export async function assertionsOf(expected: Expectations): Promise<Assertion[]> {
  return [
    ...(expected.status === undefined ? [] : [statusAssertion(listOf(expected.status))]),
    ...(await headerAssertions(expected.headers ?? {})),
    ...(await bodyAssertions(expected)),
    ...(await jsonAssertions(expected.json ?? {})),
    ...listOf(expected.jq ?? []).map(jqAssertion),
    ...(await schemaAssertions(expected.schema)),
    ...atMost('response time', expected.max_response_time_ms, 'ms', (answer) => answer.durationMs),
    ...atMost('body size', expected.max_size_bytes, 'bytes', (answer) => answer.size),
  ];
}

function statusAssertion(statuses: (number | string)[]): Assertion {
  const expected = statuses.length === 1 ? statuses[0]! : statuses;
  return ({ status }) =>
    outcome(
      'status',
      expected,
      status,
      statuses.some((wanted) => isStatus(status, String(wanted))),
    );
}

function isStatus(status: number, wanted: string): boolean {
  const [from, to] = wanted.split('-').map(Number);
  if (to !== undefined) return status >= from! && status <= to;
  return /xx$/i.test(wanted) ? Math.floor(status / 100) === Number(wanted[0]) : status === from;
}

async function headerAssertions(headers: NonNullable<Expectations['headers']>): Promise<Assertion[]> {
  const asked = Array.isArray(headers)
    ? headers.map(({ name, ...conditions }) => ({ name, conditions }))
    : Object.entries(headers).map(([name, equals]) => ({ name, conditions: { equals } }));
  const assertions = asked.map(async ({ name, conditions }) =>
    valueAssertions(`header ${name}`, conditions, (answer) => answer.headers[name.toLowerCase()]),
  );
  return (await Promise.all(assertions)).flat();
}

async function jsonAssertions(json: NonNullable<Expectations['json']>): Promise<Assertion[]> {
  const asked = Array.isArray(json)
    ? json.map(({ path, ...conditions }) => ({ path, conditions }))
    : Object.entries(json).map(([path, equals]) => ({ path, conditions: { equals } }));
  const assertions = asked.map(async ({ path: text, conditions }) => {
    const path = parseJsonPath(text);
    return valueAssertions(`json ${text}`, conditions, ({ json: body }) =>
      body === undefined ? undefined : valueAt(path, body),
    );
  });
  return (await Promise.all(assertions)).flat();
}

async function valueAssertions(
  what: string,
  asked: Conditions,
  find: (answer: Answer) => JsonValue | undefined,
): Promise<Assertion[]> {
  const conditions = await conditionsOf(asked);
  return conditions.map((condition) => (answer) => checked(what, condition, find(answer)));
}

function checked(what: string, { name, expected, holds }: NamedCondition, found: JsonValue | undefined) {
  const label = name === 'equals' ? what : `${what} ${name.replaceAll('_', ' ')}`;
  return outcome(label, expected, found ?? null, holds(found), found === undefined ? 'nothing is there' : '');
}

async function bodyAssertions(expected: Expectations): Promise<Assertion[]> {
  const { body_equals: whole } = expected;
  const plain = (label: string, text: string, holds: (body: string) => boolean): Assertion => {
    return (answer) => outcome(label, text, answer.text, holds(answer.text));
  };
  const patterns = listOf(expected.body_matches ?? []).map(async (pattern) =>
    plain('body matches', pattern, await matcher(pattern)),
  );
  return [
    ...(whole === undefined ? [] : [plain('body', whole, (body) => body === whole)]),
    ...listOf(expected.body_contains ?? []).map((text) =>
      plain('body contains', text, (body) => body.includes(text)),
    ),
    ...listOf(expected.body_not_contains ?? []).map((text) =>
      plain('body does not contain', text, (body) => !body.includes(text)),
    ),
    ...(await Promise.all(patterns)),
  ];
}

/** What jq itself says against the body (a wrong type, for one) is a failed assertion. */
function jqAssertion(program: string): Assertion {
  return async ({ json }, { signal }) => {
    if (json === undefined) return outcome('jq', program, null, false, 'the body is not JSON');
    try {
      const values = await runJq(program, [json], { timeoutMs: JQ_TIMEOUT_MS, signal });
      const holds = values.length > 0 && values.every((value) => value === true);
      return outcome('jq', program, values.length === 1 ? values[0]! : values, holds);
    } catch (error) {
      if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') throw error;
      return outcome('jq', program, null, false, error.message);
    }
  };
}

async function schemaAssertions(schema: Expectations['schema']): Promise<Assertion[]> {
  if (schema === undefined) return [];
  await validateJson(null, schema as JsonValue);
  return [
    async ({ json }) => {
      if (json === undefined) return outcome('schema', 'a valid body', null, false, 'the body is not JSON');
      const { is_valid, errors } = await validateJson(json, schema as JsonValue);
      const shown = errors.slice(0, 20).map(({ path, message }) => `${path || 'the body'} ${message}`);
      return outcome('schema', 'a valid body', shown, is_valid, shown.join('; '));
    },
  ];
}

function atMost(
  label: string,
  limit: number | undefined,
  unit: string,
  measure: (answer: Answer) => number,
): Assertion[] {
  if (limit === undefined) return [];
  return [(answer) => outcome(label, `at most ${limit} ${unit}`, measure(answer), measure(answer) <= limit)];
}

function outcome(
  assertion: string,
  expected: JsonValue,
  actual: JsonValue,
  passed: boolean,
  reason = '',
): AssertionResult {
  const message = passed
    ? `${assertion}: as expected`
    : `${assertion}: expected ${inWords(expected)}, but ${reason || `found ${inWords(actual)}`}`;
  return { assertion, expected: shortened(expected), actual: shortened(actual), passed, message };
}

function inWords(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function shortened(value: JsonValue): JsonValue {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : value;
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
