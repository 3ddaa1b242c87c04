import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';

/** A request as a server got it. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** How a server answers. */
export type Answering = (seen: SeenRequest, response: ServerResponse, attempt: number) => void;

/** A server on loopback, and what it was asked. */
export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  seen: SeenRequest[];
  server: Server;
}

const servers: Server[] = [];

/** Starts servers that end with each test. Call it once in a test file. */
export function loopback(): (answer: Answering) => Promise<Loopback> {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  return start;
}

async function start(answer: Answering): Promise<Loopback> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers, url: path = '' } = request;
    seen.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    answer(seen.at(-1)!, response, seen.length);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

/** Answers with JSON. */
export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** Permissions for loopback, and nothing else unless given. */
export const loopbackOnly = (more: { read?: string[]; write?: string[]; env?: string[] } = {}) =>
  createPermissions({ ...noGrants(), net: ['127.0.0.1'], ...more }, { cwd: '/' });
