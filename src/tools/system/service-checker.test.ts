import { execFileSync } from 'node:child_process';
import type { Socket as UdpSocket } from 'node:dgram';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { type Grants, noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { reachingParameters } from '../parameters.js';
import { callTool } from '../run-tool.case.js';
import { nameServer, wireName } from './service/dns-server.case.js';
import serviceChecker from './service-checker.js';

let dir: string;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-checker-')));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const servers: Server[] = [];
const open = new Set<Socket>();
const names: UdpSocket[] = [];
afterEach(() => {
  for (const socket of open) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  for (const socket of names.splice(0)) socket.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const serve = (listener: RequestListener) => listen(createHttpServer(listener));

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Options {
  grants?: Partial<Grants>;
  signal?: AbortSignal;
  searchPath?: string;
}

async function call(input: Record<string, unknown>, options: Options = {}): Promise<JsonObject> {
  const { grants = {}, signal, searchPath } = options;
  const permissions = createPermissions(
    { ...noGrants(), net: ['127.0.0.1', '*.test'], read: [dir], ...grants },
    { cwd: dir, searchPath },
  );
  const result = await callTool(serviceChecker, input, { permissions, ...(signal && { signal }) });
  expect(result.success).toBe(true);
  return result.result as JsonObject;
}

describe('every check', () => {
  it('is known to reach for hosts', () => {
    const reach = reachingParameters(serviceChecker.input);
    expect(Object.fromEntries(reach)).toEqual({
      target: 'host',
      host: 'host',
      server: 'host',
      ca_file: 'read',
      targets: 'host',
    });
  });

  it.each([
    [{ check_type: 'tcp' }, /target/],
    [{ target: '', check_type: 'tcp' }, /cannot be empty/],
    [{ target: 'x', check_type: 'icmp' }, /Invalid check_type 'icmp'/],
    [{ target: 'x' }, /check_type/],
    [{ target: 'localhost', check_type: 'tcp' }, /format 'host:port'/],
    [{ target: 'localhost:0', check_type: 'tcp' }, /Invalid port number/],
    [{ target: 'localhost:99999', check_type: 'tcp' }, /Invalid port number/],
    [{ target: 'localhost:http', check_type: 'tcp' }, /Invalid port number/],
    [{ target: 'a b:80', check_type: 'tcp' }, /not a host/],
    [{ target: ':80', check_type: 'tcp' }, /not a host/],
    [{ target: 'x:1', check_type: 'tcp', timeout_seconds: 31 }, /exceeds maximum/],
    [{ target: 'x:1', check_type: 'tcp', timeout_ms: 30_001 }, /exceeds maximum/],
    [{ target: 'ftp://x/', check_type: 'http' }, /./],
    [{ target: 'http://u:p@127.0.0.1/' }, /user name or password/],
    [{ target: 'http://127.0.0.1/', expected_status: 'ok' }, /not a status/],
    [{ target: '-x.service', check_type: 'systemd' }, /not the name of a unit/],
    [{ target: 'a;b', check_type: 'systemd' }, /not the name of a unit/],
    [{ operation: 'batch' }, /targets/],
    [{ operation: 'batch', targets: [] }, /targets/],
  ])('refuses %j', async (input, message) => {
    await expect(call(input)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    { target: '10.0.0.1:22', check_type: 'tcp' },
    { target: '169.254.169.254', check_type: 'http' },
    { target: 'https://example.com/' },
    { target: 'example.com', check_type: 'dns' },
    { target: 'example.com', check_type: 'dns', record_type: 'MX' },
    { target: 'a.test', check_type: 'dns', record_type: 'A', server: '8.8.8.8' },
    { target: 'example.com', check_type: 'tls' },
    { target: '[::ffff:10.0.0.1]:80', check_type: 'tcp' },
    { operation: 'batch', targets: ['127.0.0.1:1', '10.0.0.1:22'] },
  ])('refuses %j, which is not granted', async (input) => {
    await expect(call(input)).rejects.toMatchObject({ code: 'permission.net' });
  });
});

describe('tcp', () => {
  it('finds who listens', async () => {
    const port = await listen(createServer());
    for (const input of [
      { target: `127.0.0.1:${port}`, check_type: 'tcp' },
      { target: `tcp://localhost:${port}` },
      { operation: 'check_port', host: 'localhost', port },
      { host: '127.0.0.1', port, type: 'tcp', timeout_ms: 900 },
    ])
      expect(await call(input)).toMatchObject({
        check_type: 'tcp',
        available: true,
        status: 'Connected',
        error: null,
        metadata: { resolved_ip: '127.0.0.1', resolved_port: port },
      });
  });

  it('finds that nobody does', async () => {
    expect(await call({ target: `127.0.0.1:${await closedPort()}`, check_type: 'tcp' })).toMatchObject({
      available: false,
      status: 'Unavailable',
      error: expect.stringContaining('ECONNREFUSED'),
      metadata: { errno: 'ECONNREFUSED' },
      timeout_seconds: 5,
    });
  });
});

describe('http', () => {
  it.each([
    [200, undefined, true],
    [302, undefined, true],
    [404, undefined, false],
    [503, undefined, false],
    [503, 503, true],
    [200, '4xx', false],
    [204, '200-299', true],
    [301, '2xx,301', true],
    [200, [201, 204], false],
  ])('with status %i while %j is expected', async (status, expected_status, available) => {
    const port = await serve((_, response) => response.writeHead(status, { location: '/there' }).end());
    const target = `http://127.0.0.1:${port}/health`;
    expect(await call({ target, ...(expected_status && { expected_status }) })).toMatchObject({
      check_type: 'http',
      available,
      status: expect.stringContaining(`HTTP ${status}`),
      metadata: { status_code: status, method: 'HEAD', redirects: [] },
    });
  });

  it('takes a bare host, asks with GET where HEAD is not served, and looks for a text', async () => {
    const port = await serve(({ method }, response) => {
      if (method === 'HEAD') response.writeHead(405);
      response.end('all is well');
    });
    const input = { target: '127.0.0.1', port, check_type: 'http' };
    expect(await call(input)).toMatchObject({
      available: true,
      metadata: { method: 'GET', status_code: 200 },
    });
    expect(await call({ ...input, expected_text: 'well' })).toMatchObject({ available: true });
    expect(await call({ ...input, expected_text: 'ill' })).toMatchObject({
      available: false,
      error: 'The expected text is not there',
    });
  });

  it('follows redirects only when asked to, and nowhere that is not granted', async () => {
    const port = await serve(({ url }, response) => {
      if (url === '/away') return response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
      if (url === '/odd') return response.writeHead(302, { location: 'ftp://127.0.0.1/' }).end();
      return url === '/'
        ? response.writeHead(302, { location: '/gone' }).end()
        : response.writeHead(404).end();
    });
    const at = (path: string) => ({ target: `http://127.0.0.1:${port}${path}` });
    expect(await call(at('/'))).toMatchObject({
      available: true,
      metadata: { status_code: 302, location: '/gone' },
    });
    expect(await call({ ...at('/'), follow_redirects: true })).toMatchObject({
      available: false,
      metadata: { status_code: 404, redirects: [`http://127.0.0.1:${port}/`] },
    });
    await expect(call({ ...at('/away'), follow_redirects: true })).rejects.toMatchObject({
      code: 'permission.net',
    });
    expect(await call({ ...at('/odd'), follow_redirects: true })).toMatchObject({ available: false });
  });

  it('takes silence for unavailable', async () => {
    const port = await serve(() => {});
    expect(await call({ target: `http://127.0.0.1:${port}/`, timeout_ms: 100 })).toMatchObject({
      available: false,
      status: 'Timed out',
      timeout_seconds: 0.1,
    });
  });

  it('is asked by another program just the same', async () => {
    writeFileSync(join(dir, 'index.html'), 'served by python');
    const port = await closedPort();
    const { spawn } = await import('node:child_process');
    const python = spawn('/usr/bin/python3', ['-m', 'http.server', String(port), '--bind', '127.0.0.1'], {
      cwd: dir,
      stdio: 'ignore',
    });
    try {
      const input = { target: `http://127.0.0.1:${port}/index.html`, expected_text: 'python' };
      let result = await call(input);
      for (let i = 0; i < 100 && !result.available; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        result = await call(input);
      }
      expect(result).toMatchObject({ available: true, metadata: { content_type: 'text/html' } });
    } finally {
      python.kill();
    }
  });
});

describe('dns', () => {
  const zone = {
    'web.test A': [Buffer.from([192, 0, 2, 7]), Buffer.from([192, 0, 2, 8])],
    'web.test AAAA': [Buffer.from('20010db8000000000000000000000001', 'hex')],
    'web.test MX': [Buffer.concat([Buffer.from([0, 10]), wireName('mail.web.test')])],
    'web.test TXT': [Buffer.from('\x06v=spf1\x05 -all')],
    '_sip._tcp.web.test SRV': [
      Buffer.concat([Buffer.from([0, 1, 0, 2, 0x13, 0xc4]), wireName('sip.web.test')]),
    ],
    '7.2.0.192.in-addr.arpa PTR': [wireName('web.test')],
  };
  async function ask(target: string, more: object, options: Options = {}) {
    const { port, asked, socket } = await nameServer(zone);
    names.push(socket);
    const result = await call({ target, check_type: 'dns', server: `127.0.0.1:${port}`, ...more }, options);
    return { ...result, asked };
  }

  it.each([
    ['web.test', 'A', ['192.0.2.7', '192.0.2.8']],
    ['web.test', 'AAAA', ['2001:db8::1']],
    ['web.test', 'MX', [{ exchange: 'mail.web.test', priority: 10 }]],
    ['web.test', 'TXT', ['v=spf1 -all']],
    ['_sip._tcp.web.test', 'SRV', [{ name: 'sip.web.test', port: 5060, priority: 1, weight: 2 }]],
  ])('finds records: %s %s', async (target, record_type, records) => {
    expect(await ask(target, { record_type })).toMatchObject({
      available: true,
      status: `${records.length} ${record_type} records`,
      metadata: { record_type, record_count: records.length, records },
      asked: [`${target} ${record_type}`],
    });
  });

  it('finds the name of an address', async () => {
    expect(await ask('192.0.2.7', {}, { grants: { net: ['127.0.0.1', '192.0.2.7'] } })).toMatchObject({
      metadata: { record_type: 'PTR', records: ['web.test'] },
    });
  });

  it('looks for a text in the records', async () => {
    const text = (expected_text: string) => ask('web.test', { record_type: 'TXT', expected_text });
    expect(await text('-all')).toMatchObject({ available: true });
    expect(await text('+all')).toMatchObject({ available: false, error: expect.stringContaining('text') });
  });

  it('takes what does not exist, and silence, for unavailable', async () => {
    expect(await ask('no.test', { record_type: 'A' })).toMatchObject({
      available: false,
      metadata: { errno: 'ENOTFOUND' },
    });
    expect(await ask('silent.test', { record_type: 'A', timeout_ms: 100 })).toMatchObject({
      available: false,
      status: 'Timed out',
    });
  });

  it('asks nobody about a name that is not granted', async () => {
    const { port, asked, socket } = await nameServer(zone);
    names.push(socket);
    const input = { target: 'stolen-data.example', check_type: 'dns', server: `127.0.0.1:${port}` };
    await expect(call(input)).rejects.toMatchObject({ code: 'permission.net' });
    expect(asked).toEqual([]);
  });

  it('knows what the system knows', async () => {
    expect(await call({ target: 'localhost', check_type: 'dns' })).toMatchObject({
      available: true,
      status: 'Resolved',
      metadata: {
        address_count: expect.any(Number),
        first_address: expect.stringMatching(/127\.0\.0\.1|::1/),
      },
    });
  });
});

describe('tls', () => {
  const file = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  beforeAll(() => {
    openssl(
      'req',
      '-x509',
      ...KEY,
      '-days',
      '365',
      '-subj',
      '/O=Test/CN=Authority',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    for (const [name, days] of [
      ['long', '200'],
      ['short', '5'],
    ] as const) {
      openssl('req', ...KEY, '-subj', '/CN=localhost', '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(file('ext'), 'subjectAltName=DNS:localhost,DNS:web.test');
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        days,
        '-extfile',
        'ext',
        '-out',
        `${name}.pem`,
      );
    }
  });

  async function check(name: string, more: object = {}) {
    const cert = readFileSync(file(`${name}.pem`), 'utf8') + readFileSync(file('ca.pem'), 'utf8');
    const server = createTlsServer({ key: readFileSync(file(`${name}.key`)), cert }, (socket) =>
      socket.on('error', () => {}),
    );
    const port = await listen(server);
    return call({ target: `localhost:${port}`, check_type: 'tls', ca_file: 'ca.pem', ...more });
  }

  it('describes a good certificate', async () => {
    expect(await check('long')).toMatchObject({
      available: true,
      status: 'Valid',
      error: null,
      metadata: {
        subject: 'CN=localhost',
        issuer: 'O=Test, CN=Authority',
        days_remaining: 199,
        warning: false,
        authorized: true,
        subject_alternative_names: ['DNS:localhost', 'DNS:web.test'],
        protocol: 'TLSv1.3',
        chain: [{ subject: 'O=Test, CN=Authority', issuer: 'O=Test, CN=Authority' }],
      },
    });
  });

  it('warns of the end', async () => {
    expect(await check('short')).toMatchObject({
      available: true,
      status: 'Expires in 4 days',
      metadata: { warning: true, days_remaining: 4 },
    });
    expect(await check('short', { warn_days: 3 })).toMatchObject({ metadata: { warning: false } });
  });

  it('distrusts what nobody vouches for, and names that do not fit', async () => {
    const distrusted = { available: false, status: 'Invalid certificate', metadata: { authorized: false } };
    expect(await check('long', { ca_file: undefined })).toMatchObject(distrusted);
    expect(await check('long', { servername: 'other.test' })).toMatchObject({
      ...distrusted,
      metadata: { authorization_error: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    expect(await check('long', { ca_file: undefined, allow_untrusted: true })).toMatchObject({
      available: true,
      metadata: { authorized: false },
    });
  });

  it('finds that a server does not speak it', async () => {
    const port = await listen(createServer((peer) => peer.once('data', () => peer.end('no\n'))));
    expect(await call({ target: `tls://127.0.0.1:${port}` })).toMatchObject({ available: false });
    const silent = await listen(createServer());
    expect(await call({ target: `tls://127.0.0.1:${silent}`, timeout_ms: 100 })).toMatchObject({
      available: false,
      status: 'Timed out',
    });
  });

  it('reads granted authorities only', async () => {
    await expect(check('long', { ca_file: '/etc/passwd' })).rejects.toMatchObject({
      code: 'permission.read',
    });
  });
});

describe('systemd', () => {
  /** A folder whose `systemctl` prints this. */
  function systemctl(script: string): Options {
    writeFileSync(join(dir, 'systemctl'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, 'systemctl'), 0o755);
    return { grants: { run: ['systemctl'] }, searchPath: `${dir}:/usr/bin:/bin` };
  }
  const show = (load: string, active: string, sub: string) =>
    systemctl(
      `test "$5" = web.service || exit 9\nprintf '%s\\n' LoadState=${load} ActiveState=${active} SubState=${sub} 'Description=A web=server' MainPID=42 Result=success`,
    );
  const check = (options: Options) => call({ target: 'web', check_type: 'systemd' }, options);

  it('tells whether a unit is active', async () => {
    expect(await check(show('loaded', 'active', 'running'))).toMatchObject({
      available: true,
      status: 'active',
      metadata: { unit: 'web.service', main_pid: 42, description: 'A web=server', active_since: null },
    });
    expect(await check(show('loaded', 'failed', 'failed'))).toMatchObject({
      available: false,
      error: 'web.service is failed (failed)',
    });
    expect(await check(show('not-found', 'inactive', 'dead'))).toMatchObject({
      available: false,
      status: 'not-found',
    });
  });

  it('says when there is no systemd', async () => {
    const absent = { available: false, status: 'systemd is not available' };
    expect(await check({ grants: { run: ['systemctl'] }, searchPath: '/no/such' })).toMatchObject(absent);
    const broken = systemctl('echo "System has not been booted with systemd" >&2; exit 1');
    expect(await check(broken)).toMatchObject({
      ...absent,
      error: expect.stringContaining('not been booted'),
    });
  });

  it('gives up a systemctl that hangs', async () => {
    expect(
      await call({ target: 'web', check_type: 'systemd', timeout_ms: 200 }, systemctl('sleep 60')),
    ).toMatchObject({ available: false, status: 'Timed out' });
  });

  it('has to be granted', async () => {
    await expect(check({})).rejects.toMatchObject({ code: 'permission.run' });
  });

  it('is asked with the real program, too', async () => {
    const result = await call({ target: 'dbus.service' }, { grants: { run: ['systemctl'] } });
    expect(result).toMatchObject({ check_type: 'systemd', available: expect.any(Boolean) });
  });
});

describe('batch', () => {
  it('checks everything, in order, with common and own settings', async () => {
    const port = await listen(createServer());
    const web = await serve((_, response) => response.writeHead(404).end());
    const closed = await closedPort();
    const result = await call({
      operation: 'check_batch',
      timeout_ms: 2000,
      check_type: 'tcp',
      targets: [
        `127.0.0.1:${port}`,
        { target: `http://127.0.0.1:${web}/`, check_type: 'http', expected_status: 404, timeout_ms: 1500 },
        { host: '127.0.0.1', port: closed },
      ],
    });
    expect(result).toMatchObject({
      total: 3,
      available: 2,
      unavailable: 1,
      all_available: false,
      results: [
        { available: true, check_type: 'tcp', timeout_seconds: 2 },
        { available: true, check_type: 'http', timeout_seconds: 1.5 },
        { available: false, target: `127.0.0.1:${closed}` },
      ],
    });
  });

  it('opens at most ten connections at once', async () => {
    let now = 0;
    let most = 0;
    const port = await serve((_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        response.end();
      }, 20);
    });
    const targets = Array.from({ length: 40 }, (_, i) => `http://127.0.0.1:${port}/${i}`);
    expect(await call({ operation: 'batch', targets })).toMatchObject({ available: 40 });
    expect(most).toBeLessThanOrEqual(10);
  });
});

it('stops when the call is cancelled', async () => {
  const abort = new AbortController();
  let closed = 0;
  const port = await serve((_, response) => {
    response.socket!.once('close', () => {
      closed += 1;
    });
    setTimeout(() => abort.abort(new Error('enough')), 20);
  });
  const targets = [1, 2, 3].map((i) => `http://127.0.0.1:${port}/${i}`);
  const work = call({ operation: 'batch', targets }, { signal: abort.signal });
  await expect(work).rejects.toThrow('enough');
  while (closed < 3) await new Promise((resolve) => setTimeout(resolve, 10));
});
