import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject } from '../../core/values.js';
import { type GuardedResponse, guardedRequest, parseUrl } from '../../security/network.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { urlText } from '../parameters.js';
import { decodeBody } from './http-body.js';
import { headersParameter, lowerCase, methodParameter } from './http-parameters.js';
import { encodeBody } from './http-request-body.js';
import { httpSettings } from './http-settings.js';
import { type Delivered, deliver } from './webhook/delivery.js';
import { WEBHOOK_SAMPLES } from './webhook/samples.js';
import { type Signer, signatureSchema, signerFor } from './webhook/signature.js';

/** The most bytes of an answer that are read. */
const MAX_BYTES = 1_000_000;
/** The most characters of an answer that are shown. */
const SHOWN_CHARACTERS = 50_000;

const inputSchema = z.object({
  input: urlText('The URL of the webhook, http or https.'),
  payload: z.json().default({}).describe('What to deliver: text as it is, anything else as JSON.'),
  headers: headersParameter(),
  method: methodParameter('POST'),
  max_retries: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe('Further attempts after 429, 5xx and broken connections.'),
  retry_delay_ms: z
    .number()
    .min(0)
    .max(60_000)
    .default(500)
    .describe(
      'Milliseconds before the second attempt, doubled before each further one; a longer Retry-After is kept to.',
    ),
  timeout: z.number().min(0.001).max(120).default(30).describe('Seconds for one attempt.'),
  signature: signatureSchema
    .optional()
    .describe('Signs the payload: {secret or secret_env, algorithm, scheme, encoding, header}.'),
  idempotency_key: z
    .union([z.string().min(1).max(255), z.boolean()])
    .optional()
    .describe('Lets the server recognise repeated attempts; true makes a key up.'),
  idempotency_header: z.string().min(1).default('Idempotency-Key').describe('The header for that key.'),
  max_redirects: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Redirects to follow; most of them turn a POST into a GET without its payload.'),
});
type Input = z.output<typeof inputSchema>;

/** Delivers payloads to webhooks. A delivery that fails is a soft failure; an answer of any status is a result. */
export default defineTool({
  name: 'webhook-caller',
  aliases: ['webhook'],
  category: 'web',
  level: 'restricted',
  description:
    'Delivers a payload to a webhook, signed if asked for (HMAC), with retries and an idempotency key.',
  capabilities: ['net', 'env'],
  input: inputSchema,
  parameterAliases: {
    url: 'input',
    webhook_url: 'input',
    data: 'payload',
    body: 'payload',
    retry_count: 'max_retries',
    retries: 'max_retries',
    retry_delay: 'retry_delay_ms',
    hmac: 'signature',
  },
  timeoutMs: 600_000,
  samples: WEBHOOK_SAMPLES,
  run: call,
});

async function call(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const url = parseUrl(input.input);
  const signer = await signerFor(input.signature, host.environment, context);
  const key = input.idempotency_key === true ? context.effects.uuid() : input.idempotency_key || undefined;
  const started = context.effects.now();
  const policy = { maxRetries: input.max_retries, retryDelayMs: input.retry_delay_ms };
  const send = sender(url, input, { signer, key }, context, host);
  const delivered = await deliver(policy, context, send);
  const elapsed = context.effects.now() - started;
  return { operation: 'call', ...outcomeOf(input, url, delivered, elapsed, key) };
}

/** What stays the same over all attempts; the time that some schemes sign does not. */
function sender(
  url: URL,
  input: Input,
  { signer, key }: { signer: Signer; key: string | undefined },
  context: ExecutionContext,
  host: ToolHost,
): () => Promise<GuardedResponse> {
  const carries = input.method !== 'GET' && input.method !== 'HEAD';
  const body = carries ? encodeBody(input.payload) : { headers: {} };
  const content = typeof body.content === 'string' ? body.content : '';
  const id = key ?? `msg_${context.effects.uuid()}`;
  const settings = httpSettings(host);
  const headers = {
    ...settings.defaultHeaders,
    ...body.headers,
    ...lowerCase(input.headers),
    ...(key !== undefined && { [input.idempotency_header.toLowerCase()]: key }),
  };
  return () => {
    const delivery = { timestamp: Math.floor(context.effects.now() / 1000), id };
    const options = {
      method: input.method,
      headers: { ...headers, ...lowerCase(signer(content, delivery)) },
      body: body.content,
      timeoutMs: Math.ceil(input.timeout * 1000),
      maxRedirects: input.max_redirects,
      maxBytes: MAX_BYTES,
    };
    return guardedRequest(url.href, options, context);
  };
}

function outcomeOf(
  input: Input,
  url: URL,
  delivered: Delivered,
  elapsed: number,
  key: string | undefined,
): ToolOutcome {
  const { retries } = delivered;
  const common: JsonObject = {
    webhook_url: input.input,
    retry_count: retries,
    ...(key !== undefined && { idempotency_key: key }),
  };
  if ('error' in delivered) {
    const { message, code } = delivered.error;
    return {
      result: { success: false, ...common, error: message, max_retries: input.max_retries },
      failure: { message: `Webhook call failed: ${message}`, code },
    };
  }
  const { response } = delivered;
  const after = retries > 0 ? ` after ${retries} ${retries === 1 ? 'retry' : 'retries'}` : '';
  return {
    result: {
      success: response.status >= 200 && response.status < 300,
      ...common,
      status_code: response.status,
      status_text: response.statusText,
      response: shownResponse(response),
      response_time_ms: elapsed,
      retries_attempted: retries > 0,
    },
    message: `Webhook ${url.host} returned ${response.status} ${response.statusText}`.trim() + after,
  };
}

function shownResponse(response: GuardedResponse): JsonObject {
  const { body } = decodeBody(response.body, response.headers['content-type']);
  const isJson = typeof body !== 'string';
  const text = isJson ? JSON.stringify(body) : body;
  const cut = text.length > SHOWN_CHARACTERS;
  return {
    body: cut ? text.slice(0, SHOWN_CHARACTERS) : text,
    json: isJson && !cut ? body : null,
    headers: response.headers,
    body_is_json: isJson,
    ...(cut && { body_truncated: true }),
  };
}
