import type { Socket } from 'node:net';
import type { Client } from 'pg';
import type { ExecutionContext } from '../../../../core/context.js';
import { fail } from '../../../../core/errors.js';
import type { ServerAddress } from '../../../../security/database-targets.js';
import { connectGuarded, connectionError, startTls } from '../../../../security/sockets.js';
import type { TlsPolicy } from '../job.js';

/** The number that says "cancel" instead of a protocol version. */
const CANCEL_REQUEST = 80_877_102;
/** The number that asks for TLS. */
const TLS_REQUEST = 80_877_103;

/** An open connection that is logged in. The caller ends it. */
export async function openClient(
  address: ServerAddress,
  tls: TlsPolicy,
  connectMs: number,
  context: ExecutionContext,
): Promise<Client> {
  const socket = await connectGuarded(address.host, address.port, context, { timeoutMs: connectMs });
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: address.user || 'postgres',
    database: address.name || address.user || 'postgres',
    password: async () => address.password,
    ssl: tls === false ? false : tlsOptions(tls),
    stream: () => alreadyConnected(socket),
    application_name: 'llmspell',
    connectionTimeoutMillis: connectMs,
  });
  client.on('error', () => {}); // whoever waits for an answer is told too
  try {
    await client.connect();
    return client;
  } catch (error) {
    socket.destroy();
    throw refused(error, address);
  }
}

/** Tells the server to stop what a client has it do; over a connection of its own, as the protocol wants it. */
export async function cancelRunning(
  client: Client,
  address: ServerAddress,
  tls: TlsPolicy,
  context: ExecutionContext,
): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number };
  if (processID === null) return;
  const plain = await connectGuarded(address.host, address.port, context, { timeoutMs: 2000 });
  const socket = tls === false ? plain : await encrypted(plain, address.host, tls);
  const request = Buffer.alloc(16);
  [16, CANCEL_REQUEST, processID, secretKey].forEach((value, i) => {
    request.writeInt32BE(value, i * 4);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.end(request);
  socket.resume();
  await closed; // the server closes it when the signal is on its way
}

/** `pg` connects what it is given; ours is connected, to an address that was checked. */
function alreadyConnected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  return socket;
}

async function encrypted(socket: Socket, host: string, tls: Exclude<TlsPolicy, false>): Promise<Socket> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(TLS_REQUEST, 4);
  socket.write(request);
  await new Promise<void>((resolve, reject) => {
    socket.once('data', (answer) =>
      answer.toString() === 'S' ? resolve() : reject(new Error('The server speaks no TLS')),
    );
    socket.once('close', () => reject(new Error('The connection was closed')));
  });
  return startTls(socket, host, tlsOptions(tls));
}

function tlsOptions({ verify, ca }: Exclude<TlsPolicy, false>) {
  return { rejectUnauthorized: verify, ...(ca !== undefined && { ca }) };
}

function refused(error: unknown, address: ServerAddress): Error {
  const { code, message } = error as { code?: string; message: string };
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE')
    return connectionError(error, address.host, address.port);
  return fail('tool.failed', `PostgreSQL refused the connection: ${message}`, {
    details: { host: address.host, port: address.port, code },
  });
}
