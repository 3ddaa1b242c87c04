import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ExecutionContext } from '../core/context.js';
import { testContext } from '../core/testing.js';
import { noGrants } from './grants.js';
import { type GuardedRequest, guardedRequest, type Resolver, resolveHost } from './network.js';
import { createPermissions } from './permissions.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = (handler: Handler) => listen(createServer(handler));
const granted = (net: string[], signal?: AbortSignal): ExecutionContext =>
  testContext({
    permissions: createPermissions({ ...noGrants(), net }, { cwd: '/' }),
    ...(signal && { signal }),
  }).context;
const local = granted(['127.0.0.1']);
const get = (url: string, options: GuardedRequest = {}, context = local) =>
  guardedRequest(url, options, context);
const text = (response: { body: Uint8Array }) => Buffer.from(response.body).toString();
const code = (code: string) => expect.objectContaining({ code });
const to =
  (address: string): Resolver =>
  async () => [{ address }];

describe('what may be reached', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://127.1:PORT/',
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::]:PORT/',
    'http://１２７.0.0.1:PORT/',
    'http://10.0.0.1:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://[fd00:ec2::254]/',
  ])('%s is not part of *', async (url) => {
    let reached = false;
    const port = await serve((_, response) => {
      reached = true;
      response.end();
    });
    await expect(get(url.replace('PORT', String(port)), {}, granted(['*']))).rejects.toThrow(
      code('permission.net'),
    );
    expect(reached).toBe(false);
  });

  it.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'ftp://example.com/',
    'data:text/plain,hi',
    'http://user:pw@127.0.0.1/',
    'http://user@127.0.0.1/',
    'http://',
    'not a url',
    '',
    'http://[fe80::1%25lo]/',
  ])('%j is invalid', async (url) => {
    await expect(get(url, {}, granted(['*']))).rejects.toThrow(code('input.invalid'));
    await expect(get(url, {}, granted(['*']))).rejects.toThrow(/Invalid URL/);
  });

  it('answers when the address is granted', async () => {
    const port = await serve((request, response) =>
      response.end(`${request.method} ${request.headers.host}`),
    );
    expect(text(await get(`http://127.0.0.1:${port}/`))).toBe(`GET 127.0.0.1:${port}`);
    expect(text(await get(`http://0x7f.1:${port}/`))).toBe(`GET 127.0.0.1:${port}`);
    expect(text(await get(`http://localhost:${port}/`, {}, granted(['localhost'])))).toBe(
      `GET localhost:${port}`,
    );
    expect(text(await get(`http://127.0.0.1:${port}/`, {}, granted([`127.0.0.0/8`])))).toBeTruthy();
    await expect(get(`http://127.0.0.1:${port}/`, {}, granted([`127.0.0.1:${port + 1}`]))).rejects.toThrow(
      code('permission.net'),
    );
  });

  it('refuses a granted name that leads to a private address, unless that is granted too', async () => {
    const port = await serve((_, response) => response.end('inside'));
    const url = `http://api.example.com:${port}/`;
    const resolver = to('127.0.0.1');
    await expect(get(url, { resolver }, granted(['api.example.com']))).rejects.toThrow(
      code('permission.net'),
    );
    await expect(get(url, { resolver }, granted(['*']))).rejects.toThrow(code('permission.net'));
    expect(text(await get(url, { resolver }, granted(['api.example.com', '127.0.0.1'])))).toBe('inside');
  });

  it('refuses a name when one of its addresses is private', async () => {
    const resolver: Resolver = async () => [
      { address: '93.184.216.34' },
      { address: '::ffff:169.254.169.254' },
    ];
    await expect(get('http://api.example.com/', { resolver }, granted(['*']))).rejects.toThrow(
      code('permission.net'),
    );
  });

  it('resolves once and connects to what was checked', async () => {
    const port = await serve((_, response) => response.end('pinned'));
    let asked = 0;
    const rebinding: Resolver = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.9' }];
    const response = await get(
      `http://rebind.example.com:${port}/`,
      { resolver: rebinding },
      granted(['*', '127.0.0.1']),
    );
    expect([text(response), asked]).toEqual(['pinned', 1]);
  });

  it('says which name is unknown', async () => {
    const resolver: Resolver = async () =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    await expect(get('http://nowhere.example.com/', { resolver }, granted(['*']))).rejects.toThrow(
      /'nowhere\.example\.com' could not be found \(ENOTFOUND\)/,
    );
  });

  it('gives other tools the addresses to connect to', async () => {
    const context = granted(['*', '10.0.0.0/8']);
    const options = { resolver: to('10.1.2.3') };
    expect(await resolveHost('db.example.com', 5432, context, options)).toEqual([
      { address: '10.1.2.3', family: 4 },
    ]);
    await expect(resolveHost('db.example.com', 5432, granted(['*']), options)).rejects.toThrow(
      code('permission.net'),
    );
  });
});

describe('redirects', () => {
  const redirectTo = (location: () => string, status = 302): Promise<number> =>
    serve((request, response) => {
      if (request.url === '/end') response.end(`${request.method} ${JSON.stringify(request.headers)}`);
      else response.writeHead(status, { location: location() }).end();
    });

  it('are followed, and told', async () => {
    const port = await redirectTo(() => '/end');
    const response = await get(`http://127.0.0.1:${port}/start`);
    expect(response.url).toBe(`http://127.0.0.1:${port}/end`);
    expect(response.redirects).toEqual([`http://127.0.0.1:${port}/start`]);
  });

  it('are checked again', async () => {
    const inner = await serve((_, response) => response.end('inner'));
    const outer = await redirectTo(() => `http://127.0.0.1:${inner}/`);
    await expect(get(`http://127.0.0.1:${outer}/`, {}, granted([`127.0.0.1:${outer}`]))).rejects.toThrow(
      code('permission.net'),
    );
  });

  it.each(['file:///etc/passwd', 'http://u:p@127.0.0.1/', 'http://['])(
    'to %s are refused',
    async (location) => {
      const port = await redirectTo(() => location);
      await expect(get(`http://127.0.0.1:${port}/`)).rejects.toThrow(code('tool.failed'));
    },
  );

  it('end somewhere', async () => {
    const port = await redirectTo(() => '/again');
    await expect(get(`http://127.0.0.1:${port}/`, { maxRedirects: 3 })).rejects.toThrow(/Too many redirects/);
    expect((await get(`http://127.0.0.1:${port}/`, { maxRedirects: 0 })).status).toBe(302);
  });

  it('leave secrets with the origin they were meant for', async () => {
    const other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const port = await redirectTo(() => `http://127.0.0.1:${other}/`);
    const headers = { Authorization: 'a', Cookie: 'b', 'X-Api-Key': 'c', 'X-Plain': 'd' };
    const seen = JSON.parse(text(await get(`http://127.0.0.1:${port}/`, { headers })));
    expect([seen.authorization, seen.cookie, seen['x-api-key'], seen['x-plain']]).toEqual([
      undefined,
      undefined,
      undefined,
      'd',
    ]);
    const same = await redirectTo(() => '/end');
    expect(text(await get(`http://127.0.0.1:${same}/`, { headers }))).toContain('"authorization":"a"');
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
  ])('with status %i turn %s into %s', async (status, method, expected) => {
    const port = await redirectTo(() => '/end', status);
    const response = await get(`http://127.0.0.1:${port}/`, { method, body: 'x' });
    expect(text(response)).toMatch(new RegExp(`^${expected} `));
  });

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)('never leave https', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'llmspell-'));
    const files = ['-keyout', join(dir, 'key'), '-out', join(dir, 'cert')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', ...files],
      {
        stdio: 'ignore',
      },
    );
    const tls = { key: readFileSync(join(dir, 'key')), cert: readFileSync(join(dir, 'cert')) };
    const plain = await serve((_, response) => response.end('plain'));
    const port = await listen(
      createTlsServer(tls, (_, response) =>
        response.writeHead(302, { location: `http://127.0.0.1:${plain}/` }).end(),
      ) as unknown as Server,
    );
    await expect(get(`https://127.0.0.1:${port}/`)).rejects.toThrow(/self-signed/);
    const grants = { ...noGrants(), net: ['127.0.0.1'] };
    const permissions = createPermissions(grants, { cwd: '/', verifyTls: false });
    const { context } = testContext({ permissions });
    try {
      await expect(get(`https://127.0.0.1:${port}/`, {}, context)).rejects.toThrow(/would leave https/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('the message', () => {
  it('carries method, headers and body, and takes no length from the caller', async () => {
    const port = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader('X-Two', ['a', 'b']);
      response.end(`${request.method} ${request.headers['x-a']} ${Buffer.concat(chunks)}`);
    });
    const headers = { 'X-A': '1', 'Content-Length': '1', Connection: 'keep-alive' };
    const response = await get(`http://127.0.0.1:${port}/`, { method: 'patch', headers, body: 'grüße' });
    expect(text(response)).toBe('PATCH 1 grüße');
    expect(response.headers['x-two']).toBe('a, b');
  });

  it.each<[string, GuardedRequest]>([
    ['another host', { headers: { Host: 'internal' } }],
    ['a second message', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['a proxy', { headers: { 'Proxy-Authorization': 'x' } }],
    ['a line break', { headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['a broken name', { headers: { 'X A': 'a' } }],
    ['CONNECT', { method: 'CONNECT' }],
    ['a broken method', { method: 'GET /' }],
  ])('cannot smuggle %s', async (_case, options) => {
    const port = await serve((_, response) => response.end());
    await expect(get(`http://127.0.0.1:${port}/`, options)).rejects.toThrow(code('input.invalid'));
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('is decoded from %s', async (encoding, compress) => {
    const port = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.from('content'))),
    );
    expect(text(await get(`http://127.0.0.1:${port}/`))).toBe('content');
  });

  it('is capped before and after decoding', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const port = await serve((request, response) => {
      if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
      else response.end(Buffer.alloc(50_001));
    });
    expect(bomb.length).toBeLessThan(50_000);
    for (const path of ['/bomb', '/plain'])
      await expect(get(`http://127.0.0.1:${port}${path}`, { maxBytes: 50_000 })).rejects.toThrow(
        /exceeds maximum allowed size of 50000 bytes/,
      );
  });

  it('may be empty though encoded, and broken only with an error', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '10' });
      if (request.method === 'HEAD') response.end();
      else response.end('not gzip!!');
    });
    expect((await get(`http://127.0.0.1:${port}/`, { method: 'HEAD' })).body.length).toBe(0);
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toThrow(code('tool.failed'));
  });
});

describe('the end', () => {
  /** A server that begins an answer and never finishes it; `closed` settles when the client is gone. */
  async function hanging(): Promise<{ port: number; begun: Promise<void>; closed: Promise<void> }> {
    let begin = () => {};
    let close = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const closed = new Promise<void>((resolve) => (close = resolve));
    const port = await serve((request, response) => {
      request.socket.once('close', close);
      response.write('first');
      begin();
    });
    return { port, begun, closed };
  }

  it('closes the socket when the work is cancelled', async () => {
    const { port, begun, closed } = await hanging();
    const abort = new AbortController();
    const pending = get(`http://127.0.0.1:${port}/`, {}, granted(['127.0.0.1'], abort.signal));
    const failed = expect(pending).rejects.toThrow('enough');
    await begun;
    abort.abort(new Error('enough'));
    await Promise.all([failed, closed]);
  });

  it('closes the socket when the time is over', async () => {
    const { port, closed } = await hanging();
    const pending = get(`http://127.0.0.1:${port}/`, { timeoutMs: 100 });
    await expect(pending).rejects.toThrow(code('component.timeout'));
    await closed;
  });

  it('does not wait for a resolver that does not answer', async () => {
    const resolver: Resolver = () => new Promise(() => {});
    await expect(
      get('http://slow.example.com/', { resolver, timeoutMs: 50 }, granted(['*'])),
    ).rejects.toThrow(/Request timeout/);
  });

  it('names a connection that broke', async () => {
    const port = await serve((request) => request.socket.destroy());
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      expect.objectContaining({
        code: 'tool.failed',
        details: { host: `127.0.0.1:${port}`, errno: 'ECONNRESET' },
      }),
    );
  });
});
