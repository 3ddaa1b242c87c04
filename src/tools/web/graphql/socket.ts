import type { Socket } from 'node:net';
import type { ExecutionContext } from '../../../core/context.js';
import { connectGuarded, startTls } from '../../../security/sockets.js';

/** A connection to the host of a URL, encrypted for https: to the addresses that were checked. */
export async function connectTo(url: URL, timeoutMs: number, context: ExecutionContext): Promise<Socket> {
  const secure = url.protocol === 'https:';
  const port = url.port ? Number(url.port) : secure ? 443 : 80;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = ignoringErrors(await connectGuarded(host, port, context, { timeoutMs }));
  return secure ? ignoringErrors(await startTls(socket, host, { ALPNProtocols: ['http/1.1'] })) : socket;
}

/** An error closes the connection, which is noticed; without a listener it would end the program. */
function ignoringErrors<T extends Socket>(socket: T): T {
  return socket.on('error', () => {});
}
