import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemEffects } from '../../core/effects.js';
import { type HttpServer, serveHttp } from './http.js';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

let server: HttpServer;
afterEach(() => server.close());

async function serve(host = '127.0.0.1', token?: string): Promise<number> {
  server = await serveHttp([], { host, port: 0, token, effects: systemEffects() });
  return Number(new URL(server.url).port);
}

/** The first line of the answer to a request that no library would send. */
async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return String(answer).split('\r\n')[0]!;
}

async function join(port: number): Promise<string> {
  const client = { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: client });
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: HEADERS, body });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('mcp-session-id')!;
}

async function ping(port: number, session: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: { ...HEADERS, 'mcp-session-id': session },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' }),
  });
  await response.text();
  return response.status;
}

it.each(['//[', '/\\', '*', 'http://['])('answers the address %s like any other', async (address) => {
  const port = await serve();
  expect(await raw(port, `GET ${address} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40[04]/);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
});

it('forgets the client that was silent for longest when there are too many', async () => {
  const port = await serve();
  const first = await join(port);
  const second = await join(port);
  for (let count = 2; count < 100; count++) await join(port);
  expect(await ping(port, first)).toBe(200);
  const last = await join(port);
  expect(await ping(port, second)).toBe(404);
  expect([await ping(port, first), await ping(port, last)]).toEqual([200, 200]);
});

it('answers to every name where it serves every address, to who has the token', async () => {
  const port = await serve('0.0.0.0', 'secret-token');
  const request = (more: string) => raw(port, `GET /health HTTP/1.1\r\nHost: box.example\r\n${more}\r\n`);
  expect(await request('Authorization: Bearer secret-token\r\n')).toContain('200');
  expect(await request('')).toContain('401');
  expect(await request('Authorization: Bearer secret-token\r\nOrigin: http://box.evil\r\n')).toContain('403');
});
