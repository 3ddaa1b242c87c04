import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail, LlmspellError } from '../../core/errors.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { type GuardedResponse, guardedRequest, parseUrl } from '../../security/network.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { urlText } from '../parameters.js';
import { type Answer, type Assertion, type AssertionResult, assertionsOf } from './api/assertions.js';
import { expectSchema } from './api/expectations.js';
import { API_TESTER_SAMPLES } from './api/samples.js';
import { authHeaders, authSchema } from './http-auth.js';
import { decodeBody } from './http-body.js';
import { headersParameter, lowerCase, methodParameter, textTable } from './http-parameters.js';
import { encodeBody } from './http-request-body.js';
import { httpSettings } from './http-settings.js';

/** The most bytes of an answer. */
const MAX_BYTES = 10_000_000;
/** Methods whose requests have a body. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const inputSchema = z.object({
  input: urlText('The URL, http or https.'),
  method: methodParameter('GET'),
  headers: headersParameter(),
  query: textTable().optional().describe('Parameters to add to the URL.'),
  body: z
    .json()
    .optional()
    .describe('For POST, PUT, PATCH and DELETE: text as it is, anything else as JSON.'),
  auth: authSchema.optional().describe('How to authenticate: type none, basic, bearer, api_key or custom.'),
  timeout: z.number().min(0.001).max(300).default(30).describe('Seconds for everything, redirects included.'),
  max_redirects: z.number().int().min(0).max(20).optional().describe('0 tests the redirect itself.'),
  expect: expectSchema.default({}).describe('What the answer must be like; each entry is an assertion.'),
  max_body_chars: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(50_000)
    .describe('A longer body is shortened in the result; assertions see all of it.'),
});
type Input = z.output<typeof inputSchema>;

/** Calls an API and checks the answer. An answer that is not as expected is a soft failure: nothing is raised. */
export default defineTool({
  name: 'api-tester',
  category: 'web',
  level: 'restricted',
  description:
    'Sends a request to an API and checks the answer: status, headers, body, JSON paths, JSON Schema, response time.',
  capabilities: ['net'],
  input: inputSchema,
  parameterAliases: {
    url: 'input',
    uri: 'input',
    endpoint: 'input',
    data: 'body',
    payload: 'body',
    params: 'query',
    expectations: 'expect',
    expected: 'expect',
    assertions: 'expect',
    timeout_seconds: 'timeout',
  },
  timeoutMs: 330_000,
  samples: API_TESTER_SAMPLES,
  run: test,
});

async function test(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const url = parseUrl(input.input);
  for (const [name, value] of Object.entries(input.query ?? {})) url.searchParams.append(name, value);
  const assertions = await assertionsOf(input.expect);
  const { response, durationMs } = await timed(url, input, context, host);
  const { body, ...encoding } = decodeBody(response.body, response.headers['content-type']);
  const answer = answerOf(response, encoding.body_encoding ? undefined : body, durationMs);
  const checked = await checkAll(assertions, answer, context);
  const failed = checked.filter(({ passed }) => !passed);
  const result: JsonObject = {
    request: { method: input.method, url: url.href, timeout: input.timeout },
    response: {
      status_code: response.status,
      status_text: response.statusText,
      is_success: response.status >= 200 && response.status < 300,
      headers: response.headers,
      ...shownBody(body, answer.text, input.max_body_chars),
      ...encoding,
      body_is_json: answer.json !== undefined,
      url: response.url,
    },
    timing: { duration_ms: durationMs, duration_secs: durationMs / 1000 },
    assertions: checked,
    passed: failed.length === 0,
    summary: { total: checked.length, passed: checked.length - failed.length, failed: failed.length },
  };
  return { operation: 'test', result, ...verdict(input.method, url, response, checked, failed) };
}

async function timed(url: URL, input: Input, context: ExecutionContext, host: ToolHost) {
  const settings = httpSettings(host);
  const body = WITH_BODY.has(input.method) ? encodeBody(input.body) : { headers: {} };
  const started = context.effects.now();
  const options = {
    method: input.method,
    headers: {
      ...settings.defaultHeaders,
      ...body.headers,
      ...lowerCase(input.headers),
      ...lowerCase(authHeaders(input.auth)),
    },
    body: body.content,
    timeoutMs: Math.ceil(input.timeout * 1000),
    maxRedirects: input.max_redirects ?? settings.maxRedirects,
    maxBytes: Math.min(MAX_BYTES, settings.maxBytes ?? MAX_BYTES),
  };
  const response = await guardedRequest(url.href, options, context).catch((error) => {
    throw requestFailed(error);
  });
  return { response, durationMs: context.effects.now() - started };
}

function requestFailed(error: unknown): unknown {
  if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') return error;
  return fail('tool.failed', `Request failed: ${error.message.replace(/^HTTP request failed: /, '')}`, {
    ...(error.details && { details: error.details }),
    cause: error,
  });
}

/** One after the other; between two of them the call can be cancelled. */
async function checkAll(assertions: readonly Assertion[], answer: Answer, context: ExecutionContext) {
  const checked: AssertionResult[] = [];
  for (const assertion of assertions) {
    checked.push(await assertion(answer, context));
    await setImmediate();
    context.signal.throwIfAborted();
  }
  return checked;
}

/** @param body as it was decoded with its charset, where it is text or JSON */
function answerOf(response: GuardedResponse, body: JsonValue | undefined, durationMs: number): Answer {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(response.body);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: body === undefined || typeof body === 'string' ? jsonOf(text) : body,
    size: response.body.length,
    durationMs,
  };
}

/** Some APIs call their JSON `text/html`; what parses is JSON. */
function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function shownBody(body: JsonValue, text: string, limit: number): JsonObject {
  const shown = typeof body === 'string' ? body : text;
  return shown.length <= limit ? { body } : { body: shown.slice(0, limit), body_truncated: true };
}

function verdict(
  method: string,
  url: URL,
  response: GuardedResponse,
  checked: readonly AssertionResult[],
  failed: readonly AssertionResult[],
): Pick<ToolOutcome, 'message' | 'text' | 'failure'> {
  const answered = `${method} ${url.host} returned ${response.status} ${response.statusText}`.trim();
  const lines = checked.map(({ passed, message }) => `${passed ? 'pass' : 'FAIL'}  ${message}`);
  const text = [answered, ...lines].join('\n');
  if (failed.length === 0) return { message: answered, text };
  const message = `${failed.length} of ${checked.length} assertions failed: ${failed[0]!.message}`;
  return { text, failure: { message, details: { failed: failed.map((item) => item.message) } } };
}
