import type { Offer } from './offer.js';
import { makeMcpServer } from './server.js';

/** Serves one client over the process's own input and output, until the client leaves or the signal aborts. */
export async function serveStdio(offers: readonly Offer[], signal: AbortSignal): Promise<void> {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const server = await makeMcpServer(offers);
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}
