import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { guardedRequest, parseUrl } from '../../security/network.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { authHeaders, authSchema } from './http-auth.js';
import { decodeBody } from './http-body.js';
import { IDEMPOTENT, retrying, retrySchema } from './http-retry.js';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

const inputSchema = z.object({
  input: z.string().describe('The URL, http or https.'),
  method: z
    .string()
    .default('GET')
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(METHODS, { error: ({ input }) => `Unknown HTTP method '${String(input)}'` }))
    .describe('GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS.'),
  headers: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({})
    .describe('Request headers.'),
  body: z.json().optional().describe('Text is sent as it is; anything else as JSON.'),
  auth: authSchema.optional().describe('How to authenticate: type none, basic, bearer, api_key or custom.'),
  retry: retrySchema.optional().describe('When and how often to try again.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(300_000)
    .default(30_000)
    .describe('Milliseconds for everything, retries and redirects included.'),
  max_redirects: z.number().int().min(0).max(20).default(5).describe('0 gives back the redirect itself.'),
  max_response_size: z
    .number()
    .int()
    .min(1)
    .max(100_000_000)
    .default(10_000_000)
    .describe('Largest response in bytes, after decompression.'),
});
type Input = z.output<typeof inputSchema>;

/** Sends HTTP requests to hosts that are granted. */
export default defineTool({
  name: 'http-requester',
  aliases: ['http-request'],
  category: 'web',
  level: 'restricted',
  description: 'Sends an HTTP request to a granted host and returns status, headers and decoded body.',
  capabilities: ['net'],
  input: inputSchema,
  parameterAliases: { url: 'input', uri: 'input', operation: 'method', data: 'body', json: 'body' },
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
  ],
  run: request,
});

async function request(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const url = parseUrl(input.input);
  const started = context.effects.now();
  const body = encodeBody(input.body);
  const headers = { ...body.headers, ...lowerCase(input.headers), ...lowerCase(authHeaders(input.auth)) };
  const policy = {
    settings: input.retry,
    idempotent: IDEMPOTENT.has(input.method),
    deadline: started + input.timeout_ms,
  };
  const { response, attempts } = await retrying(policy, context, (timeoutMs) =>
    guardedRequest(
      url.href,
      {
        method: input.method,
        headers,
        body: body.text,
        timeoutMs,
        maxRedirects: input.max_redirects,
        maxBytes: input.max_response_size,
      },
      context,
    ),
  );
  const finished = context.effects.now();
  const result: JsonObject = {
    status_code: response.status,
    headers: response.headers,
    ...decodeBody(response.body, response.headers['content-type']),
    url: response.url,
    timestamp: new Date(finished).toISOString(),
  };
  return {
    result,
    message: `${input.method} ${url.host} returned ${response.status} ${response.statusText}`.trim(),
    metadata: { method: input.method, url: response.url, duration_ms: finished - started, attempts },
  };
}

function encodeBody(body: JsonValue | undefined): { text?: string; headers: Record<string, string> } {
  if (body === undefined || body === null) return { headers: {} };
  if (typeof body === 'string')
    return { text: body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
  return { text: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
