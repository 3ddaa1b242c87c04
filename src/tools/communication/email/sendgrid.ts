import type { ExecutionContext } from '../../../core/context.js';
import type { Mailbox } from './addresses.js';
import { askProvider } from './http-provider.js';
import { type Message, recipientsOf } from './message.js';
import type { SendgridSettings } from './settings.js';
import type { Delivery } from './smtp.js';

/** Sends a mail through SendGrid, which builds the message itself. */
export async function sendOverSendgrid(
  message: Message,
  settings: SendgridSettings,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Delivery> {
  const body = JSON.stringify(await mailOf(message));
  const response = await ask('POST', '/v3/mail/send', body, settings, timeoutMs, context);
  return {
    accepted: recipientsOf(message),
    rejected: [],
    response: String(response.headers['x-message-id'] ?? ''),
  };
}

/** Asks what the key may do, which shows that it is good. */
export async function verifySendgrid(
  settings: SendgridSettings,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<void> {
  await ask('GET', '/v3/scopes', undefined, settings, timeoutMs, context);
}

function ask(
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  { apiKey, baseUrl }: SendgridSettings,
  timeoutMs: number,
  context: ExecutionContext,
) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const url = new URL(path, baseUrl).href;
  return askProvider({ provider: 'SendGrid', method, url, headers, body, timeoutMs }, context);
}

async function mailOf(message: Message): Promise<object> {
  const { to, cc, bcc, replyTo, text, html } = message;
  const attachments = await Promise.all(message.attachments.map(attachmentOf));
  const content = [
    ...(text !== undefined ? [{ type: 'text/plain', value: text || ' ' }] : []),
    ...(html !== undefined ? [{ type: 'text/html', value: html || ' ' }] : []),
  ];
  return {
    personalizations: [
      {
        to: to.map(mailboxOf),
        ...(cc.length > 0 && { cc: cc.map(mailboxOf) }),
        ...(bcc.length > 0 && { bcc: bcc.map(mailboxOf) }),
      },
    ],
    from: mailboxOf(message.from),
    ...(replyTo.length > 0 && { reply_to_list: replyTo.map(mailboxOf) }),
    subject: message.subject || ' ',
    content,
    ...(attachments.length > 0 && { attachments }),
    headers: headersOf(message),
  };
}

const PRIORITIES = { high: '1', normal: '3', low: '5' } as const;

function headersOf({ headers, messageId, inReplyTo, priority }: Message): Record<string, string> {
  return {
    ...headers,
    'Message-ID': messageId,
    ...(inReplyTo !== undefined && { 'In-Reply-To': inReplyTo, References: inReplyTo }),
    ...(priority !== undefined && { 'X-Priority': PRIORITIES[priority] }),
  };
}

function mailboxOf({ name, address }: Mailbox): object {
  return { email: address, ...(name !== '' && { name }) };
}

async function attachmentOf({ bytes, filename, contentType, cid }: Message['attachments'][number]) {
  return {
    content: (await bytes()).toString('base64'),
    filename,
    ...(contentType !== undefined && { type: contentType }),
    disposition: cid === undefined ? 'attachment' : 'inline',
    ...(cid !== undefined && { content_id: cid }),
  };
}
