import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Effects } from '../../core/effects.js';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import type { ToolResult } from '../result.js';
import httpRequester from './http-requester.js';

interface Seen {
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
}
type Answer = (seen: Seen, response: ServerResponse, attempt: number) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that hands each complete request to `answer`. */
async function serve(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers } = request;
    seen.push({ method, headers, body: Buffer.concat(chunks).toString() });
    answer(seen.at(-1)!, response, seen.length);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`, seen };
}

function call(
  input: Record<string, unknown>,
  options: { signal?: AbortSignal; effects?: Partial<Effects>; net?: string[] } = {},
): Promise<ToolResult> {
  const permissions = createPermissions({ ...noGrants(), net: options.net ?? ['127.0.0.1'] }, { cwd: '/' });
  const { context } = testContext({ ...options, permissions });
  return invoke(toolComponent(httpRequester), normalizeToolInput(httpRequester, input), context);
}
const code = (code: string) => expect.objectContaining({ code });
const json =
  (value: unknown): Answer =>
  (_, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

/** Waits that only note how long they would have been. */
function noWaiting(): { waits: number[]; effects: Partial<Effects> } {
  const waits: number[] = [];
  return { waits, effects: { random: () => 0.5, sleep: async (ms) => void waits.push(ms) } };
}

describe('http-requester', () => {
  it('gives status, headers and decoded JSON', async () => {
    const { url } = await serve(json({ ok: true }));
    expect(await call({ input: url })).toMatchObject({
      success: true,
      operation: 'http-requester',
      result: {
        status_code: 200,
        headers: { 'content-type': 'application/json' },
        body: { ok: true },
        timestamp: expect.stringMatching(/Z$/),
      },
      metadata: { method: 'GET', url, attempts: 1 },
    });
  });

  it.each(['GET', 'post', 'PUT', 'DELETE', 'patch', 'HEAD', 'OPTIONS'])('sends %s', async (method) => {
    const { url, seen } = await serve((_, response) => response.end());
    await call({ input: url, method });
    expect(seen[0]!.method).toBe(method.toUpperCase());
  });

  it('takes older spellings', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    await call({ url, operation: 'post', data: 'x' });
    expect(seen[0]).toMatchObject({ method: 'POST', body: 'x' });
  });

  it.each<[unknown, string, string | undefined]>([
    ['plain {text', 'plain {text', 'text/plain; charset=utf-8'],
    [{ a: [1] }, '{"a":[1]}', 'application/json'],
    [[1, 2], '[1,2]', 'application/json'],
    [7, '7', 'application/json'],
    [null, '', undefined],
  ])('sends the body %j', async (body, sent, type) => {
    const { url, seen } = await serve((_, response) => response.end());
    await call({ input: url, method: 'POST', body });
    expect([seen[0]!.body, seen[0]!.headers['content-type']]).toEqual([sent, type]);
  });

  it('lets the caller choose headers, the content type too', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    await call({ input: url, method: 'POST', body: 'a=1', headers: { 'Content-Type': 'x/y', 'X-N': 5 } });
    expect(seen[0]!.headers).toMatchObject({ 'content-type': 'x/y', 'x-n': '5' });
  });

  it.each<[object, object]>([
    [{ type: 'basic', username: 'u', password: 'p:ü' }, { authorization: 'Basic dTpwOsO8' }],
    [{ type: 'bearer', token: 't' }, { authorization: 'Bearer t' }],
    [{ type: 'api_key', key: 'k' }, { 'x-api-key': 'k' }],
    [{ type: 'api_key', key: 'k', header_name: 'X-Other' }, { 'x-other': 'k' }],
    [{ type: 'custom', headers: { 'X-A': '1' } }, { 'x-a': '1' }],
    [{ type: 'none' }, {}],
  ])('authenticates with %j', async (auth, headers) => {
    const { url, seen } = await serve((_, response) => response.end());
    await call({ input: url, auth });
    expect(seen[0]!.headers).toMatchObject(headers);
  });

  it.each<[string | undefined, Buffer, object]>([
    ['application/json', Buffer.from('{broken'), { body: '{broken' }],
    ['application/problem+json', Buffer.from('[1]'), { body: [1] }],
    ['text/html; charset=iso-8859-1', Buffer.from([0xe9]), { body: 'é' }],
    ['text/plain; charset=nonsense', Buffer.from('ä'), { body: 'ä' }],
    ['application/xml', Buffer.from('<a/>'), { body: '<a/>' }],
    ['image/png', Buffer.from([137, 80]), { body: 'iVA=', body_encoding: 'base64' }],
    [undefined, Buffer.from('text'), { body: 'text' }],
    [undefined, Buffer.from([255]), { body: '/w==', body_encoding: 'base64' }],
    ['image/png', Buffer.alloc(0), { body: '' }],
  ])('decodes %s', async (type, bytes, expected) => {
    const { url } = await serve((_, response) => {
      if (type) response.setHeader('content-type', type);
      response.end(bytes);
    });
    const { result } = await call({ input: url });
    const { body, body_encoding } = result as Record<string, unknown>;
    expect({ body, ...(body_encoding !== undefined && { body_encoding }) }).toEqual(expected);
  });

  it.each([400, 404, 418, 500, 503])('takes status %i for an answer', async (status) => {
    const { url, seen } = await serve((_, response) => response.writeHead(status).end('no'));
    expect(await call({ input: url })).toMatchObject({
      success: true,
      result: { status_code: status, body: 'no' },
    });
    expect(seen).toHaveLength(1);
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{}, 'input.invalid', /input/],
    [{ input: 'not-a-url' }, 'input.invalid', /Invalid URL/],
    [{ input: 'file:///etc/passwd' }, 'input.invalid', /Blocked scheme 'file'/],
    [{ input: 'http://127.0.0.1/', method: 'BREW' }, 'input.invalid', /Unknown HTTP method 'BREW'/],
    [{ input: 'http://127.0.0.1/', auth: { type: 'bearer' } }, 'input.invalid', /token/],
    [{ input: 'http://example.com/' }, 'permission.net', /Host blocked.*Domain not in allowed list/],
    [{ input: 'http://10.0.0.1/' }, 'permission.net', /Host blocked/],
  ])('refuses %j', async (input, expected, message) => {
    await expect(call(input)).rejects.toThrow(code(expected));
    await expect(call(input)).rejects.toThrow(message);
  });

  it('refuses answers that are too large', async () => {
    const { url } = await serve((_, response) => response.end('x'.repeat(1000)));
    await expect(call({ input: url, max_response_size: 999 })).rejects.toThrow(
      /exceeds maximum allowed size/,
    );
  });
});

describe('retries', () => {
  const failing =
    (times: number, status: number, headers = {}): Answer =>
    (_, response, attempt) =>
      response.writeHead(attempt <= times ? status : 200, headers).end();

  it('follow the statuses that were asked for, with growing waits', async () => {
    const { url, seen } = await serve(failing(2, 503));
    const { waits, effects } = noWaiting();
    const retry = { max_attempts: 4, initial_delay_ms: 100 };
    expect(await call({ input: url, retry }, { effects })).toMatchObject({
      result: { status_code: 200 },
      metadata: { attempts: 3 },
    });
    expect([seen.length, waits]).toEqual([3, [100, 200]]);
  });

  it('end with the last answer', async () => {
    const { url, seen } = await serve(failing(9, 429));
    const { effects } = noWaiting();
    expect(await call({ input: url, retry: {} }, { effects })).toMatchObject({
      result: { status_code: 429 },
    });
    expect(seen).toHaveLength(3);
  });

  it('leave other statuses alone', async () => {
    const { url, seen } = await serve(failing(9, 500));
    await call({ input: url, retry: { retry_on_status: [503] } });
    expect(seen).toHaveLength(1);
  });

  it('wait as long as the server asks, but not past the time limit', async () => {
    const { waits, effects } = noWaiting();
    const patient = await serve(failing(1, 503, { 'retry-after': '7' }));
    await call({ input: patient.url, retry: { initial_delay_ms: 1 } }, { effects });
    expect(waits).toEqual([7000]);
    const impatient = await serve(failing(1, 503, { 'retry-after': '3600' }));
    expect(await call({ input: impatient.url, retry: {} }, { effects })).toMatchObject({
      result: { status_code: 503 },
    });
    expect(impatient.seen).toHaveLength(1);
  });

  it('repeat broken connections only where nothing is done twice, unless asked', async () => {
    const breaking: Answer = (_, response) => response.socket!.destroy();
    const { effects } = noWaiting();
    const get = await serve(breaking);
    await expect(call({ input: get.url }, { effects })).rejects.toThrow(
      /HTTP request failed: Operation failed after 3 attempts/,
    );
    const post = await serve(breaking);
    await expect(call({ input: post.url, method: 'POST' }, { effects })).rejects.toThrow(
      /HTTP request failed/,
    );
    const asked = await serve(breaking);
    await expect(
      call({ input: asked.url, method: 'POST', retry: { max_attempts: 2 } }, { effects }),
    ).rejects.toThrow(code('tool.failed'));
    expect([get.seen.length, post.seen.length, asked.seen.length]).toEqual([3, 1, 2]);
  });

  it('never repeat what is refused', async () => {
    const { waits, effects } = noWaiting();
    await expect(call({ input: 'http://10.0.0.1/', retry: {} }, { effects })).rejects.toThrow(
      code('permission.net'),
    );
    expect(waits).toEqual([]);
  });
});

describe('the end', () => {
  it('comes at the time limit', async () => {
    const { url } = await serve(() => {});
    await expect(call({ input: url, timeout_ms: 80 })).rejects.toThrow(code('component.timeout'));
  });

  it('closes the connection when the call is cancelled', async () => {
    const abort = new AbortController();
    const closed = deferred();
    const { url } = await serve((_, response) => {
      response.socket!.once('close', () => closed.resolve());
      abort.abort(new Error('enough'));
    });
    await expect(call({ input: url }, { signal: abort.signal })).rejects.toThrow('enough');
    await closed.promise;
  });

  it('comes during a wait between attempts, too', async () => {
    const abort = new AbortController();
    const { url, seen } = await serve((_, response) => {
      response.writeHead(503).end();
      setTimeout(() => abort.abort(new Error('enough')), 20);
    });
    const retry = { initial_delay_ms: 20_000 };
    await expect(call({ input: url, retry }, { signal: abort.signal })).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
