import type { RawData, WebSocket } from 'ws';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../../../core/values.js';
import { connectionError } from '../../../security/sockets.js';
import { type GraphqlAnswer, graphqlAnswer } from './answer.js';
import { connectTo } from './socket.js';
import type { Subscription } from './subscription-request.js';

const PROTOCOL = 'graphql-transport-ws';
const CONNECT_TIMEOUT_MS = 10_000;
/** The most bytes of one message, and of all that wait to be read. */
const MAX_BYTES = 10_000_000;
/** There is one subscription per connection. */
const ID = '1';

type Message = { type: string; id?: string; payload?: JsonValue };

/** GraphQL over WebSocket (graphql-transport-ws): init, ack, subscribe, next … complete. */
export async function* websocketEvents(
  subscription: Subscription,
  context: ExecutionContext,
): AsyncGenerator<GraphqlAnswer, void, undefined> {
  const socket = await open(subscription, context);
  const send = (message: JsonObject) => socket.send(JSON.stringify(message));
  try {
    send({ type: 'connection_init' });
    for await (const message of messages(socket, subscription, context)) {
      if (message.type === 'connection_ack')
        send({ id: ID, type: 'subscribe', payload: subscription.request });
      else if (message.type === 'ping') send({ type: 'pong' });
      else if (message.type === 'complete') return;
      else {
        const answer = answerOf(message);
        if (answer) yield answer;
        if (message.type === 'error') return;
      }
    }
  } finally {
    socket.terminate();
  }
}

/** `error` ends a subscription: its payload is the list of errors. */
function answerOf({ type, payload }: Message): GraphqlAnswer | undefined {
  if (type === 'error') return { errors: Array.isArray(payload) ? payload : [payload ?? null] };
  return type === 'next' ? graphqlAnswer(payload) : undefined;
}

async function open(subscription: Subscription, context: ExecutionContext): Promise<WebSocket> {
  const { url, headers } = subscription;
  const connection = await connectTo(url, Math.min(CONNECT_TIMEOUT_MS, subscription.timeoutMs), context);
  const { WebSocket } = await import('ws');
  const address = url.href.replace(/^http/, 'ws');
  const options = {
    createConnection: () => connection,
    headers,
    maxPayload: MAX_BYTES,
    perMessageDeflate: false,
  };
  const socket = new WebSocket(address, PROTOCOL, options);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', (error) => {
      connection.destroy();
      reject(context.signal.aborted ? context.signal.reason : connectionError(error, url.host));
    });
  });
}

/** The messages in order; ends with an error when the connection closes before the subscription is complete. */
async function* messages(
  socket: WebSocket,
  { url }: Subscription,
  context: ExecutionContext,
): AsyncGenerator<Message, void, undefined> {
  const waiting: Message[] = [];
  let waitingBytes = 0;
  let failure: Error | undefined;
  let wake = () => {};
  const end = (error: Error) => {
    failure ??= error;
    wake();
  };
  socket.on('message', (data: RawData) => {
    const text = data.toString();
    waitingBytes += text.length;
    if (waitingBytes > MAX_BYTES) return socket.terminate();
    const message = messageIn(text);
    if (message) waiting.push(message);
    else
      end(
        fail('tool.failed', `The WebSocket sent something that is not the protocol: ${text.slice(0, 100)}`),
      );
    wake();
  });
  socket.on('error', (error) => end(connectionError(error, url.host)));
  socket.on('close', (code, reason) => end(closed(url, code, reason.toString())));
  for (;;) {
    while (waiting.length > 0) yield waiting.shift()!;
    waitingBytes = 0;
    context.signal.throwIfAborted();
    if (failure) throw failure;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}

function messageIn(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value.type === 'string' ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

function closed(url: URL, code: number, reason: string): Error {
  const why = reason ? `: ${reason}` : '';
  return fail(
    'tool.failed',
    `${url.host} closed the WebSocket before the subscription was complete (${code}${why})`,
    {
      details: { close_code: code },
    },
  );
}
