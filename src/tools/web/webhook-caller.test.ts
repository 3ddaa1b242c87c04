import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { type TestContextOptions, testContext } from '../../core/testing.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost, type ToolHost } from '../host.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import { type Answering, json, loopback, loopbackOnly } from './loopback.case.js';
import webhookCaller from './webhook-caller.js';

const serve = loopback();

function call(
  input: Record<string, unknown>,
  options: TestContextOptions & { host?: Partial<ToolHost> } = {},
) {
  return callTool(webhookCaller, input, { permissions: loopbackOnly(), ...options });
}

/** Waits that only note how long they would have been. */
function noWaiting() {
  const waits: number[] = [];
  return { waits, effects: { sleep: async (ms: number) => void waits.push(ms) } };
}

const failing =
  (times: number, status: number, headers: Record<string, string> = {}): Answering =>
  (_, response, attempt) =>
    response.writeHead(attempt <= times ? status : 200, headers).end();

describe('webhook-caller', () => {
  itRunsItsSamples(webhookCaller);

  it('delivers JSON with headers and gives the answer', async () => {
    const { origin, seen } = await serve(json({ got: 1 }, 202));
    const answer = await call({
      url: `${origin}/hook`,
      payload: { a: [1, 'ü'] },
      headers: { 'X-Event': 'ping' },
    });
    expect(answer).toMatchObject({
      success: true,
      operation: 'call',
      result: {
        success: true,
        webhook_url: `${origin}/hook`,
        status_code: 202,
        status_text: 'Accepted',
        response: {
          body: '{"got":1}',
          json: { got: 1 },
          headers: { 'content-type': 'application/json' },
          body_is_json: true,
        },
        response_time_ms: expect.any(Number),
        retry_count: 0,
        retries_attempted: false,
      },
    });
    expect(seen).toMatchObject([
      { method: 'POST', path: '/hook', body: '{"a":[1,"ü"]}', headers: { 'x-event': 'ping' } },
    ]);
    expect(seen[0]!.headers['content-type']).toBe('application/json');
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('calls with %s', async (method) => {
    const { origin, seen } = await serve((_, response) => response.end());
    await call({ input: origin, method, payload: { a: 1 } });
    expect(seen[0]).toMatchObject({ method, body: method === 'GET' || method === 'HEAD' ? '' : '{"a":1}' });
  });

  it('gives the last 5xx as an answer when the retries are used up', async () => {
    const { origin, seen } = await serve(failing(9, 500));
    const { waits, effects } = noWaiting();
    expect(await call({ input: origin }, { effects })).toMatchObject({
      success: true,
      result: { success: false, status_code: 500, retry_count: 3, retries_attempted: true },
    });
    expect([seen.length, waits]).toEqual([4, [500, 1000, 2000]]);
  });

  it.each([400, 404, 422])('takes %i for final', async (status) => {
    const { origin, seen } = await serve(failing(9, status));
    expect(await call({ input: origin })).toMatchObject({ result: { success: false, status_code: status } });
    expect(seen).toHaveLength(1);
  });

  it('keeps to Retry-After where it is longer, and gives up where it is too long', async () => {
    const { waits, effects } = noWaiting();
    const patient = await serve(failing(1, 429, { 'retry-after': '7' }));
    expect(await call({ input: patient.origin }, { effects })).toMatchObject({
      result: { status_code: 200, retry_count: 1 },
    });
    expect(waits).toEqual([7000]);
    const impatient = await serve(failing(1, 503, { 'retry-after': '3600' }));
    expect(await call({ input: impatient.origin }, { effects })).toMatchObject({
      result: { status_code: 503 },
    });
    expect(impatient.seen).toHaveLength(1);
  });

  it('repeats broken connections and then fails softly', async () => {
    const { origin, seen } = await serve((_, response) => response.socket!.destroy());
    const { effects } = noWaiting();
    expect(await call({ input: origin, max_retries: 2 }, { effects })).toMatchObject({
      success: false,
      error: expect.stringMatching(/^Webhook call failed: /),
      result: {
        success: false,
        webhook_url: origin,
        error: expect.any(String),
        max_retries: 2,
        retry_count: 2,
      },
    });
    expect(seen).toHaveLength(3);
  });

  it('does not repeat what nobody answers', async () => {
    const gone = await serve(() => {});
    await new Promise((resolve) => gone.server.close(resolve));
    expect(await call({ input: gone.origin })).toMatchObject({
      success: false,
      error: expect.stringMatching(/connection|refused/i),
      result: { retry_count: 0 },
    });
    const silent = await serve(() => {});
    expect(await call({ input: silent.origin, timeout: 0.5 })).toMatchObject({
      success: false,
      error: expect.stringMatching(/timeout/i),
      result: { retry_count: 0 },
    });
    expect(silent.seen).toHaveLength(1);
  });

  it('raises refusals and bad input', async () => {
    await expect(call({ input: 'http://10.0.0.1/' })).rejects.toMatchObject({ code: 'permission.net' });
    await expect(call({ input: 'http://127.0.0.1/', method: 'BREW' })).rejects.toThrow(/Unknown HTTP method/);
    await expect(
      call({ input: 'http://127.0.0.1/', signature: { algorithm: 'md5', secret: 'x' } }),
    ).rejects.toThrow();
    await expect(call({ input: 'http://127.0.0.1/', signature: {} })).rejects.toThrow(/secret or secret_env/);
  });

  it('does not follow redirects, which would lose the payload, unless asked', async () => {
    const redirecting: Answering = ({ path }, response) =>
      path === '/end' ? response.end() : response.writeHead(307, { location: '/end' }).end();
    const { origin, seen } = await serve(redirecting);
    expect(await call({ input: origin })).toMatchObject({ result: { success: false, status_code: 307 } });
    expect(await call({ input: origin, max_redirects: 1 })).toMatchObject({ result: { status_code: 200 } });
    expect(seen.map(({ path, body }) => path + body)).toEqual(['/{}', '/{}', '/end{}']);
  });

  it('sends one idempotency key over all attempts', async () => {
    const { origin, seen } = await serve(failing(2, 503));
    const { effects } = noWaiting();
    const made = await call({ input: origin, idempotency_key: true }, { effects });
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys)).toEqual(new Set([(made.result as { idempotency_key: string }).idempotency_key]));
    await call({ input: origin, idempotency_key: 'k1', idempotency_header: 'X-Key' });
    expect(seen.at(-1)!.headers['x-key']).toBe('k1');
  });
});

describe('signatures', () => {
  const SECRET = 'a very secret text';
  const hmac = (algorithm: string, text: string, encoding: 'hex' | 'base64' = 'hex') =>
    createHmac(algorithm, SECRET).update(text).digest(encoding);

  it.each<[object, string, string]>([
    [{}, 'x-hub-signature-256', `sha256=${hmac('sha256', '{"a":1}')}`],
    [{ algorithm: 'sha1' }, 'x-hub-signature', `sha1=${hmac('sha1', '{"a":1}')}`],
    [{ algorithm: 'sha512', scheme: 'plain' }, 'x-signature', hmac('sha512', '{"a":1}')],
    [
      { scheme: 'plain', encoding: 'base64', header: 'X-Mine' },
      'x-mine',
      hmac('sha256', '{"a":1}', 'base64'),
    ],
    [
      { scheme: 'timestamped' },
      'x-webhook-signature',
      `t=1700000000,v1=${hmac('sha256', '1700000000.{"a":1}')}`,
    ],
  ])('signs %j', async (signature, header, expected) => {
    const { origin, seen } = await serve((_, response) => response.end());
    const effects = { now: () => 1_700_000_000_500 };
    await call(
      { input: origin, payload: { a: 1 }, signature: { secret: SECRET, ...signature } },
      { effects },
    );
    expect(seen[0]!.headers[header]).toBe(expected);
  });

  it('signs as Standard Webhooks says', async () => {
    const { origin, seen } = await serve((_, response) => response.end());
    const key = Buffer.from('0123456789abcdef').toString('base64');
    await call({ input: origin, payload: 'raw', signature: { secret: `whsec_${key}`, scheme: 'standard' } });
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = seen[0]!.headers;
    const expected = createHmac('sha256', '0123456789abcdef').update(`${id}.${time}.raw`).digest('base64');
    expect(given).toBe(`v1,${expected}`);
  });

  it('signs each attempt anew', async () => {
    const { origin, seen } = await serve(failing(1, 500));
    let now = 1_700_000_000_000;
    const effects = { now: () => (now += 1000), sleep: async () => {} };
    await call({ input: origin, signature: { secret: SECRET, scheme: 'timestamped' } }, { effects });
    const [first, second] = seen.map(({ headers }) => headers['x-webhook-signature']);
    expect(first).not.toBe(second);
  });

  it('takes the secret from a granted variable, and masks it', async () => {
    const { origin, seen } = await serve((seen, response) => {
      response.socket!.destroy();
      return seen;
    });
    const permissions = loopbackOnly({ env: ['HOOK_SECRET'] });
    const host = bareHost({ environment: { HOOK_SECRET: SECRET } });
    const { context, events } = testContext({ permissions, effects: { sleep: async () => {} } });
    const input = {
      input: `${origin}/${encodeURIComponent(SECRET)}`,
      signature: { secret_env: 'HOOK_SECRET' },
    };
    await invoke(toolComponent(webhookCaller, host), normalizeToolInput(webhookCaller, input), context);
    expect(seen[0]!.headers['x-hub-signature-256']).toBe(`sha256=${hmac('sha256', '{}')}`);
    expect(context.secrets.mask(`x ${SECRET}`)).not.toContain(SECRET);
    expect(JSON.stringify(events.map((event) => event.type))).toContain('permission');
    await expect(
      call({ ...input }, { host: { environment: { HOOK_SECRET: SECRET } } }),
    ).rejects.toMatchObject({
      code: 'permission.env',
    });
    await expect(call(input, { permissions })).rejects.toThrow(/holds no secret/);
  });
});

describe('the end', () => {
  it('comes during an attempt and closes the connection', async () => {
    const abort = new AbortController();
    let closed = () => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const { origin, seen } = await serve((_, response) => {
      response.socket!.once('close', closed);
      abort.abort(new Error('enough'));
    });
    await expect(call({ input: origin }, { signal: abort.signal })).rejects.toThrow('enough');
    await gone;
    expect(seen).toHaveLength(1);
  });

  it('comes between two attempts, and no further one is made', async () => {
    const abort = new AbortController();
    const { origin, seen } = await serve((_, response) => {
      response.writeHead(503).end();
      setTimeout(() => abort.abort(new Error('enough')), 20);
    });
    const input = { input: origin, retry_delay_ms: 10_000 };
    await expect(call(input, { signal: abort.signal })).rejects.toThrow('enough');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toHaveLength(1);
  });
});
