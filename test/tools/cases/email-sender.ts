import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startAiosmtpd } from '../../support/servers/smtp.js';
import { toolCase } from '../tool-case.js';

/** The servers that were started, by port. */
const servers = new Map<number, NonNullable<Awaited<ReturnType<typeof startAiosmtpd>>>>();

export default toolCase({
  tool: 'email-sender',
  programs: ['aiosmtpd'],
  async prepare(dir) {
    writeFileSync(join(dir, 'menu.txt'), 'Scones\n');
    const server = await startAiosmtpd(dir);
    if (!server) throw new Error('aiosmtpd does not answer');
    servers.set(server.port, server);
    return { port: server.port };
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (dir, { port }) => ({
    operation: 'send',
    smtp: { host: '127.0.0.1', port },
    from: 'Ada <ada@example.com>',
    to: ['Bob <bob@example.com>', 'carol@example.com'],
    subject: 'Tea at four?',
    body: 'Dear all,\n\nthe menu is attached.\n',
    attachments: [join(dir, 'menu.txt')],
  }),
  async check(answer, _dir, { port }) {
    expect(answer).toMatchObject({
      success: true,
      result: { provider: 'smtp', status: 'sent', accepted: ['bob@example.com', 'carol@example.com'] },
    });
    const { message_id: id } = answer.result as { message_id: string };
    const mails = await servers.get(Number(port))!.mails();
    expect(mails.find(({ messageId }) => messageId === id)).toMatchObject({
      subject: 'Tea at four?',
      attachments: [{ filename: 'menu.txt', content: Buffer.from('Scones\n') }],
    });
  },
  async close({ port }) {
    await servers.get(Number(port))?.close();
    servers.delete(Number(port));
  },
});
