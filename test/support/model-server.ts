import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of a scripted model server. An empty object is an empty answer. */
export interface Turn {
  /** The text; an array is streamed in these pieces. */
  text?: string | string[];
  reasoning?: string;
  /** `arguments` as text is sent as it is, right or wrong. */
  toolCalls?: { id?: string; name: string; arguments: unknown }[];
  /** Into how many pieces the arguments of a call are split in a stream; 3 when absent. */
  argumentPieces?: number;
  /** Why the model stopped, in the words of OpenAI: `stop`, `length`, `content_filter`. */
  finish?: string;
  /** `null` leaves the count out. */
  usage?: { input: number; output: number } | null;
  /** Answers with this HTTP status and `error` as the reason. */
  status?: number;
  error?: string;
  headers?: Record<string, string>;
  /** Answers with this text instead of the protocol. */
  garbage?: string;
  contentType?: string;
  /** Sends this many bytes of the body, then ends the answer properly. */
  cutAt?: number;
  /** Sends this many bytes of the body, then breaks the connection. */
  breakAt?: number;
  /** Sends this many bytes of the body (none of the head when 0), then says nothing more. */
  hangAt?: number;
  /** Writes the body in pieces of this many bytes, so that characters are cut in half. */
  pieceBytes?: number;
}

/** A turn, or what makes one from the request it answers. */
export type TurnSource = Turn | ((request: RecordedRequest) => Turn);

/** A request that arrived. */
export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string | undefined>;
  /** Parsed JSON; undefined without a body. */
  body: Record<string, unknown> | undefined;
  /** How the answer ended: sent to its end, or the client went away first. */
  closed: Promise<'complete' | 'aborted'>;
}

/** A running server. */
export interface ModelServer {
  /** Base URL as it is configured, e.g. `http://127.0.0.1:4711/v1`. */
  url: string;
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/** What to answer. */
export interface ModelServerOptions {
  /** Answered in this order; asking for more is answered with HTTP 500. */
  turns: TurnSource[];
  /** Start again with the first turn when all are used up. */
  repeat?: boolean;
  /** What `check` lists. */
  models?: string[];
}

/** One provider's wire format. */
export interface Dialect {
  /** Appended to the server's address. */
  basePath: string;
  chatPath: string;
  listPath: string;
  /** What is wrong with a request, as the real API would say; undefined if nothing is. */
  refuse(request: RecordedRequest): { status: number; message: string } | undefined;
  streams(request: RecordedRequest): boolean;
  contentType: { stream: string; plain: string };
  /** The body of a streamed answer, frame by frame. */
  frames(turn: Turn, request: RecordedRequest): string[];
  plain(turn: Turn, request: RecordedRequest): unknown;
  error(status: number, message: string): unknown;
  list(models: string[]): unknown;
}

/** Starts a server on a free port of 127.0.0.1 that speaks a dialect and follows a script. */
export async function startModelServer(dialect: Dialect, options: ModelServerOptions): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const state = { next: 0 };
  const server = createServer(async (incoming, outgoing) => {
    const request = await record(incoming, outgoing);
    requests.push(request);
    if (request.path === dialect.listPath) return sendJson(outgoing, 200, dialect.list(options.models ?? []));
    const refusal =
      request.path === dialect.chatPath ? dialect.refuse(request) : { status: 404, message: 'not found' };
    if (refusal) return sendJson(outgoing, refusal.status, dialect.error(refusal.status, refusal.message));
    await answer(nextTurn(options, state, request), request, outgoing, dialect);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${dialect.basePath}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Splits text into `count` pieces that are as equal as can be. */
export function pieces(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

/** The pieces of a turn's text. */
export function textPieces(turn: Turn): string[] {
  return Array.isArray(turn.text) ? turn.text : turn.text ? [turn.text] : [];
}

/** A call's arguments as text, whatever the script gave. */
export function argumentsText(call: { arguments: unknown }): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

/** What a turn has used; a small fixed count when the script says nothing. */
export function usageOf(turn: Turn): { input: number; output: number } | undefined {
  return turn.usage === null ? undefined : (turn.usage ?? { input: 11, output: 7 });
}

function nextTurn(options: ModelServerOptions, state: { next: number }, request: RecordedRequest): Turn {
  const index = options.repeat ? state.next % options.turns.length : state.next;
  state.next++;
  const turn = options.turns[index];
  if (!turn) return { status: 500, error: 'the script of the test server is used up' };
  return typeof turn === 'function' ? turn(request) : turn;
}

async function record(incoming: IncomingMessage, outgoing: ServerResponse): Promise<RecordedRequest> {
  const closed = new Promise<'complete' | 'aborted'>((resolve) =>
    outgoing.once('close', () => resolve(outgoing.writableFinished ? 'complete' : 'aborted')),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(/\?.*$/, ''),
    headers: incoming.headers as Record<string, string | undefined>,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
    closed,
  };
}

async function answer(turn: Turn, request: RecordedRequest, outgoing: ServerResponse, dialect: Dialect) {
  if (turn.status !== undefined)
    return sendJson(
      outgoing,
      turn.status,
      dialect.error(turn.status, turn.error ?? 'scripted failure'),
      turn.headers,
    );
  if (turn.hangAt === 0) return;
  const streamed = dialect.streams(request);
  const type = turn.contentType ?? (streamed ? dialect.contentType.stream : dialect.contentType.plain);
  const body =
    turn.garbage ??
    (streamed ? dialect.frames(turn, request).join('') : JSON.stringify(dialect.plain(turn, request)));
  outgoing.writeHead(200, { 'content-type': type, ...turn.headers });
  await sendBody(Buffer.from(body), turn, outgoing);
}

async function sendBody(body: Buffer, turn: Turn, outgoing: ServerResponse): Promise<void> {
  const end = turn.cutAt ?? turn.breakAt ?? turn.hangAt ?? body.length;
  const size = turn.pieceBytes ?? Math.max(1, end);
  for (let at = 0; at < end; at += size) await write(outgoing, body.subarray(at, Math.min(end, at + size)));
  if (turn.hangAt !== undefined) return;
  if (turn.breakAt === undefined) outgoing.end();
  else outgoing.destroy();
}

/** Waits for the operating system to take a piece, so that pieces travel one by one. */
function write(outgoing: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => outgoing.write(chunk, () => setImmediate(resolve)));
}

function sendJson(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
}
