import type { Readable } from 'node:stream';
import type Mail from 'nodemailer/lib/mailer';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { MAX_RECIPIENTS, type Mailbox, parseMailboxes, parseSender, refuseBreaks } from './addresses.js';
import { type Attachment, findAttachments } from './attachments.js';
import type { Input } from './input.js';

/** A mail that is complete and checked. */
export interface Message {
  from: Mailbox;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  replyTo: Mailbox[];
  subject: string;
  text: string | undefined;
  html: string | undefined;
  headers: Record<string, string>;
  messageId: string;
  date: Date;
  attachments: Attachment[];
  priority: Input['priority'];
  inReplyTo: string | undefined;
  /** Divides the parts; from the context, so that a mail can be made twice. */
  boundary: string;
}

/** Headers that follow from other parameters, or say how the message is built. */
const OWN_HEADERS =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|mime-version|content-.*|return-path|received|dkim-signature|x-priority|importance)$/i;

/** Checks everything a mail consists of. @throws `input.invalid`, `permission.read` for attachments */
export async function makeMessage(
  input: Input,
  defaultSender: string | undefined,
  context: ExecutionContext,
): Promise<Message> {
  const from = await parseSender(input.from || defaultSender || missingSender());
  const [to, cc, bcc, replyTo] = await Promise.all([
    parseMailboxes(input.to, 'to'),
    parseMailboxes(input.cc, 'cc'),
    parseMailboxes(input.bcc, 'bcc'),
    parseMailboxes(input.reply_to, 'reply_to'),
  ]);
  checkRecipients([...to, ...cc, ...bcc]);
  refuseBreaks(input.subject, 'subject');
  const id = context.effects.uuid();
  const inReplyTo = bracketed(input.in_reply_to, 'in_reply_to');
  return {
    ...{ from, to, cc, bcc, replyTo, subject: input.subject, inReplyTo },
    ...bodies(input),
    headers: checkHeaders(input.headers),
    messageId: bracketed(input.message_id, 'message_id') ?? `<${id}@${domainOf(from)}>`,
    date: new Date(context.effects.now()),
    attachments: await findAttachments(input.attachments, context),
    priority: input.priority,
    boundary: id.replaceAll('-', ''),
  };
}

/** The message as `nodemailer` takes it. Contract: the caller destroys the streams it finds in `opened`. */
export function composed(message: Message, opened: Readable[]): Mail.Options {
  const { text, html, inReplyTo, priority } = message;
  const attachments = message.attachments.map(({ filename, contentType, cid, open }) => ({
    filename,
    ...(contentType !== undefined && { contentType }),
    ...(cid !== undefined && { cid, contentDisposition: 'inline' as const }),
    content: lazily(open, opened),
  }));
  return {
    from: message.from,
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    replyTo: message.replyTo,
    subject: message.subject,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    ...(inReplyTo !== undefined && { inReplyTo, references: inReplyTo }),
    ...(priority !== undefined && { priority }),
    headers: message.headers,
    messageId: message.messageId,
    date: message.date,
    attachments,
    // Whatever a caller writes, nothing is fetched or read but what was granted above.
    disableFileAccess: true,
    disableUrlAccess: true,
    baseBoundary: message.boundary,
  } as Mail.Options;
}

/** Everybody who gets it. */
export function recipientsOf({ to, cc, bcc }: Message): string[] {
  return [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
}

function lazily(open: () => Readable, opened: Readable[]): Readable {
  const stream = open();
  opened.push(stream);
  return stream;
}

function missingSender(): never {
  throw fail('input.invalid', "Missing required parameter 'from'", {
    hint: 'Pass from, or set tools.email.from_address.',
  });
}

function checkRecipients(all: readonly Mailbox[]): void {
  if (all.length === 0) throw fail('input.invalid', "Missing required parameter 'to'");
  if (all.length > MAX_RECIPIENTS)
    throw fail('input.invalid', `More than ${MAX_RECIPIENTS} recipients in one mail`);
}

function bodies({ body, html }: Input): Pick<Message, 'text' | 'html'> {
  if (html === true) return { text: undefined, html: body };
  return { text: body, html: html === false || html === '' ? undefined : html };
}

function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    refuseBreaks(value, `headers.${name.replace(/[\r\n\0]/g, ' ')}`);
    if (!/^[A-Za-z0-9-]+$/.test(name)) throw fail('input.invalid', `${JSON.stringify(name)} is not a header`);
    if (OWN_HEADERS.test(name))
      throw fail('input.invalid', `The header '${name}' may not be set`, {
        hint: 'Use the parameter that it follows from.',
      });
  }
  return { ...headers };
}

function bracketed(id: string | undefined, parameter: string): string | undefined {
  if (id === undefined) return undefined;
  refuseBreaks(id, parameter);
  if (!/^<?[^\s<>]+>?$/.test(id)) throw fail('input.invalid', `'${parameter}' is not a message id`);
  return `<${id.replace(/^<|>$/g, '')}>`;
}

function domainOf({ address }: Mailbox): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
