import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { ToolHost } from '../../host.js';

/** Sites remembered per kernel before old ones are forgotten. */
const MOST_SITES = 1000;

/** When each site may be asked again, per kernel: a loop of calls is as polite as one call. */
const turns = new WeakMap<ToolHost, Map<string, number>>();

/**
 * Waits until a site may be asked again, and takes the turn: of two calls at once the second waits longer.
 * Raises `component.timeout` at once when the turn comes after `deadline`.
 */
export async function takeTurn(
  host: ToolHost,
  site: string,
  wait: { delayMs: number; deadline: number },
  context: ExecutionContext,
): Promise<void> {
  const last = turns.get(host) ?? new Map<string, number>();
  turns.set(host, last);
  const now = context.effects.now();
  const turn = Math.max(now, (last.get(site) ?? Number.NEGATIVE_INFINITY) + wait.delayMs);
  if (turn > wait.deadline)
    throw fail('component.timeout', `Request timeout: the next turn for ${site} comes too late`, {
      hint: `There are ${wait.delayMs} ms between two requests to one site; allow a longer timeout.`,
    });
  last.set(site, turn);
  if (last.size > MOST_SITES) forgetBefore(last, now - wait.delayMs);
  if (turn > now) await context.effects.sleep(turn - now, context.signal);
}

function forgetBefore(last: Map<string, number>, time: number): void {
  for (const [site, turn] of last) if (turn < time) last.delete(site);
}
