import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerAuthentication, type SMTPServerOptions } from 'smtp-server';
import { findServer, freePort } from './temporary.js';

/** A mail as it arrived. */
export interface ReceivedMail {
  from: string;
  to: string[];
  raw: Buffer;
  mail: ParsedMail;
  /** Whether the connection was encrypted. */
  secure: boolean;
}

/** A mail server on loopback. */
export interface MailServer {
  port: number;
  /** Complete mails, oldest first. */
  received: ReceivedMail[];
  /** What each login said. */
  logins: SMTPServerAuthentication[];
  /** Bytes of message data that arrived, complete or not. */
  dataBytes(): number;
  /** Connections that are open. */
  connections(): number;
  close(): Promise<void>;
}

/** What a server wants to see; the rest is as `smtp-server` has it. */
export interface MailServerOptions extends SMTPServerOptions {
  /** Who may log in. */
  accounts?: Readonly<Record<string, string>>;
  /** Recipients that are refused. */
  unknown?: readonly string[];
  /** Milliseconds that the server takes for each piece of data. */
  slowMs?: number;
}

/** Starts a mail server with the `smtp-server` package. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { accounts = {}, unknown = [], slowMs = 0, ...rest } = options;
  const received: ReceivedMail[] = [];
  const logins: SMTPServerAuthentication[] = [];
  let bytes = 0;
  const server = new SMTPServer({
    authOptional: Object.keys(accounts).length === 0,
    disabledCommands: rest.secure || rest.cert ? [] : ['STARTTLS'],
    logger: false,
    onAuth(auth, _session, done) {
      logins.push(auth);
      const known = accounts[auth.username ?? ''];
      const proof = auth.method === 'XOAUTH2' ? auth.accessToken : auth.password;
      const good =
        known !== undefined && (auth.method === 'CRAM-MD5' ? auth.validatePassword(known) : proof === known);
      if (good) done(null, { user: auth.username! });
      else done(new Error('Invalid username or password'));
    },
    onRcptTo({ address }, _session, done) {
      if (unknown.includes(address))
        done(Object.assign(new Error('No such user here'), { responseCode: 550 }));
      else done();
    },
    async onData(stream, session, done) {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          chunks.push(chunk);
          if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
        }
      } catch {
        return;
      }
      const raw = Buffer.concat(chunks);
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        raw,
        mail: await simpleParser(raw),
        secure: session.secure,
      });
      done(null, 'stored');
    },
    ...rest,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return {
    port,
    received,
    logins,
    dataBytes: () => bytes,
    connections: () => (server as unknown as { connections: Set<unknown> }).connections.size,
    close: () =>
      new Promise((resolve) => {
        for (const connection of (server as unknown as { connections: Set<{ close(): void }> }).connections)
          connection.close();
        server.close(() => resolve());
      }),
  };
}

const PYTHON = findServer('python3', ['/usr/bin']);

/** Starts the server of the `aiosmtpd` package of Python; undefined where it is not installed. */
export async function startAiosmtpd(folder: string) {
  if (!PYTHON) return undefined;
  const port = await freePort();
  const mailbox = join(folder, 'mailbox');
  const args = [
    '-m',
    'aiosmtpd',
    '-n',
    '-l',
    `127.0.0.1:${port}`,
    '-c',
    'aiosmtpd.handlers.Mailbox',
    mailbox,
  ];
  const child = spawn(PYTHON, args, { stdio: 'ignore' });
  const lastResort = () => child.kill('SIGKILL');
  process.once('exit', lastResort);
  const close = async () => {
    process.removeListener('exit', lastResort);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  for (let i = 0; i < 200 && child.exitCode === null; i++) {
    if (await answers(port)) return { port, close, mails: () => mailsIn(join(mailbox, 'new')) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await close();
  return undefined;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function mailsIn(folder: string): Promise<ParsedMail[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map(async (name) => simpleParser(await readFile(join(folder, name)))));
}
