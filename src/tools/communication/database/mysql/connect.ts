import type { Connection } from 'mysql2';
import type { ExecutionContext } from '../../../../core/context.js';
import { fail } from '../../../../core/errors.js';
import type { ServerAddress } from '../../../../security/database-targets.js';
import { connectGuarded, connectionError } from '../../../../security/sockets.js';
import type { TlsPolicy } from '../job.js';

/** An open connection that is logged in. The caller ends it. */
export async function openConnection(
  address: ServerAddress,
  tls: TlsPolicy,
  connectMs: number,
  context: ExecutionContext,
): Promise<Connection> {
  const socket = await connectGuarded(address.host, address.port, context, { timeoutMs: connectMs });
  const { createConnection } = await import('mysql2');
  const connection = createConnection({
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    ...(address.name !== '' && { database: address.name }),
    ...(tls !== false && { ssl: tlsOptions(tls) }),
    stream: socket,
    connectTimeout: connectMs,
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    rowsAsArray: true,
    disableEval: true,
    // A server must not ask for our files, nor take a second statement behind the first.
    flags: ['-LOCAL_FILES'],
    multipleStatements: false,
  });
  return new Promise((resolve, reject) => {
    connection.on('error', () => {}); // whoever waits for an answer is told too
    socket.once('close', () => reject(connectionError(new Error('the connection was closed'), address.host)));
    connection.connect((error) => {
      if (!error) return resolve(connection);
      connection.destroy();
      reject(refused(error, address));
    });
  });
}

/** Tells the server to stop what a connection has it do, and to end that connection. */
export async function killRunning(
  threadId: number,
  address: ServerAddress,
  tls: TlsPolicy,
  context: ExecutionContext,
): Promise<void> {
  const connection = await openConnection(address, tls, 2000, context);
  try {
    await new Promise<void>((resolve) => connection.query(`KILL ${threadId}`, () => resolve()));
  } finally {
    connection.destroy();
  }
}

function tlsOptions({ verify, ca }: Exclude<TlsPolicy, false>) {
  return { rejectUnauthorized: verify, verifyIdentity: verify, ...(ca !== undefined && { ca }) };
}

function refused(error: NodeJS.ErrnoException, address: ServerAddress): Error {
  if (!error.code?.startsWith('ER_')) return connectionError(error, address.host, address.port);
  return fail('tool.failed', `MySQL refused the connection: ${error.message}`, {
    details: { host: address.host, port: address.port, code: error.code },
  });
}
