import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import type { JournalEvent } from '../../core/events.js';
import { VERSION } from '../../core/version.js';
import { errorResult } from './error-result.js';
import type { Offer } from './offer.js';

/** What of the library's request context is used. */
interface Extra {
  signal: AbortSignal;
  _meta?: { progressToken?: string | number | undefined } | undefined;
  sendNotification(notification: ServerNotification): Promise<void>;
}

/** An MCP server for one client that offers tools and spells. The caller connects it to a transport and closes it. */
export async function makeMcpServer(offers: readonly Offer[]): Promise<Server> {
  const [{ Server }, { CallToolRequestSchema, ListToolsRequestSchema }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  const byName = new Map(offers.map((offer) => [offer.tool.name, offer]));
  const server = new Server({ name: 'llmspell', version: VERSION }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: offers.map((offer) => offer.tool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const offer = byName.get(params.name);
    if (!offer)
      return errorResult({ code: 'tool.not_found', message: `Tool '${params.name}' is not offered here` });
    return offer.call({
      args: params.arguments ?? {},
      signal: extra.signal,
      onEvent: progressTo(extra as Extra),
    });
  });
  return server;
}

/** Passes the progress of a call on, to a client that asked for it. */
function progressTo({ _meta, sendNotification }: Extra): (event: JournalEvent) => void {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let steps = 0;
  return (event) => {
    if (event.type !== 'component.progress') return;
    const share =
      event.fraction === undefined ? { progress: ++steps } : { progress: event.fraction, total: 1 };
    const params = { progressToken, ...share, message: event.message };
    void sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
}
