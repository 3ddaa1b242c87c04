import type { IncomingMessage } from 'node:http';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { connectionError } from '../../../security/sockets.js';
import { type GraphqlAnswer, graphqlAnswer } from './answer.js';
import { connectTo } from './socket.js';
import type { Subscription } from './subscription-request.js';

/** The most bytes of one subscription. */
const MAX_BYTES = 10_000_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * GraphQL over server-sent events: one request per subscription, events `next` and `complete`. A server that
 * refuses a subscription may answer with plain JSON instead.
 */
export async function* sseEvents(
  subscription: Subscription,
  context: ExecutionContext,
): AsyncGenerator<GraphqlAnswer, void, undefined> {
  const response = await open(subscription, context);
  const type = response.headers['content-type'] ?? '';
  try {
    if (response.statusCode === 200 && type.startsWith('text/event-stream')) yield* streamed(response);
    else yield await refusal(response);
  } catch (error) {
    context.signal.throwIfAborted();
    throw connectionError(error, subscription.url.host);
  } finally {
    response.destroy();
  }
}

async function* streamed(response: IncomingMessage): AsyncGenerator<GraphqlAnswer, void, undefined> {
  const { createParser } = await import('eventsource-parser');
  const waiting: { event?: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  for await (const text of texts(response)) {
    parser.feed(text);
    for (const { event, data } of waiting.splice(0)) {
      if (event === 'complete') return;
      const answer = event === undefined || event === 'next' ? answerOf(data) : undefined;
      if (answer) yield answer;
    }
  }
}

async function* texts(response: IncomingMessage): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw fail('tool.failed', `The subscription sent more than ${MAX_BYTES} bytes`);
    yield decoder.decode(chunk, { stream: true });
  }
}

/** The errors with which a server refuses. @throws `tool.failed` when it does not even say that in GraphQL */
async function refusal(response: IncomingMessage): Promise<GraphqlAnswer> {
  const { statusCode = 0, headers } = response;
  if (/json/.test(headers['content-type'] ?? '')) {
    let text = '';
    for await (const part of texts(response)) text += part;
    const answer = graphqlAnswer(parsed(text));
    if (answer?.errors) return answer;
  }
  throw fail(
    'tool.failed',
    `The endpoint does not speak GraphQL over server-sent events: HTTP ${statusCode} ${headers['content-type'] ?? ''}`.trim(),
    { hint: "Try transport = 'websocket'.", details: { status: statusCode } },
  );
}

async function open(subscription: Subscription, context: ExecutionContext): Promise<IncomingMessage> {
  const { url } = subscription;
  const socket = await connectTo(url, Math.min(CONNECT_TIMEOUT_MS, subscription.timeoutMs), context);
  const { request } = await import('node:http');
  const body = Buffer.from(JSON.stringify(subscription.request));
  const headers = {
    ...subscription.headers,
    host: url.host,
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'content-length': String(body.length),
  };
  // No agent: it would open connections of its own, to whatever the options name.
  const options = { method: 'POST', path: `${url.pathname}${url.search}`, headers } as const;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ ...options, createConnection: () => socket }, resolve);
    socket.once('close', () =>
      reject(context.signal.reason ?? connectionError(new Error('closed'), url.host)),
    );
    outgoing.on('error', (error) => reject(connectionError(error, url.host)));
    outgoing.end(body);
  });
}

function answerOf(data: string): GraphqlAnswer | undefined {
  if (data.trim() === '') return undefined;
  const value = parsed(data);
  if (value !== undefined) return graphqlAnswer(value);
  throw fail('tool.failed', `The subscription sent an event that is not JSON: ${data.slice(0, 100)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
