import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Effects } from '../../core/effects.js';
import { fail } from '../../core/errors.js';
import type { Offer } from './offer.js';
import { makeMcpServer } from './server.js';

/** Clients that may be connected at once. */
const MOST_SESSIONS = 100;
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);
const EVERYWHERE = new Set(['0.0.0.0', '[::]']);

/** Where and for whom to serve. */
export interface HttpOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  /** What clients must send as `Authorization: Bearer`; nothing when absent. */
  token?: string | undefined;
  effects: Effects;
}

/** A running server. */
export interface HttpServer {
  /** Where clients connect, e.g. `http://127.0.0.1:8931/mcp`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves MCP over streamable HTTP at `/mcp`, and `/health`. Only requests that name this machine (or the host that was
 * bound) are answered, so that a web page cannot reach the server through a name of its own.
 * @throws `usage.invalid` for an open address without a token, `tool.failed` when the port is taken
 */
export async function serveHttp(offers: readonly Offer[], options: HttpOptions): Promise<HttpServer> {
  const { host, port, token } = options;
  if (!LOCAL.has(bracketed(host)) && token === undefined)
    throw fail('usage.invalid', `Serving on ${host} lets other machines in and needs a token`, {
      hint: 'Name the variable that holds it: --token-env NAME.',
    });
  const sessions = new Sessions(offers, options.effects);
  const server = createServer((request, response) => void handle(request, response, sessions, options));
  await listening(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${bracketed(host)}:${bound}/mcp`,
    async close() {
      await sessions.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client's connection. */
interface Session {
  transport: StreamableHTTPServerTransport;
  /** Requests that are being answered, a stream of notifications among them. */
  open: number;
}

/** One MCP server for each client. */
class Sessions {
  /** What was used last stands last. */
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly offers: readonly Offer[],
    private readonly effects: Effects,
  ) {}

  /**
   * The session for a request. Few clients say goodbye, so where there are too many the one that was silent for longest
   * makes room. Undefined when the named one is not there, or all are at work.
   */
  async session(id: string | undefined): Promise<Session | undefined> {
    if (id === undefined) return (await this.makeRoom()) ? this.fresh() : undefined;
    const known = this.sessions.get(id);
    if (!known) return undefined;
    this.sessions.delete(id);
    this.sessions.set(id, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map(({ transport }) => transport.close()));
  }

  private async makeRoom(): Promise<boolean> {
    if (this.sessions.size < MOST_SESSIONS) return true;
    const idle = [...this.sessions].find(([, session]) => session.open === 0);
    if (!idle) return false;
    this.sessions.delete(idle[0]);
    await idle[1].transport.close();
    return true;
  }

  private async fresh(): Promise<Session> {
    const { StreamableHTTPServerTransport } = await import(
      '@modelcontextprotocol/sdk/server/streamableHttp.js'
    );
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => this.effects.uuid(),
      onsessioninitialized: (id) => void this.sessions.set(id, session),
    });
    const session: Session = { transport, open: 0 };
    const server = await makeMcpServer(this.offers);
    server.onclose = () => void this.sessions.delete(transport.sessionId ?? '');
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return session;
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Sessions,
  options: HttpOptions,
): Promise<void> {
  const refused = refusal(request, options);
  if (refused) return answer(response, ...refused);
  const pathname = request.url?.split('?', 1)[0];
  if (pathname === '/health') return answer(response, 200, { status: 'ok' });
  if (pathname !== '/mcp') return answer(response, 404, { error: 'Clients connect to /mcp' });
  try {
    const id = request.headers['mcp-session-id'] as string | undefined;
    const session = await sessions.session(id);
    if (!session && id === undefined) return answer(response, 503, { error: 'Too many clients are at work' });
    if (!session) return answer(response, 404, { error: 'There is no such session' });
    session.open++;
    response.once('close', () => session.open--);
    await session.transport.handleRequest(request, response);
  } catch (error) {
    if (!response.headersSent) answer(response, 500, { error: (error as Error).message });
  }
}

/** Why a request is not answered at all: it came under another name, from a web page, or without the token. */
function refusal(
  { headers }: IncomingMessage,
  { host, token }: HttpOptions,
): [status: number, body: object] | undefined {
  const known = (name: string) => LOCAL.has(name) || name === bracketed(host);
  // Bound to every address, the machine has names that nobody can list here; the token, which is needed then, tells.
  if (!EVERYWHERE.has(bracketed(host)) && !known(hostOf(headers.host ?? '')))
    return [403, { error: 'This host is not served' }];
  if (headers.origin !== undefined && !known(hostOf(headers.origin.replace(/^https?:\/\//, ''))))
    return [403, { error: 'Requests from web pages are not answered' }];
  if (token !== undefined && !sameText(headers.authorization ?? '', `Bearer ${token}`))
    return [401, { error: 'A token is needed' }];
  return undefined;
}

function hostOf(hostAndPort: string): string {
  return hostAndPort.replace(/:\d+$/, '').toLowerCase();
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(fail('tool.failed', `Cannot serve on ${host}:${port}: ${error.message}`, { cause: error })),
    );
    server.listen(port, host, () => resolve());
  });
}
