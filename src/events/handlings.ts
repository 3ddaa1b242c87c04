import type { ExecutionContext } from '../core/context.js';
import type { BusEvent } from './event.js';
import type { Subscription } from './subscription.js';

/** What a handler is dealing with. */
export interface Handling {
  readonly event: BusEvent;
  readonly subscription: Subscription;
}

/** Where the steps of handlers stand in a run: `run/event:job.done[2]`. */
const STEP = 'run/event:';

/** The handlers that are at work, found by what belongs to them. */
export class Handlings {
  private readonly active = new Map<string, Handling>();

  /** Notes that the work of this context is the handling of an event; the result ends that. */
  begin(context: ExecutionContext, handling: Handling): () => void {
    const key = `${context.runId} ${context.path}`;
    this.active.set(key, handling);
    return () => this.active.delete(key);
  }

  /** The handling that a step of a run belongs to. */
  of(run: string, path: string): Handling | undefined {
    if (this.active.size === 0 || !path.startsWith(STEP)) return undefined;
    const end = path.indexOf('/', STEP.length);
    return this.active.get(`${run} ${end < 0 ? path : path.slice(0, end)}`);
  }
}

/** An event's name as a step of a path, in which slashes have a meaning. */
export function stepName(event: BusEvent): string {
  return event.name.replaceAll('/', '_');
}
