import type { ExecutionContext } from '../../../core/context.js';
import type { ToolHost } from '../../host.js';

/** Connections of one host: how many are open, and who waits for one. */
interface Slots {
  open: number;
  waiting: (() => void)[];
}

/** Forgotten together with the host. */
const slots = new WeakMap<ToolHost, Slots>();

/** Does work that needs a connection; waits while `tools.database.max_connections` are open. */
export async function withSlot<T>(
  host: ToolHost,
  context: ExecutionContext,
  work: () => Promise<T>,
): Promise<T> {
  const limit = host.config.database?.max_connections;
  if (limit === undefined) return work();
  const own = slots.get(host) ?? { open: 0, waiting: [] };
  slots.set(host, own);
  while (own.open >= limit) await freed(own, context.signal);
  own.open += 1;
  try {
    return await work();
  } finally {
    own.open -= 1;
    own.waiting.shift()?.();
  }
}

function freed(own: Slots, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => {
      own.waiting = own.waiting.filter((one) => one !== go);
      reject(signal.reason);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    own.waiting.push(go);
  });
}
