import type { ExecutionContext } from '../../../core/context.js';
import { connectGuarded } from '../../../security/sockets.js';
import type { Finding } from './finding.js';
import type { Endpoint } from './target.js';

/** Whether somebody accepts connections. */
export async function checkTcp(
  { host, port }: Endpoint,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  const socket = await connectGuarded(host, port, context, { timeoutMs });
  const { remoteAddress = host, remotePort = port } = socket;
  socket.destroy();
  return {
    available: true,
    status: 'Connected',
    metadata: { resolved_ip: remoteAddress, resolved_port: remotePort },
  };
}
