import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestContextOptions } from '../../../core/testing.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import { callTool } from '../../run-tool.case.js';
import emailSender from '../email-sender.js';

/** A request as it arrived, and what to answer. */
interface Exchange {
  request: IncomingMessage;
  body: string;
}
type Answer = (exchange: Exchange) => {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
};

let server: Server;
let base: string;
let answer: Answer;
let requests: Exchange[];
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
  await writeFile(join(dir, 'menu.txt'), 'Scones\n');
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const exchange = { request, body: Buffer.concat(chunks).toString() };
    requests.push(exchange);
    const { status, body = '', headers = {} } = answer(exchange);
    if (status === 0) return; // never answers
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  requests = [];
});
afterEach(() => server.closeAllConnections());

const MAIL = {
  from: 'Ada <ada@example.com>',
  to: ['Bob <bob@example.com>', 'carol@example.com'],
  cc: 'dan@example.com',
  bcc: 'eve@example.com',
  reply_to: 'tea@example.com',
  subject: 'Tea ☕',
  body: 'At four?',
  html: '<p>At four?</p>',
  headers: { 'X-Campaign': 'tea' },
};
const send = (input: object, environment: Record<string, string>, options: TestContextOptions = {}) =>
  callTool(emailSender, { ...MAIL, ...input }, { ...options, host: { environment } });

describe('email-sender through SendGrid', () => {
  const environment = () => ({ EMAIL_SENDGRID_API_KEY: 'SG.test-key', EMAIL_SENDGRID_BASE_URL: base });
  beforeEach(() => {
    answer = ({ request }) =>
      request.headers.authorization === 'Bearer SG.test-key'
        ? { status: request.method === 'POST' ? 202 : 200, headers: { 'x-message-id': 'sg-1' } }
        : { status: 401, body: { errors: [{ message: 'The provided authorization grant is invalid' }] } };
  });

  it('sends what the service wants to read', async () => {
    const attachments = [
      join(dir, 'menu.txt'),
      { content: 'x', filename: 'cup.png', content_type: 'image/png', cid: 'cup' },
    ];
    const { result } = await send({ attachments }, environment());
    expect(result).toMatchObject({
      provider: 'sendgrid',
      status: 'sent',
      response: 'sg-1',
      accepted: ['bob@example.com', 'carol@example.com', 'dan@example.com', 'eve@example.com'],
    });
    const [{ request, body }] = requests as [Exchange];
    expect([request.method, request.url]).toEqual(['POST', '/v3/mail/send']);
    expect(JSON.parse(body)).toEqual({
      personalizations: [
        {
          to: [{ email: 'bob@example.com', name: 'Bob' }, { email: 'carol@example.com' }],
          cc: [{ email: 'dan@example.com' }],
          bcc: [{ email: 'eve@example.com' }],
        },
      ],
      from: { email: 'ada@example.com', name: 'Ada' },
      reply_to_list: [{ email: 'tea@example.com' }],
      subject: 'Tea ☕',
      content: [
        { type: 'text/plain', value: 'At four?' },
        { type: 'text/html', value: '<p>At four?</p>' },
      ],
      attachments: [
        { content: 'U2NvbmVzCg==', filename: 'menu.txt', disposition: 'attachment' },
        { content: 'eA==', filename: 'cup.png', type: 'image/png', disposition: 'inline', content_id: 'cup' },
      ],
      headers: { 'X-Campaign': 'tea', 'Message-ID': (result as { message_id: string }).message_id },
    });
  });

  it('verifies the key', async () => {
    await expect(send({ operation: 'verify' }, environment())).resolves.toMatchObject({ success: true });
    expect(requests[0]!.request.url).toBe('/v3/scopes');
  });

  it('says what the service says, without the key', async () => {
    const error = await send({}, { ...environment(), EMAIL_SENDGRID_API_KEY: 'SG.wrong-key' }).catch(
      (e: Error) => e,
    );
    expect(error).toMatchObject({
      code: 'tool.failed',
      message: 'SendGrid refused with 401: The provided authorization grant is invalid',
      details: { status: 401 },
    });
    expect(JSON.stringify(error)).not.toContain('wrong-key');
    answer = () => ({ status: 400, body: 'no JSON' });
    await expect(send({}, environment())).rejects.toThrow('refused with 400: no JSON');
  });

  it('masks the key where the service repeats it', async () => {
    answer = () => ({ status: 403, body: { errors: [{ message: 'Key SG.test-key may not send' }] } });
    const error = await send({}, environment()).catch((e: Error) => e);
    expect((error as Error).message).not.toContain('SG.test-key');
  });

  it('needs the host granted', async () => {
    const permissions = createPermissions(noGrants(), { cwd: dir });
    await expect(send({}, environment(), { permissions })).rejects.toMatchObject({ code: 'permission.net' });
    expect(requests).toEqual([]);
  });

  it('ends when the call is cancelled', async () => {
    answer = () => ({ status: 0 });
    const controller = new AbortController();
    const running = send({}, environment(), { signal: controller.signal });
    for (let i = 0; i < 200 && requests.length === 0; i++) await new Promise((r) => setTimeout(r, 10));
    const closed = new Promise((resolve) => requests[0]!.request.socket.once('close', resolve));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await closed;
    await expect(send({ timeout_ms: 150 }, environment())).rejects.toMatchObject({
      code: 'component.timeout',
    });
  });
});

describe('email-sender through SES', () => {
  const keys = { EMAIL_SES_ACCESS_KEY_ID: 'AKIDEXAMPLE', EMAIL_SES_SECRET_ACCESS_KEY: 'secret-key' };
  const environment = () => ({ ...keys, EMAIL_SES_REGION: 'eu-central-1', EMAIL_SES_BASE_URL: base });
  beforeEach(() => {
    answer = (exchange) =>
      signatureIsRight(exchange, 'secret-key')
        ? { status: 200, body: { MessageId: 'ses-1' } }
        : { status: 403, body: { message: 'The request signature we calculated does not match' } };
  });

  it('sends a signed request with the whole message', async () => {
    const { result } = await send({ attachments: [join(dir, 'menu.txt')] }, environment());
    expect(result).toMatchObject({ provider: 'ses', status: 'sent', response: 'ses-1' });
    const [{ request, body }] = requests as [Exchange];
    expect([request.method, request.url]).toEqual(['POST', '/v2/email/outbound-emails']);
    expect(request.headers.authorization).toContain('/eu-central-1/ses/aws4_request');
    const sent = JSON.parse(body) as { Content: { Raw: { Data: string } } };
    expect(sent).toMatchObject({
      FromEmailAddress: 'ada@example.com',
      Destination: {
        ToAddresses: ['bob@example.com', 'carol@example.com'],
        CcAddresses: ['dan@example.com'],
        BccAddresses: ['eve@example.com'],
      },
    });
    const raw = Buffer.from(sent.Content.Raw.Data, 'base64');
    expect(raw.toString()).not.toContain('eve@');
    expect(await simpleParser(raw)).toMatchObject({
      subject: 'Tea ☕',
      text: 'At four?',
      attachments: [{ filename: 'menu.txt', content: Buffer.from('Scones\n') }],
    });
  });

  it('takes the keys of AWS itself, with a session token', async () => {
    const aws = {
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 'secret-key',
      AWS_SESSION_TOKEN: 'the-token',
    };
    await send({ region: 'us-west-2' }, { ...aws, EMAIL_SES_BASE_URL: base });
    expect(requests[0]!.request.headers).toMatchObject({
      'x-amz-security-token': 'the-token',
      authorization: expect.stringContaining('/us-west-2/ses/'),
    });
  });

  it('verifies the keys', async () => {
    await expect(send({ operation: 'verify' }, environment())).resolves.toMatchObject({ success: true });
    const wrong = { ...environment(), EMAIL_SES_SECRET_ACCESS_KEY: 'wrong-key' };
    await expect(send({ operation: 'verify' }, wrong)).rejects.toThrow(
      'SES refused with 403: The request signature we calculated does not match',
    );
  });
});

/** AWS's Signature Version 4, computed once more from what arrived. */
function signatureIsRight({ request, body }: Exchange, secret: string): boolean {
  const { authorization = '', 'x-amz-date': date } = request.headers;
  const parts =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/ses\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      authorization,
    );
  if (!parts || typeof date !== 'string') return false;
  const [, day, region, signedHeaders, signature] = parts as unknown as string[];
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const headers = signedHeaders!
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, request.url, '', headers.join(''), signedHeaders, hash(body)].join('\n');
  const scope = `${day}/${region}/ses/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
  const key = [day!, region!, 'ses', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex') === signature;
}
