import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { type GuardedResponse, guardedRequest, parseUrl } from '../../security/network.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { urlText, writePath } from '../parameters.js';
import { authHeaders, authSchema } from './http-auth.js';
import { decodeBody } from './http-body.js';
import { headersParameter, lowerCase, methodParameter, textTable } from './http-parameters.js';
import {
  type EncodedBody,
  encodeBody,
  encodeForm,
  encodeMultipart,
  partSchema,
} from './http-request-body.js';
import { IDEMPOTENT, retrying, retrySchema } from './http-retry.js';
import { askToSave, save } from './http-save.js';
import { type HttpSettings, httpSettings } from './http-settings.js';

/** The most bytes of a request or an answer where neither the call nor the configuration says otherwise. */
const DEFAULT_MAX_BYTES = 10_000_000;

const inputSchema = z.object({
  input: urlText('The URL, http or https.'),
  method: methodParameter('GET'),
  headers: headersParameter(),
  query: textTable().optional().describe('Parameters to add to the URL.'),
  body: z.json().optional().describe('Text is sent as it is; anything else as JSON.'),
  form: textTable()
    .optional()
    .describe('Fields to send as application/x-www-form-urlencoded, instead of a body.'),
  multipart: z
    .array(partSchema)
    .min(1)
    .max(100)
    .optional()
    .describe('Parts to send as multipart/form-data, instead of a body: texts, and files that are granted.'),
  auth: authSchema.optional().describe('How to authenticate: type none, basic, bearer, api_key or custom.'),
  retry: retrySchema.optional().describe('When and how often to try again.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(300_000)
    .optional()
    .describe('Milliseconds for everything, retries and redirects included; 30000 unless configured.'),
  max_redirects: z
    .number()
    .int()
    .min(0)
    .max(20)
    .optional()
    .describe('0 gives back the redirect itself; 5 unless configured.'),
  max_response_size: z
    .number()
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe('Largest response in bytes, after decompression; 10000000 unless configured.'),
  save_to: writePath('The file.')
    .optional()
    .describe('The file for the body of a 2xx answer, which is then left out of the result.'),
});
type Input = z.output<typeof inputSchema>;

/**
 * Sends HTTP requests to hosts that are granted. Requests go to the host itself: a proxy would resolve names again,
 * behind the check of the addresses, so `HTTP_PROXY` and `HTTPS_PROXY` are not used.
 */
export default defineTool({
  name: 'http-requester',
  aliases: ['http-request'],
  category: 'web',
  level: 'restricted',
  description:
    'Sends an HTTP request to a granted host, directly and not through a proxy, and returns status, headers and decoded body.',
  capabilities: ['net', 'read', 'write'],
  input: inputSchema,
  parameterAliases: {
    url: 'input',
    uri: 'input',
    operation: 'method',
    data: 'body',
    json: 'body',
    params: 'query',
    output_path: 'save_to',
  },
  timeoutMs: 310_000,
  samples: [
    {
      title: 'A host that is not granted is refused',
      input: { input: 'http://169.254.169.254/latest/meta-data/' },
      error: 'permission.net',
    },
    {
      title: 'Only http and https are supported',
      input: { input: 'ftp://files.example.com/a.txt' },
      error: 'input.invalid',
    },
    {
      title: 'Credentials belong into auth, not into the URL',
      input: { input: 'https://user:secret@api.example.com/', method: 'GET' },
      error: 'input.invalid',
    },
    {
      title: 'A file to send and a file to save to are asked for before the host is reached',
      input: {
        input: 'https://api.example.com/',
        method: 'POST',
        multipart: [{ name: 'report', file: '{{dir}}/report.txt' }],
        save_to: '{{dir}}/answer.json',
      },
      files: { 'report.txt': 'All is well.' },
      error: 'permission.net',
    },
    {
      title: 'A request has one body',
      input: { input: 'https://api.example.com/', method: 'POST', body: 'a', form: { b: '1' } },
      error: 'input.invalid',
    },
  ],
  run: request,
});

async function request(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const settings = httpSettings(host);
  const url = withQuery(parseUrl(input.input), input.query);
  if (input.save_to !== undefined) await askToSave(input.save_to, context);
  const body = await bodyOf(input, settings, context);
  const started = context.effects.now();
  const { response, attempts } = await send(url, body, input, settings, context);
  const finished = context.effects.now();
  return {
    result: {
      status_code: response.status,
      headers: response.headers,
      ...(await received(response, input.save_to, context)),
      url: response.url,
      timestamp: new Date(finished).toISOString(),
    },
    message: `${input.method} ${url.host} returned ${response.status} ${response.statusText}`.trim(),
    metadata: { method: input.method, url: response.url, duration_ms: finished - started, attempts },
  };
}

function send(url: URL, body: EncodedBody, input: Input, settings: HttpSettings, context: ExecutionContext) {
  const policy = {
    settings: input.retry,
    maxAttempts: settings.maxAttempts,
    idempotent: IDEMPOTENT.has(input.method),
    deadline: context.effects.now() + (input.timeout_ms ?? settings.timeoutMs),
  };
  const headers = {
    ...settings.defaultHeaders,
    ...body.headers,
    ...lowerCase(input.headers),
    ...lowerCase(authHeaders(input.auth)),
  };
  const options = {
    method: input.method,
    headers,
    body: body.content,
    maxRedirects: input.max_redirects ?? settings.maxRedirects,
    maxBytes: Math.min(
      input.max_response_size ?? DEFAULT_MAX_BYTES,
      settings.maxBytes ?? Number.POSITIVE_INFINITY,
    ),
  };
  return retrying(policy, context, (timeoutMs) =>
    guardedRequest(url.href, { ...options, timeoutMs }, context),
  );
}

async function bodyOf(input: Input, settings: HttpSettings, context: ExecutionContext): Promise<EncodedBody> {
  const given = [input.body, input.form, input.multipart].filter(
    (part) => part !== undefined && part !== null,
  );
  if (given.length > 1)
    throw fail('input.invalid', 'A request has one body: pass only one of body, form and multipart');
  const maxBytes = settings.maxBytes ?? DEFAULT_MAX_BYTES;
  const body = await encoded(input, maxBytes, context);
  const size = Buffer.byteLength(body.content ?? '');
  if (size > maxBytes)
    throw fail(
      'input.invalid',
      `The request body of ${size} bytes exceeds maximum allowed size of ${maxBytes}`,
      {
        hint: 'Raise tools.http_request.max_request_size.',
      },
    );
  return body;
}

async function encoded(input: Input, maxBytes: number, context: ExecutionContext): Promise<EncodedBody> {
  if (input.multipart) return encodeMultipart(input.multipart, maxBytes, context);
  return input.form ? encodeForm(input.form) : encodeBody(input.body);
}

function withQuery(url: URL, query: Record<string, string> | undefined): URL {
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, value);
  return url;
}

/** The body, decoded, or where it was saved: what is no success is shown and not saved. */
async function received(
  response: GuardedResponse,
  saveTo: string | undefined,
  context: ExecutionContext,
): Promise<JsonObject> {
  const success = response.status >= 200 && response.status < 300;
  if (saveTo !== undefined && success) return save(saveTo, response.body, context);
  return decodeBody(response.body, response.headers['content-type']);
}
