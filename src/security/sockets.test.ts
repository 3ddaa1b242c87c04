import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { noGrants } from './grants.js';
import { createPermissions } from './permissions.js';
import { connectGuarded, connectionError, startTls } from './sockets.js';

const servers: Server[] = [];
const accepted = new Set<Socket>();
afterEach(() => {
  for (const socket of accepted) socket.destroy();
  accepted.clear();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => accepted.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

function contextFor(net: string[], signal?: AbortSignal) {
  const permissions = createPermissions({ ...noGrants(), net }, { cwd: '/' });
  return testContext({ permissions, ...(signal && { signal }) });
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

describe('connectGuarded', () => {
  it('connects to a granted host', async () => {
    const port = await listen(createServer((socket) => socket.end('hello')));
    const { context, events } = contextFor([`127.0.0.1:${port}`]);
    const socket = await connectGuarded('localhost', port, context);
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toBe('hello');
    expect(events[0]).toMatchObject({ capability: 'net', target: `localhost:${port}`, granted: true });
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '::1', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'refuses %s without a grant',
    async (host) => {
      const port = await listen(createServer());
      await expect(connectGuarded(host, port, contextFor(['*']).context)).rejects.toMatchObject({
        code: 'permission.net',
      });
    },
  );

  it('refuses a name that leads to a special address', async () => {
    const resolver = async () => [{ address: '10.0.0.1' }];
    await expect(
      connectGuarded('example.com', 80, contextFor(['example.com']).context, { resolver }),
    ).rejects.toMatchObject({ code: 'permission.net' });
  });

  it('says when nobody answers', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1']).context)).rejects.toMatchObject({
      code: 'tool.failed',
      details: { errno: 'ECONNREFUSED', port },
    });
  });

  it('tries the next address when one does not answer', async () => {
    const port = await listen(createServer());
    const resolver = async () => [{ address: '127.0.0.2' }, { address: '127.0.0.1' }];
    const { context } = contextFor(['both.example', '127.0.0.1', '127.0.0.2']);
    const socket = await connectGuarded('both.example', port, context, { resolver });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('says that the time is over while the name is looked up', async () => {
    const resolver = () => new Promise<never>(() => {});
    const { context } = contextFor(['slow.example']);
    await expect(
      connectGuarded('slow.example', 80, context, { resolver, timeoutMs: 30 }),
    ).rejects.toMatchObject({ code: 'component.timeout', message: expect.stringContaining('timeout') });
  });

  it('stops looking up when the context aborts', async () => {
    const abort = new AbortController();
    const resolver = () => new Promise<never>(() => setTimeout(() => abort.abort(new Error('enough')), 10));
    const { context } = contextFor(['slow.example'], abort.signal);
    await expect(connectGuarded('slow.example', 80, context, { resolver })).rejects.toThrow('enough');
  });

  it('destroys the connection when the context aborts', async () => {
    const abort = new AbortController();
    const server = createServer((peer) => peer.once('close', () => server.emit('gone')));
    const port = await listen(server);
    const gone = new Promise((resolve) => server.once('gone', resolve));
    const socket = await connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1'], abort.signal).context);
    abort.abort(new Error('enough'));
    await Promise.all([closed(socket), gone]);
    expect(socket.destroyed).toBe(true);
  });

  it('survives a reset that nobody listens for', async () => {
    const port = await listen(createServer((peer) => setTimeout(() => peer.resetAndDestroy(), 20)));
    const socket = await connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1']).context);
    await closed(socket);
  });
});

describe('startTls', () => {
  let dir: string;
  const file = (name: string) => join(dir, name);

  /** A certificate for a name, signed by itself. */
  function certificate(name: string, alternative: string) {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternative}`];
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', [...kind, '-days', '30', ...subject, ...files], { stdio: 'ignore' });
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'llmspell-tls-'));
    certificate('localhost', 'DNS:localhost');
    certificate('loopback', 'IP:127.0.0.1');
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function serve(name: string) {
    const options = { key: readFileSync(file(`${name}.key`)), cert: readFileSync(file(`${name}.pem`)) };
    return listen(createTlsServer(options, (socket) => socket.on('error', () => {}).end('secret')));
  }

  async function secure(host: string, name: string, ca?: string) {
    const socket = await connectGuarded('127.0.0.1', await serve(name), contextFor(['127.0.0.1']).context);
    const tls = startTls(socket, host, ca === undefined ? {} : { ca: readFileSync(file(`${ca}.pem`)) });
    return { socket, tls };
  }

  it.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', 'loopback'],
    ['[127.0.0.1]', 'loopback'],
  ])('connects to %s', async (host, name) => {
    const { tls } = await secure(host, name, name);
    let text = '';
    for await (const chunk of await tls) text += chunk;
    expect(text).toBe('secret');
  });

  it.each([
    ['localhost', 'localhost', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['example.com', 'localhost', 'localhost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['127.0.0.1', 'localhost', 'localhost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['localhost', 'loopback', 'loopback', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])(
    'does not take %s for the owner of the certificate of %s (trusting %s)',
    async (host, name, ca, errno) => {
      const { socket, tls } = await secure(host, name, ca);
      await expect(tls).rejects.toMatchObject({ code: 'tool.failed', details: { errno } });
      expect(socket.destroyed).toBe(true);
    },
  );

  it('gives up a handshake that takes too long', async () => {
    const port = await listen(createServer());
    const socket = await connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1']).context);
    await expect(startTls(socket, 'localhost', { timeout: 30 })).rejects.toMatchObject({
      code: 'component.timeout',
    });
    expect(socket.destroyed).toBe(true);
  });

  it('says when the other side hangs up or does not speak TLS', async () => {
    for (const answer of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const port = await listen(createServer((peer) => peer.once('data', () => peer.end(answer))));
      const socket = await connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1']).context);
      await expect(startTls(socket, 'localhost')).rejects.toMatchObject({ code: 'tool.failed' });
    }
  });

  it('ends when the context aborts', async () => {
    const abort = new AbortController();
    const port = await listen(createServer());
    const socket = await connectGuarded('127.0.0.1', port, contextFor(['127.0.0.1'], abort.signal).context);
    const tls = startTls(socket, 'localhost');
    abort.abort(new Error('enough'));
    await expect(tls).rejects.toMatchObject({ code: 'tool.failed' });
  });
});

it('names a failure without a reason', () => {
  expect(connectionError(undefined, 'a.example', 1)).toMatchObject({
    code: 'tool.failed',
    message: 'No connection to a.example:1: nobody answers',
  });
});
