import { announce } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import { errorToData, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { BusEvent, DropReason } from './event.js';
import { type Handlings, stepName } from './handlings.js';
import { Heap } from './heap.js';
import { toReceived } from './received.js';
import type { EventOwner, Subscription } from './subscription.js';

/** What a pump needs of its bus. */
export interface PumpHost {
  readonly handlings: Handlings;
  /** Milliseconds that a handler may take. */
  readonly handlerMs: number;
  end(subscription: Subscription): void;
  undeliverable(subscription: Subscription, event: BusEvent, reason: DropReason, error: LlmspellError): void;
}

/**
 * Calls the handlers of one session, one after the other: first the events of higher priority, then the older ones, and
 * for one event the subscriptions of higher priority first.
 */
export class Pump {
  private readonly ready = new Heap<Subscription>(isBefore);
  private running: Promise<void> | undefined;

  constructor(
    private readonly owner: EventOwner,
    private readonly host: PumpHost,
  ) {}

  /** What waits for a subscription has changed. */
  changed(subscription: Subscription): void {
    if (subscription.peek()) this.ready.update(subscription);
    else this.ready.remove(subscription);
    if (this.ready.first) this.running ??= this.run();
  }

  /** Whether a handler is at work or about to be. */
  get busy(): boolean {
    return this.running !== undefined;
  }

  /** Resolves when nothing is left to do, or when the signal aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    let stop = () => {};
    const aborted = new Promise<void>((resolve) => {
      stop = resolve;
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', stop, { once: true });
    });
    while (this.running && !signal.aborted) await Promise.race([this.running, aborted]);
    signal.removeEventListener('abort', stop);
  }

  /** Starts in a turn of its own: whoever published goes on first, and nothing is called from inside the journal. */
  private async run(): Promise<void> {
    await null;
    for (let next = this.ready.first; next; next = this.ready.first) {
      const event = next.take();
      if (event) await this.handle(next, event);
    }
    this.running = undefined;
    this.owner.idle();
  }

  private async handle(subscription: Subscription, event: BusEvent): Promise<void> {
    const parent = this.owner.context();
    const step = this.stepOf(subscription, event, parent);
    try {
      if (subscription.accepts && !(await subscription.accepts(event, step.begin))) return;
      if (subscription.once) subscription.close();
      await subscription.handler!(event, step.begin);
      subscription.counts.delivered++;
    } catch (thrown) {
      await this.failed(subscription, event, toLlmspellError(thrown, 'script.error'), step.context ?? parent);
    } finally {
      step.end();
      // Only now: what ends lets go of its function.
      if (subscription.closed) this.host.end(subscription);
    }
  }

  /** The context of a handler, made when it begins. */
  private stepOf(subscription: Subscription, event: BusEvent, parent: ExecutionContext) {
    let ended = () => {};
    const step = {
      context: undefined as ExecutionContext | undefined,
      begin: () => {
        if (step.context) return step.context;
        const { correlationId } = event;
        const context = parent.child('event', stepName(event), {
          timeoutMs: this.host.handlerMs,
          correlationId,
        });
        ended = this.host.handlings.begin(context, { event, subscription });
        step.context = context;
        return context;
      },
      end: () => {
        ended();
        step.context?.end();
      },
    };
    return step;
  }

  private async failed(
    subscription: Subscription,
    event: BusEvent,
    error: LlmspellError,
    context: ExecutionContext,
  ): Promise<void> {
    subscription.counts.failed++;
    this.host.undeliverable(subscription, event, 'handler_failed', error);
    const data = errorToData(error);
    const { name, id } = event;
    context.emit({ type: 'event.failed', name, event: id, subscription: subscription.id, error: data });
    const told = {
      event: toReceived(event, this.owner.language),
      subscription: subscription.id,
      error: data,
    };
    await announce('EventHandlerError', { type: 'Event', name }, told as never, context).catch(() => {});
  }
}

function isBefore(a: Subscription, b: Subscription): boolean {
  const [first, second] = [a.peek()!, b.peek()!];
  if (first.priority !== second.priority) return first.priority > second.priority;
  if (first.sequence !== second.sequence) return first.sequence < second.sequence;
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority;
}
