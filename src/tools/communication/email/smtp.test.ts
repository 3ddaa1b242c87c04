import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate } from '../../../../test/support/servers/certificate.js';
import {
  type MailServer,
  type MailServerOptions,
  startAiosmtpd,
  startMailServer,
} from '../../../../test/support/servers/smtp.js';
import type { TestContextOptions } from '../../../core/testing.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import type { ToolHost } from '../../host.js';
import { callTool } from '../../run-tool.case.js';
import emailSender from '../email-sender.js';

let dir: string;
let certificate: Certificate;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
  certificate = await makeCertificate(dir);
});
afterAll(() => rm(dir, { recursive: true }));

const MAIL = { from: 'Ada <ada@example.com>', to: 'bob@example.com', subject: 'Tea', body: 'At four?' };
const send = (input: object, options: TestContextOptions & { host?: Partial<ToolHost> } = {}) =>
  callTool(emailSender, { operation: 'send', ...MAIL, ...input }, options);

async function withServer<T>(
  options: MailServerOptions,
  work: (server: MailServer, smtp: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  const server = await startMailServer(options);
  try {
    return await work(server, { host: '127.0.0.1', port: server.port });
  } finally {
    await server.close();
  }
}

describe('email-sender over SMTP', () => {
  it('hands over what was written', () =>
    withServer({}, async (server, smtp) => {
      const { result, operation, success } = await send({
        smtp,
        to: 'Bob <bob@example.com>, "Carol, C." <carol@example.com>',
        cc: ['dan@example.com'],
        bcc: 'eve@example.com',
        reply_to: 'Tea <tea@example.com>',
        subject: 'Teestunde — ¿vier Uhr? ☕',
        body: 'Grüße\n.\nEnde',
        html: '<p>Grüße <img src="cid:cup"></p>',
        headers: { 'List-Unsubscribe': '<https://example.com/off>' },
        in_reply_to: 'earlier@example.com',
        priority: 'high',
        attachments: [{ content: 'iVBORw0KGgo=', encoding: 'base64', filename: 'cup.png', cid: 'cup' }],
      });
      expect({ operation, success }).toEqual({ operation: 'send_email', success: true });
      expect(result).toMatchObject({
        provider: 'smtp',
        status: 'sent',
        accepted: ['bob@example.com', 'carol@example.com', 'dan@example.com', 'eve@example.com'],
        rejected: [],
        message_id: expect.stringMatching(/^<[-0-9a-f]{36}@example\.com>$/),
      });
      const [{ from, to, mail, raw }] = server.received as [MailServer['received'][0]];
      expect(from).toBe('ada@example.com');
      expect(to).toEqual(['bob@example.com', 'carol@example.com', 'dan@example.com', 'eve@example.com']);
      expect(raw.toString()).not.toContain('eve@');
      expect(mail).toMatchObject({
        subject: 'Teestunde — ¿vier Uhr? ☕',
        text: 'Grüße\n.\nEnde',
        messageId: (result as { message_id: string }).message_id,
        inReplyTo: '<earlier@example.com>',
        from: { value: [{ name: 'Ada', address: 'ada@example.com' }] },
        replyTo: { value: [{ name: 'Tea', address: 'tea@example.com' }] },
        attachments: [
          {
            filename: 'cup.png',
            contentType: 'image/png',
            cid: 'cup',
            content: Buffer.from('iVBORw0KGgo=', 'base64'),
          },
        ],
      });
      expect(raw.toString()).toContain('X-Priority: 1 (Highest)');
      expect(mail.html).toContain('Grüße');
      expect(mail.headers.get('list')).toMatchObject({ unsubscribe: { url: 'https://example.com/off' } });
      expect(mail.to).toMatchObject({ value: [{ name: 'Bob' }, { name: 'Carol, C.' }] });
    }));

  it('attaches files as they are, also large ones', () =>
    withServer({}, async (server, smtp) => {
      const file = join(dir, 'noise.bin');
      execFileSync('sh', ['-c', `head -c 3000000 /dev/urandom > ${file}`]);
      const { result } = await send({ smtp, attachments: [file, { path: file, filename: 'Lärm.dat' }] });
      expect(result).toMatchObject({ attachments: [{ filename: 'noise.bin', size: 3_000_000 }, {}] });
      const { attachments } = server.received[0]!.mail;
      const bytes = (await import('node:fs')).readFileSync(file);
      expect(attachments.map(({ filename }) => filename)).toEqual(['noise.bin', 'Lärm.dat']);
      for (const { content } of attachments) expect(content.equals(bytes)).toBe(true);
    }));

  it('sends HTML alone when html is true', () =>
    withServer({}, async (server, smtp) => {
      await send({ smtp, html: true, body: '<b>Hi</b>' });
      expect(server.received[0]!.raw.toString()).toMatch(/^Content-Type: text\/html/m);
    }));

  it('tells who was refused, and fails when all were', () =>
    withServer({ unknown: ['nobody@example.com'] }, async (server, smtp) => {
      const { result } = await send({ smtp, to: ['bob@example.com', 'nobody@example.com'] });
      expect(result).toMatchObject({ status: 'partially_sent', rejected: ['nobody@example.com'] });
      await expect(send({ smtp, to: 'nobody@example.com' })).rejects.toMatchObject({
        code: 'tool.failed',
        details: { response_code: 550 },
      });
      expect(server.received).toHaveLength(1);
    }));

  it('another server understands it too', async ({ skip }) => {
    const server = await startAiosmtpd(dir);
    if (!server) return skip('python3-aiosmtpd is not installed');
    try {
      await send({
        smtp: { host: '127.0.0.1', port: server.port },
        body: '.dot\n..dots',
        attachments: [{ content: 'x', filename: 'x.txt' }],
      });
      const [mail] = await server.mails();
      expect(mail).toMatchObject({ subject: 'Tea', attachments: [{ filename: 'x.txt' }] });
      expect(mail!.text).toContain('.dot\n..dots');
    } finally {
      await server.close();
    }
  });

  describe('logging in', () => {
    const accounts = { ada: 'correct-horse' };
    it.each(['plain', 'login', 'cram-md5', 'xoauth2'] as const)('with %s', (auth_method) => {
      const authMethods = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'];
      return withServer({ accounts, authMethods, allowInsecureAuth: true }, async (server, smtp) => {
        const login = { ...smtp, username: 'ada', password: 'correct-horse', auth_method };
        await expect(send({ operation: 'verify', smtp: login })).resolves.toMatchObject({ success: true });
        await send({ smtp: login });
        expect(server.logins.map(({ method }) => method)).toEqual(Array(2).fill(auth_method.toUpperCase()));
        expect(server.received).toHaveLength(1);
      });
    });

    it('says that the password is wrong, and not which', () =>
      withServer({ accounts, allowInsecureAuth: true }, async (server, smtp) => {
        const login = { ...smtp, username: 'ada', password: 'wrong-password' };
        for (const operation of ['send', 'verify']) {
          const error = await send({ operation, smtp: login }).catch((e: Error) => e);
          expect(error).toMatchObject({ code: 'tool.failed', details: { errno: 'EAUTH' } });
          expect(JSON.stringify(error)).not.toContain('wrong-password');
        }
        expect(server.received).toEqual([]);
      }));

    it('sends nothing when the server offers no login', () =>
      withServer({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] }, async (server, smtp) => {
        await expect(send({ smtp: { ...smtp, username: 'ada', password: 'x' } })).rejects.toThrow();
        expect(server.received).toEqual([]);
      }));
  });

  describe('encryption', () => {
    const tls = () => ({ cert: certificate.cert, key: certificate.key });
    const ca = () => ({ ca_file: certificate.certFile });

    it('STARTTLS before the login', () =>
      withServer({ ...tls(), accounts: { ada: 'correct-horse' } }, async (server, smtp) => {
        const login = { ...smtp, username: 'ada', password: 'correct-horse', security: 'starttls', ...ca() };
        await send({ smtp: login });
        await send({ smtp: { ...login, host: 'localhost' } });
        expect(server.received.map(({ secure }) => secure)).toEqual([true, true]);
      }));

    it('TLS from the first byte', () =>
      withServer({ ...tls(), secure: true }, async (server, smtp) => {
        await send({ smtp: { ...smtp, security: 'tls', ...ca() } });
        expect(server.received).toMatchObject([{ secure: true }]);
      }));

    it('sends nothing to a server whose certificate nobody vouches for', () =>
      withServer({ ...tls(), accounts: { ada: 'correct-horse' } }, async (server, smtp) => {
        const login = { ...smtp, username: 'ada', password: 'correct-horse', security: 'starttls' };
        await expect(send({ smtp: login })).rejects.toThrow('self-signed certificate');
        expect(server).toMatchObject({ received: [], logins: [] });
        const host = { config: { network: { verify_ssl: false } } };
        await expect(send({ smtp: login }, { host })).resolves.toMatchObject({ success: true });
      }));

    it('sends nothing to a server that offers none', () =>
      withServer({}, async (server, smtp) => {
        await expect(send({ smtp: { ...smtp, security: 'starttls' } })).rejects.toMatchObject({
          details: { errno: 'ETLS' },
        });
        expect(server.received).toEqual([]);
      }));
  });

  describe('configuration', () => {
    it('names the server, the account and the sender', () =>
      withServer({ accounts: { ada: 'correct-horse' }, allowInsecureAuth: true }, async (server, smtp) => {
        const email = {
          smtp_host: smtp.host,
          smtp_port: smtp.port,
          smtp_username: 'ada',
          smtp_password: 'correct-horse',
          from_address: 'Office <office@example.com>',
        };
        await send({ from: undefined }, { host: { config: { email } } });
        const environment = {
          EMAIL_SMTP_HOST: smtp.host,
          EMAIL_SMTP_PORT: String(smtp.port),
          EMAIL_SMTP_USERNAME: 'ada',
          EMAIL_SMTP_PASSWORD: 'correct-horse',
          EMAIL_DEFAULT_SENDER: 'env@example.com',
        };
        await send({ from: '' }, { host: { environment } });
        expect(server.received.map(({ from }) => from)).toEqual(['office@example.com', 'env@example.com']);
      }));

    it('its password goes to its server only', () =>
      withServer({ authOptional: true, allowInsecureAuth: true }, async (server, smtp) => {
        const email = { smtp_host: 'mail.example.com', smtp_username: 'ada', smtp_password: 'correct-horse' };
        await send({ smtp }, { host: { config: { email } } });
        expect(server).toMatchObject({ logins: [], received: [{}] });
      }));

    it('limits the mails a minute', () =>
      withServer({}, async (server, smtp) => {
        let now = 1_000_000;
        const effects = { now: () => now };
        const host = {
          config: { email: { rate_limit_per_minute: 2 } },
          databases: {},
          environment: {},
          state: () => Promise.reject(new Error('none')),
        };
        const { invoke } = await import('../../../core/invoke.js');
        const { testContext } = await import('../../../core/testing.js');
        const { toolComponent } = await import('../../component.js');
        const one = () =>
          invoke(toolComponent(emailSender, host), { ...MAIL, smtp }, testContext({ effects }).context);
        await one();
        now += 30_000;
        await one();
        await expect(one()).rejects.toMatchObject({
          message: 'Rate limit reached: 2 mails a minute',
          details: { retry_after_ms: 30_000 },
        });
        now += 30_001;
        await one();
        expect(server.received).toHaveLength(3);
      }));

    it('nothing configured is said with what to do', async () => {
      await expect(send({})).rejects.toMatchObject({
        code: 'tool.failed',
        message: "Email provider 'smtp' not configured",
        hint: expect.stringContaining('tools.email.smtp_host'),
      });
    });
  });

  describe('grants', () => {
    it('needs the host and the files', () =>
      withServer({}, async (server, smtp) => {
        const file = join(dir, 'note.txt');
        await writeFile(file, 'note');
        await symlink('/etc/hostname', join(dir, 'link.txt')).catch(() => {});
        const ask = (grants: object, input: object = {}) =>
          send(
            { smtp, ...input },
            { permissions: createPermissions({ ...noGrants(), ...grants }, { cwd: dir }) },
          );
        const net = [`127.0.0.1:${server.port}`];
        await expect(ask({})).rejects.toMatchObject({ code: 'permission.net' });
        await expect(ask({ net: ['127.0.0.1:1'] })).rejects.toMatchObject({ code: 'permission.net' });
        await expect(ask({ net }, { attachments: [file] })).rejects.toMatchObject({
          code: 'permission.read',
        });
        await expect(
          ask({ net, read: [dir] }, { attachments: [join(dir, 'link.txt')] }),
        ).rejects.toMatchObject({ code: 'permission.read' });
        await ask({ net, read: [dir] }, { attachments: ['note.txt'] });
        expect(server.received).toHaveLength(1);
      }));
  });

  describe('hostile input', () => {
    it.each([
      { subject: 'a\r\nBcc: x@example.com' },
      { to: 'bob@example.com\nBcc: x@example.com' },
      { to: ['bob@example.com', 'x@example.com\r\nDATA'] },
      { from: 'a@example.com\r\nRCPT TO:<x@example.com>' },
      { from: 'a@example.com, b@example.com' },
      { cc: 'no address' },
      { to: 'a b@example.com' },
      { to: '' },
      { reply_to: 'x\0@example.com' },
      { headers: { 'X-A': 'b\r\nBcc: x@example.com' } },
      { headers: { 'X-A\r\nBcc': 'x@example.com' } },
      { headers: { Bcc: 'x@example.com' } },
      { headers: { 'Content-Type': 'text/html' } },
      { headers: { 'X A': 'b' } },
      { message_id: 'a>\r\nBcc: <x@example.com' },
      { in_reply_to: '<a b>' },
      { attachments: [{ content: 'x', filename: 'a\r\nBcc: x' }] },
      { attachments: [{ content: 'x', content_type: 'text/plain\r\nX: y' }] },
      { attachments: [{ filename: 'nothing' }] },
      { attachments: [{ content: '*', encoding: 'base64' }] },
      { to: Array.from({ length: 501 }, (_, i) => `u${i}@example.com`) },
    ])('%j is refused', async (input) => {
      await expect(send({ operation: 'render', ...input })).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('attachments that are too large together are refused before anything is sent', () =>
      withServer({}, async (server, smtp) => {
        const file = join(dir, 'large.bin');
        execFileSync('truncate', ['-s', '13M', file]);
        await expect(send({ smtp, attachments: [file, file] })).rejects.toThrow('exceed 25000000 bytes');
        expect(server).toMatchObject({ received: [] });
      }));

    it('a reference in the HTML reads no file', () =>
      withServer({}, async (server, smtp) => {
        await send({ smtp, html: '<img src="file:///etc/passwd"><img src="/etc/passwd">' });
        expect(server.received[0]!.raw.toString()).not.toContain('root:');
      }));
  });

  describe('render', () => {
    it('gives the message that would be sent', async () => {
      const effects = { now: () => Date.UTC(2024, 0, 2), uuid: () => '00000000-0000-4000-8000-000000000000' };
      const render = () =>
        send({ operation: 'render', attachments: [{ content: 'x', filename: 'x.txt' }] }, { effects });
      const [one, two] = [await render(), await render()];
      expect(one.text).toBe(two.text);
      expect(await simpleParser(one.text)).toMatchObject({
        subject: 'Tea',
        text: 'At four?',
        messageId: '<00000000-0000-4000-8000-000000000000@example.com>',
        date: new Date('2024-01-02T00:00:00Z'),
      });
    });

    it('shows a beginning of what is long', async () => {
      const { result } = await send({ operation: 'render', body: 'x\n'.repeat(1_000_000) });
      expect(result).toMatchObject({ truncated: true });
    });
  });

  describe('stopping', () => {
    const openFiles = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`);
          } catch {
            return '';
          }
        })
        .filter((path) => path.startsWith(dir));

    it('in the middle of the data: the server gets no more and stores nothing', () =>
      withServer({ slowMs: 20 }, async (server, smtp) => {
        const file = join(dir, 'slow.bin');
        execFileSync('truncate', ['-s', '20M', file]);
        const controller = new AbortController();
        const running = send({ smtp, attachments: [file] }, { signal: controller.signal });
        for (let i = 0; i < 500 && server.dataBytes() < 200_000; i++)
          await new Promise((resolve) => setTimeout(resolve, 10));
        expect(server.dataBytes()).toBeGreaterThan(0);
        controller.abort(new Error('enough'));
        await expect(running).rejects.toThrow('enough');
        for (let i = 0; i < 300 && server.connections() > 0; i++)
          await new Promise((resolve) => setTimeout(resolve, 10));
        expect(server.connections()).toBe(0);
        await new Promise((resolve) => setTimeout(resolve, 100));
        const arrived = server.dataBytes();
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(server.dataBytes()).toBe(arrived);
        expect(arrived).toBeLessThan(20_000_000);
        expect(server.received).toEqual([]);
        expect(openFiles()).toEqual([]);
      }));

    it('when the server says nothing', async () => {
      const { createServer } = await import('node:net');
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as { port: number };
      try {
        const late = send({ smtp: { host: '127.0.0.1', port }, timeout_ms: 200 });
        await expect(late).rejects.toMatchObject({ code: 'component.timeout' });
      } finally {
        await new Promise((resolve) => silent.close(resolve));
      }
    });
  });
});
