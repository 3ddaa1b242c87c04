import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { ExecutionContext } from '../core/context.js';
import { fail, LlmspellError } from '../core/errors.js';
import { type PinnedAddress, type Resolver, resolveHost } from './resolve-host.js';

/** How to connect. */
export interface SocketOptions {
  /** Milliseconds until the attempt is given up, the look-up of the name included; 10 000 when absent. */
  timeoutMs?: number | undefined;
  resolver?: Resolver | undefined;
}

/** The least that one of several addresses gets of the time. */
const LEAST_SHARE_MS = 250;

/**
 * A TCP connection to a granted host, to the addresses that were checked. It is destroyed when the context aborts.
 * Errors of the open connection reach whoever listens for `error`; a connection that nobody listens to just closes.
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
  try {
    const addresses = await resolveHost(host, port, context, { resolver, signal });
    return await connectToOne(addresses, port, timeoutMs, signal, context.signal);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (timeout.aborted) throw late(host, port, timeoutMs);
    throw connectionError(error, host, port);
  }
}

/**
 * TLS over an open connection; the certificate is checked unless told otherwise. `options.timeout` limits the handshake.
 * @throws `tool.failed` (`details.errno`), `component.timeout`; the connection is destroyed then
 */
export async function startTls(
  socket: Socket,
  host: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  const { isIP } = await import('node:net');
  const { timeout, ...rest } = options;
  const name = host.replace(/^\[(.*)\]$/, '$1');
  // `host` is what the certificate is compared with where there is no server name, as there is none for an address.
  const secure = connect({ ...(isIP(name) === 0 && { servername: name }), host: name, ...rest, socket });
  try {
    await handshake(secure, host, timeout);
    return secure;
  } catch (error) {
    secure.destroy();
    socket.destroy();
    throw connectionError(error, host);
  }
}

/** A failed connection as `tool.failed`, naming the host; errors that are llmspell's own pass through. */
export function connectionError(error: unknown, host: string, port?: number): LlmspellError {
  if (error instanceof LlmspellError) return error;
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const where = port === undefined ? host : `${host}:${port}`;
  return fail('tool.failed', `No connection to ${where}: ${message || code || 'nobody answers'}`, {
    details: { host, ...(port !== undefined && { port }), errno: code ?? 'UNKNOWN' },
    cause: error,
  });
}

/** One address after the other; none may use up the time that the others need. */
async function connectToOne(
  addresses: readonly PinnedAddress[],
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  whole: AbortSignal,
): Promise<Socket> {
  const { connect } = await import('node:net');
  const share = Math.max(LEAST_SHARE_MS, timeoutMs / addresses.length);
  let failure: unknown;
  for (const { address } of addresses) {
    const attempt = AbortSignal.any([signal, AbortSignal.timeout(share)]);
    try {
      return await opened(connect({ host: address, port }), attempt, whole);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

function opened(socket: Socket, attempt: AbortSignal, whole: AbortSignal): Promise<Socket> {
  const destroy = () => socket.destroy();
  whole.addEventListener('abort', destroy, { once: true });
  socket.once('close', () => whole.removeEventListener('abort', destroy));
  socket.on('error', () => {}); // a reset before anybody listens must not end the whole program
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      socket.destroy();
      reject(attempt.reason);
    };
    if (attempt.aborted) return giveUp();
    attempt.addEventListener('abort', giveUp, { once: true });
    socket.once('error', (error) => {
      attempt.removeEventListener('abort', giveUp);
      reject(error);
    });
    socket.once('connect', () => {
      attempt.removeEventListener('abort', giveUp);
      resolve(socket);
    });
  });
}

function handshake(secure: TLSSocket, host: string, timeoutMs: number | undefined): Promise<void> {
  secure.on('error', () => {}); // as for the connection itself
  return new Promise((resolve, reject) => {
    const timer = timeoutMs && setTimeout(() => reject(lateTls(host, timeoutMs)), timeoutMs);
    const settle = (finish: () => void) => () => {
      if (timer) clearTimeout(timer);
      finish();
    };
    secure.once('secureConnect', settle(resolve));
    secure.once('error', (error) => settle(() => reject(error))());
    secure.once(
      'close',
      settle(() => reject(new Error('the connection was closed'))),
    );
  });
}

function late(host: string, port: number, timeoutMs: number): LlmspellError {
  return fail('component.timeout', `No connection to ${host}:${port} in ${timeoutMs} ms (timeout)`, {
    details: { host, port },
  });
}

function lateTls(host: string, timeoutMs: number): LlmspellError {
  return fail('component.timeout', `No TLS handshake with ${host} in ${timeoutMs} ms (timeout)`, {
    details: { host },
  });
}
