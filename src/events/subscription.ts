import type { ExecutionContext } from '../core/context.js';
import type { EventBody } from '../core/events.js';
import type { Glob } from '../core/glob.js';
import type { BusEvent, DropReason } from './event.js';
import { EventQueue } from './event-queue.js';
import { weightOf } from './weight.js';

/** What happens to an event for which a queue has no room. */
export const OVERFLOWS = ['block', 'drop_oldest', 'drop_newest', 'sample', 'reject'] as const;
/** One of {@link OVERFLOWS}. */
export type Overflow = (typeof OVERFLOWS)[number];

/**
 * Deals with an event. `begin` makes the context that the work belongs to; its time limit runs from then on.
 * Contract: calls `begin` when the work really starts, and ends when the context's signal aborts; a rejection is reported,
 * goes to the dead letters and harms no other handler.
 */
export type EventHandler = (event: BusEvent, begin: () => ExecutionContext) => Promise<unknown>;

/** Whoever subscribes: a session of scripts, or a part of a program. */
export interface EventOwner {
  /** Subscriptions of one session see, list and end each other. */
  readonly session: string;
  /** What its events are written for, e.g. `lua`. */
  readonly language: string;
  /** The context of the run in which a handler is to work now. Contract: must not throw. */
  context(): ExecutionContext;
  /** No handler of the session has anything left to do. */
  idle(): void;
  /** Appends to the journal of the run that goes on now; does nothing when none does. */
  emit(event: EventBody): void;
}

/** How much may wait for a subscriber, and what happens beyond. */
export interface QueueOptions {
  /** Most events that wait. */
  readonly size: number;
  readonly overflow: Overflow;
  /** With `sample`: one in so many is kept above the high water mark. */
  readonly sampleEvery: number;
  /** Waiting events at which the subscriber counts as slow, and at which no longer. */
  readonly highWater: number;
  readonly lowWater: number;
  /** With `block`: milliseconds that a publisher waits for room. */
  readonly blockMs: number;
}

/** What a subscription is made of. */
export interface SubscriptionParts {
  readonly id: string;
  readonly order: number;
  readonly patterns: readonly string[];
  readonly globs: readonly Glob[];
  readonly owner: EventOwner;
  /** Contract: a pure question, must not throw. */
  readonly filter: ((event: BusEvent) => boolean) | undefined;
  /** A further question that a script answers; as {@link EventHandler}. */
  readonly accepts: EventHandler | undefined;
  /** Absent when the events are fetched with `receive`. */
  readonly handler: EventHandler | undefined;
  /** Ends with the first event. */
  readonly once: boolean;
  readonly priority: number;
  readonly queue: QueueOptions;
  /** Called once, when it ends. Contract: must not throw. */
  readonly onEnd: (() => void) | undefined;
}

/** What a subscription tells its bus. */
export interface SubscriptionHost {
  now(): number;
  /** Whether all queues together hold as much as they may. */
  readonly full: boolean;
  /** The queues hold so many bytes more. */
  weigh(bytes: number): void;
  dropped(subscription: Subscription, event: BusEvent, reason: DropReason): void;
  pressure(subscription: Subscription, change: 'started' | 'relieved'): void;
  /** The next event of a subscription with a handler is another one now. */
  changed(subscription: Subscription): void;
}

/** One subscriber and what waits for it. */
export class Subscription implements Readonly<SubscriptionParts> {
  readonly id: string;
  readonly order: number;
  readonly patterns: readonly string[];
  readonly globs: readonly Glob[];
  readonly owner: EventOwner;
  readonly filter: ((event: BusEvent) => boolean) | undefined;
  readonly accepts: EventHandler | undefined;
  readonly handler: EventHandler | undefined;
  readonly once: boolean;
  /** Whether it only waits for its end, see {@link close}. */
  closed = false;
  readonly priority: number;
  readonly queue: QueueOptions;
  readonly onEnd: (() => void) | undefined;
  /** Position in the heap of its session's handlers; -1 when nothing waits. */
  heapAt = -1;
  /** Set when it takes no further events. */
  ended = false;
  readonly counts = { received: 0, delivered: 0, dropped: 0, failed: 0 };
  private readonly waiting = new EventQueue();
  private readonly listeners = new Set<() => void>();
  private pressed = false;
  private sampled = 0;

  constructor(
    parts: SubscriptionParts,
    private readonly host: SubscriptionHost,
  ) {
    this.id = parts.id;
    this.order = parts.order;
    this.patterns = parts.patterns;
    this.globs = parts.globs;
    this.owner = parts.owner;
    this.filter = parts.filter;
    this.accepts = parts.accepts;
    this.handler = parts.handler;
    this.once = parts.once;
    this.priority = parts.priority;
    this.queue = parts.queue;
    this.onEnd = parts.onEnd;
  }

  /** Events that wait. */
  get queued(): number {
    return this.waiting.length;
  }

  /** The next event, left where it is. */
  peek(): BusEvent | undefined {
    return this.waiting.peek();
  }

  /** Whether it wants this event. */
  wants(event: BusEvent): boolean {
    return !this.ended && (!this.filter || this.filter(event));
  }

  /** Whether another event finds room. */
  get hasRoom(): boolean {
    return this.waiting.length < this.queue.size && !this.host.full;
  }

  /** Takes an event it wants, or does with it what its policy says. */
  offer(event: BusEvent): void {
    this.counts.received++;
    if (this.isSampledOut()) return this.drop(event, 'sampled');
    if (!this.hasRoom && !this.makeRoom(event))
      return this.drop(event, this.host.full ? 'memory' : 'queue_full');
    this.waiting.push(event);
    this.host.weigh(weightOf(event));
    if (this.once && !this.accepts) this.ended = true;
    this.press();
    this.moved();
  }

  /** Takes the next event that has not outlived its time. */
  take(): BusEvent | undefined {
    for (;;) {
      const event = this.waiting.shift();
      if (!event) return undefined;
      this.host.weigh(-weightOf(event));
      this.relieve();
      this.moved();
      if (!this.isExpired(event)) return event;
      this.drop(event, 'expired');
    }
  }

  /** Waits until something comes or room is made; at most so many milliseconds. Rejects with the signal's reason. */
  movement(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => done(() => reject(signal.reason));
      const go = () => done(resolve);
      const timer = setTimeout(go, ms);
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.listeners.delete(go);
        signal.removeEventListener('abort', stop);
        settle();
      };
      if (signal.aborted) return stop();
      this.listeners.add(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Takes nothing more; it is ended when what it was closed for is done. */
  close(): void {
    this.ended = true;
    this.closed = true;
  }

  /** Ends it; what still waits is dropped for this reason. */
  end(reason: DropReason): void {
    this.ended = true;
    this.discard(reason);
    for (const listener of [...this.listeners]) listener();
    this.onEnd?.();
  }

  /** Drops everything that waits. */
  discard(reason: DropReason): void {
    for (let event = this.waiting.shift(); event; event = this.waiting.shift()) {
      this.host.weigh(-weightOf(event));
      this.drop(event, reason);
    }
    this.relieve();
    this.moved();
  }

  /** An event that could not be delivered. */
  drop(event: BusEvent, reason: DropReason): void {
    this.counts.dropped++;
    this.host.dropped(this, event, reason);
  }

  private isSampledOut(): boolean {
    if (this.queue.overflow !== 'sample' || this.waiting.length < this.queue.highWater) return false;
    return this.sampled++ % this.queue.sampleEvery !== 0;
  }

  /** Whether the event may wait after all, in the place of one that can be spared. */
  private makeRoom(event: BusEvent): boolean {
    const spares = this.queue.overflow === 'drop_oldest' || this.queue.overflow === 'block';
    if (!spares || event.priority < this.waiting.lowest) return false;
    const least = this.waiting.dropLeast();
    if (!least) return !this.host.full;
    this.host.weigh(-weightOf(least));
    this.drop(least, this.host.full ? 'memory' : 'queue_full');
    return true;
  }

  private isExpired({ ttlSeconds, time }: BusEvent): boolean {
    return ttlSeconds !== undefined && this.host.now() - time > ttlSeconds * 1000;
  }

  private press(): void {
    if (this.pressed || this.waiting.length < this.queue.highWater) return;
    this.pressed = true;
    this.host.pressure(this, 'started');
  }

  private relieve(): void {
    if (!this.pressed || this.waiting.length > this.queue.lowWater) return;
    this.pressed = false;
    this.host.pressure(this, 'relieved');
  }

  private moved(): void {
    if (this.handler) this.host.changed(this);
    if (this.listeners.size > 0) for (const listener of [...this.listeners]) listener();
  }
}
