import type { Readable } from 'node:stream';
import type { Transporter } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { connectGuarded } from '../../../security/sockets.js';
import { composed, type Message } from './message.js';
import type { SmtpSettings } from './settings.js';

/** What became of a mail. */
export interface Delivery {
  accepted: string[];
  rejected: string[];
  /** The server's last word. */
  response: string;
}

/** Hands a mail to a server. When the context aborts in the middle, the connection goes and the server drops the mail. */
export async function sendOverSmtp(
  message: Message,
  settings: SmtpSettings,
  context: ExecutionContext,
): Promise<Delivery> {
  const opened: Readable[] = [];
  try {
    const transport = await transportTo(settings, context);
    const info = await transport.sendMail({ ...composed(message, opened), signal: context.signal } as never);
    const { accepted, rejected, response } = info;
    return { accepted: accepted.map(String), rejected: rejected.map(String), response };
  } catch (error) {
    throw complaint(error, settings, context);
  } finally {
    for (const stream of opened) stream.destroy();
  }
}

/** Connects and logs in. */
export async function verifySmtp(settings: SmtpSettings, context: ExecutionContext): Promise<void> {
  try {
    await (await transportTo(settings, context)).verify();
  } catch (error) {
    throw complaint(error, settings, context);
  }
}

async function transportTo(
  settings: SmtpSettings,
  context: ExecutionContext,
): Promise<Transporter<SMTPTransport.SentMessageInfo>> {
  const { createTransport } = await import('nodemailer');
  const { host, port, security, ca, verify } = settings;
  const connection = await connectGuarded(host, port, context);
  connection.on('error', () => {}); // the transport is told too
  const options = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: verify, ...(ca !== undefined && { ca }) },
    ...login(settings),
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    socketCloseTimeout: 500,
    getSocket: (_: unknown, done: (error: null, socket: object) => void) => done(null, { connection }),
  };
  return createTransport(options as SMTPTransport.Options);
}

/** With an account, nothing is sent before the login: a server that offers none is an error. */
function login({ username, password = '', authMethod }: SmtpSettings): object {
  if (username === undefined || username === '') return {};
  if (authMethod === 'xoauth2')
    return { auth: { type: 'OAuth2', user: username, accessToken: password }, forceAuth: true };
  const method = authMethod?.toUpperCase();
  return { auth: { user: username, pass: password, ...(method && { method }) }, forceAuth: true };
}

/** How `nodemailer` says what went wrong. */
interface SmtpError extends NodeJS.ErrnoException {
  responseCode?: number;
  command?: string;
}

function complaint(error: unknown, { host, port }: SmtpSettings, { signal }: ExecutionContext): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof LlmspellError) return error;
  const { code, message, responseCode, command } = error as SmtpError;
  return fail('tool.failed', `SMTP: ${message}`, {
    details: {
      ...{ host, port, errno: code ?? 'UNKNOWN' },
      ...(responseCode !== undefined && { response_code: responseCode }),
      ...(command !== undefined && { command }),
    },
    ...(code === 'EAUTH' && { hint: 'Check user name and password.' }),
    ...(code === 'ETLS' && {
      hint: 'The server offers no TLS, or a certificate that is not trusted; smtp.ca_file names one to trust.',
    }),
  });
}
