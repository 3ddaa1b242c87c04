import type { ExecutionContext } from '../../../core/context.js';
import type { GraphqlAnswer } from './answer.js';
import { sseEvents } from './sse.js';
import type { Subscription } from './subscription-request.js';
import { websocketEvents } from './websocket.js';

/** Why a subscription ended. */
export type Ended = 'complete' | 'max_events' | 'timeout';

/** The events of a subscription as they come; ends when the server completes it. */
export type EventSource = (
  subscription: Subscription,
  context: ExecutionContext,
) => AsyncIterable<GraphqlAnswer>;

const TRANSPORTS: Readonly<Record<Subscription['transport'], EventSource>> = {
  sse: sseEvents,
  websocket: websocketEvents,
};

/** Collects events until there are enough, the time is over or the server has no more; then the connection is closed. */
export async function collectEvents(
  subscription: Subscription,
  context: ExecutionContext,
): Promise<{ events: GraphqlAnswer[]; ended: Ended }> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), subscription.timeoutMs);
  const own = withSignal(context, AbortSignal.any([context.signal, late.signal]));
  const events: GraphqlAnswer[] = [];
  try {
    for await (const event of TRANSPORTS[subscription.transport](subscription, own)) {
      events.push(event);
      if (events.length >= subscription.maxEvents) return { events, ended: 'max_events' };
    }
    return { events, ended: 'complete' };
  } catch (error) {
    if (late.signal.aborted && !context.signal.aborted) return { events, ended: 'timeout' };
    throw error;
  } finally {
    clearTimeout(timer);
    late.abort();
  }
}

/** The same context, which ends earlier: with it the connection ends, whoever holds it. */
function withSignal(context: ExecutionContext, signal: AbortSignal): ExecutionContext {
  return { ...context, signal };
}
