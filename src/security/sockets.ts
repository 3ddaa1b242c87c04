import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { ExecutionContext } from '../core/context.js';
import { fail, LlmspellError } from '../core/errors.js';
import { type Resolver, resolveHost } from './resolve-host.js';

/** How to connect. */
export interface SocketOptions {
  /** Milliseconds until the attempt is given up; 10 000 when absent. */
  timeoutMs?: number | undefined;
  resolver?: Resolver | undefined;
}

/**
 * A TCP connection to a granted host, to the addresses that were checked. It is destroyed when the context aborts.
 * @throws `permission.net`, `tool.failed` (`details.errno`) when nobody answers, `component.timeout`
 */
export async function connectGuarded(
  host: string,
  port: number,
  context: ExecutionContext,
  options: SocketOptions = {},
): Promise<Socket> {
  const { timeoutMs = 10_000, resolver } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const addresses = await resolveHost(host, port, context, { resolver, signal });
  const { connect } = await import('node:net');
  let failure: unknown;
  for (const { address } of addresses) {
    try {
      return await opened(connect({ host: address, port }), signal, context.signal);
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason;
      if (timeout.aborted) throw late(host, port, timeoutMs);
      failure = error;
    }
  }
  throw connectionError(failure, host, port);
}

/** TLS over an open connection; the certificate is checked unless told otherwise. */
export async function startTls(
  socket: Socket,
  host: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  const { isIP } = await import('node:net');
  const secure = connect({ ...(isIP(host) === 0 && { servername: host }), ...options, socket });
  return new Promise((resolve, reject) => {
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', (error) => reject(connectionError(error, host)));
    secure.once('close', () => reject(connectionError(new Error('the connection was closed'), host)));
  });
}

/** A failed connection as `tool.failed`, naming the host; errors that are llmspell's own pass through. */
export function connectionError(error: unknown, host: string, port?: number): LlmspellError {
  if (error instanceof LlmspellError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const where = port === undefined ? host : `${host}:${port}`;
  return fail('tool.failed', `No connection to ${where}: ${message || code}`, {
    details: { host, ...(port !== undefined && { port }), errno: code ?? 'UNKNOWN' },
    cause: error,
  });
}

function opened(socket: Socket, attempt: AbortSignal, whole: AbortSignal): Promise<Socket> {
  const destroy = () => socket.destroy();
  whole.addEventListener('abort', destroy, { once: true });
  socket.once('close', () => whole.removeEventListener('abort', destroy));
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      socket.destroy();
      reject(attempt.reason);
    };
    if (attempt.aborted) return giveUp();
    attempt.addEventListener('abort', giveUp, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      attempt.removeEventListener('abort', giveUp);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

function late(host: string, port: number, timeoutMs: number): LlmspellError {
  return fail('component.timeout', `No connection to ${host}:${port} in ${timeoutMs} ms (timeout)`, {
    details: { host, port },
  });
}
