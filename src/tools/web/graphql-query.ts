import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { guardedRequest, parseUrl } from '../../security/network.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { urlText } from '../parameters.js';
import { answerIn, errorMessage, type GraphqlAnswer } from './graphql/answer.js';
import { type OperationKind, readOperation } from './graphql/document.js';
import { describeSchema, introspectionQuery } from './graphql/introspection.js';
import { GRAPHQL_SAMPLES } from './graphql/samples.js';
import { collectEvents } from './graphql/subscription.js';
import { authHeaders, authSchema } from './http-auth.js';
import { headersParameter, lowerCase } from './http-parameters.js';
import { httpSettings } from './http-settings.js';

/** The most bytes of an answer. */
const MAX_BYTES = 10_000_000;

const inputSchema = z.object({
  endpoint: urlText(
    'The URL of the GraphQL endpoint, http or https; ws or wss for a subscription over WebSocket.',
  ),
  operation: operationParameter(['query', 'mutation', 'subscription', 'introspection'])
    .optional()
    .describe("The kind of operation; the document's own when absent."),
  input: z.string().optional().describe('The GraphQL document; not needed for introspection.'),
  variables: z.record(z.string(), z.json()).optional().describe('Values for the variables of the document.'),
  operation_name: z.string().optional().describe('Which operation to run when the document has several.'),
  headers: headersParameter(),
  auth: authSchema.optional().describe('How to authenticate: type none, basic, bearer, api_key or custom.'),
  max_depth: z.number().int().min(1).max(100).default(10).describe('How deeply selections may be nested.'),
  timeout: z.number().min(0.001).max(300).default(30).describe('Seconds for the answer, or for all events.'),
  transport: z
    .enum(['sse', 'websocket'])
    .optional()
    .describe(
      'subscription: server-sent events, or WebSocket (graphql-transport-ws); sse unless the URL is ws or wss.',
    ),
  max_events: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('subscription: how many events to wait for.'),
  types: z
    .array(z.string())
    .max(100)
    .default([])
    .describe('introspection: the types to show; all when empty.'),
});
type Input = z.output<typeof inputSchema>;

/** Talks to GraphQL servers. Errors that the server reports are a soft failure, with the data that came along. */
export default defineTool({
  name: 'graphql-query',
  aliases: ['graphql'],
  category: 'web',
  level: 'restricted',
  description: 'Runs GraphQL queries, mutations and subscriptions, and describes the schema of an endpoint.',
  capabilities: ['net'],
  input: inputSchema,
  parameterAliases: {
    url: 'endpoint',
    uri: 'endpoint',
    query: 'input',
    document: 'input',
    operationName: 'operation_name',
    timeout_seconds: 'timeout',
  },
  operationAliases: { introspect: 'introspection', schema: 'introspection', subscribe: 'subscription' },
  timeoutMs: 330_000,
  samples: GRAPHQL_SAMPLES,
  run: (input, context, host) =>
    input.operation === 'introspection' ? introspect(input, context, host) : execute(input, context, host),
});

async function execute(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  if (!input.input?.trim()) throw fail('input.invalid', "Missing required parameter 'input'");
  const operation = await readOperation(input.input, input.operation_name, input.max_depth);
  if (input.operation !== undefined && input.operation !== operation.kind)
    throw fail('input.invalid', `The document contains a ${operation.kind}, not a ${input.operation}`);
  const request: JsonObject = {
    query: input.input,
    ...(input.variables && { variables: input.variables }),
    ...(operation.name !== undefined && { operationName: operation.name }),
  };
  if (operation.kind === 'subscription') return subscribe(input, request, context, host);
  const { answer, durationMs } = await post(input, request, context, host);
  return outcome(input, operation.kind, answer, errorMessage(answer.errors), {
    duration_ms: durationMs,
    depth: operation.depth,
  });
}

async function introspect(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const request = { query: await introspectionQuery(), operationName: 'IntrospectionQuery' };
  const { answer, durationMs } = await post(input, request, context, host);
  const failure = errorMessage(answer.errors);
  if (failure !== undefined || answer.data === undefined || answer.data === null)
    return outcome(input, 'introspection', answer, failure ?? 'The endpoint gave no schema', {});
  const schema = await describeSchema(answer.data, input.types);
  return {
    ...outcome(input, 'introspection', schema, undefined, { duration_ms: durationMs }),
    text: String(schema.schema),
  };
}

async function subscribe(
  input: Input,
  request: JsonObject,
  context: ExecutionContext,
  host: ToolHost,
): Promise<ToolOutcome> {
  const { url, isWebSocket } = endpointOf(input);
  const subscription = {
    url,
    transport: input.transport ?? (isWebSocket ? 'websocket' : 'sse'),
    headers: headersOf(input, host),
    request,
    maxEvents: input.max_events,
    timeoutMs: Math.ceil(input.timeout * 1000),
  } as const;
  const { events, ended } = await collectEvents(subscription, context);
  const failure = events.map((event) => errorMessage(event.errors)).find((message) => message !== undefined);
  const result = { events, count: events.length, ended };
  return outcome(input, 'subscription', result, failure, { transport: subscription.transport });
}

async function post(input: Input, request: JsonObject, context: ExecutionContext, host: ToolHost) {
  const settings = httpSettings(host);
  const started = context.effects.now();
  const options = {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      ...headersOf(input, host),
      'content-type': 'application/json',
    },
    body: JSON.stringify(request),
    timeoutMs: Math.ceil(input.timeout * 1000),
    maxRedirects: settings.maxRedirects,
    maxBytes: Math.min(MAX_BYTES, settings.maxBytes ?? MAX_BYTES),
  };
  const response = await guardedRequest(endpointOf(input).url.href, options, context);
  const answer: GraphqlAnswer = answerIn(response);
  return { answer, durationMs: context.effects.now() - started };
}

function headersOf(input: Input, host: ToolHost): Record<string, string> {
  return {
    ...httpSettings(host).defaultHeaders,
    ...lowerCase(input.headers),
    ...lowerCase(authHeaders(input.auth)),
  };
}

/** A WebSocket address names the same host and port as the http address it is reached by. */
function endpointOf(input: Input): { url: URL; isWebSocket: boolean } {
  const isWebSocket = /^wss?:/i.test(input.endpoint);
  return { url: parseUrl(input.endpoint.replace(/^ws(s?):/i, 'http$1:')), isWebSocket };
}

function outcome(
  input: Input,
  operation: OperationKind | 'introspection',
  result: JsonObject,
  failure: string | undefined,
  metadata: JsonObject,
): ToolOutcome {
  return {
    operation,
    result: { operation, endpoint: input.endpoint, result },
    message: `GraphQL ${operation} on ${endpointOf(input).url.host} done`,
    metadata,
    ...(failure !== undefined && { failure: { message: failure } }),
  };
}
