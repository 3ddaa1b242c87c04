import type { ExecutionContext } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import { errorToData, fail, type LlmspellError } from '../core/errors.js';
import { eventName, type JournalEvent, type PublishedEvent } from '../core/events.js';
import { compileGlob } from '../core/glob.js';
import type { JournalListener, RunInfo } from '../core/journal.js';
import { DeadLetters } from './dead-letters.js';
import {
  type BusEvent,
  type DeadLetter,
  type DropReason,
  isHeard,
  type NewEvent,
  toBusEvent,
} from './event.js';
import { compileFilter, type EventFilter } from './filter.js';
import { Handlings } from './handlings.js';
import { RecentEvents } from './history.js';
import { Notices } from './notices.js';
import { type EventsConfig, isShown, names, passesOn } from './options.js';
import { Publisher, type PublishHost } from './publisher.js';
import { Pump } from './pump.js';
import {
  type EventHandler,
  type EventOwner,
  type QueueOptions,
  Subscription,
  type SubscriptionHost,
} from './subscription.js';
import { SubscriptionIndex } from './subscription-index.js';

/** Bytes that all queues of a bus may hold together. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;
/** Subscriptions that a bus takes. */
const MAX_SUBSCRIPTIONS = 100_000;

/** How to subscribe; what is absent follows from the configuration. */
export interface SubscribeOptions {
  readonly patterns: readonly string[];
  readonly owner: EventOwner;
  readonly handler?: EventHandler | undefined;
  readonly filter?: EventFilter | undefined;
  readonly accepts?: EventHandler | undefined;
  readonly once?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly queue?: { readonly [K in keyof QueueOptions]?: QueueOptions[K] | undefined } | undefined;
  /** As {@link Subscription.onEnd}. */
  readonly onEnd?: (() => void) | undefined;
}

/**
 * Hears of an event at once, on the thread of whoever published it.
 * Contract: returns soon, must not throw and must not change the event.
 */
export type Listener = (event: BusEvent) => void;

interface DirectListener {
  readonly globs: Subscription['globs'];
  readonly priority: number;
  readonly order: number;
  readonly listener: Listener;
}

/**
 * The event bus of one tenant. It watches the journals of its tenant's runs: whatever is journaled, published events
 * among it, reaches those who subscribe to its name.
 */
export class EventBus implements SubscriptionHost {
  readonly letters: DeadLetters;
  readonly recent = new RecentEvents();
  readonly handlings = new Handlings();
  readonly publisher: Publisher;
  readonly counts = { processed: 0, published: 0, dropped: 0 };
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly index = new SubscriptionIndex<Subscription | DirectListener>();
  private readonly pumps = new Map<string, Pump>();
  private readonly notices: Notices;
  private readonly passesOn: ((event: JournalEvent) => boolean) | undefined;
  private sequence = 0;
  private order = 0;
  private waitingBytes = 0;

  constructor(
    readonly config: EventsConfig,
    private readonly effects: Effects,
  ) {
    this.letters = new DeadLetters(config.dead_letters);
    this.notices = new Notices(() => effects.now());
    this.passesOn = passesOn(config);
    this.publisher = new Publisher(config, effects, this as PublishHost);
  }

  /** Takes an event of a run that this bus watches. Contract: as {@link JournalListener}. */
  observe(event: JournalEvent, info: RunInfo): void {
    if (!isHeard(event)) return;
    this.recent.add(event, info);
    this.counts.processed++;
    if (event.type === 'event.published') this.counts.published++;
    if (this.index.size === 0 || !this.config.enabled) return;
    const targets = this.index.match(eventName(event));
    if (targets.length === 0 || this.passesOn?.(event) === false) return;
    this.deliver(event, targets);
  }

  /** Subscribes. @throws `event.invalid`, `event.rejected` when there are too many */
  subscribe(options: SubscribeOptions): Subscription {
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS)
      throw fail('event.rejected', `There are ${MAX_SUBSCRIPTIONS} subscriptions already`, {
        hint: 'End those that are no longer needed with Event.unsubscribe.',
      });
    const { patterns, owner, handler, filter, accepts, once = false, priority = 0 } = options;
    const subscription = new Subscription(
      {
        id: this.effects.uuid(),
        order: ++this.order,
        patterns,
        globs: patterns.map(compileGlob),
        owner,
        filter: filter && compileFilter(filter),
        accepts,
        handler,
        once,
        priority,
        queue: this.queueOptions(options.queue ?? {}),
        onEnd: options.onEnd,
      },
      this,
    );
    this.subscriptions.set(subscription.id, subscription);
    this.index.add(subscription);
    this.publisher.subscribed(subscription, 1);
    return subscription;
  }

  /** Calls a function of this process for every event whose name matches, at once; the result ends that. */
  listen(pattern: string, listener: Listener, priority = 0): () => void {
    const direct = { globs: [compileGlob(pattern)], priority, order: ++this.order, listener };
    this.index.add(direct);
    return () => this.index.remove(direct);
  }

  /** A subscription of a session. @throws `event.not_found` */
  find(id: string, session: string): Subscription {
    const found = this.subscriptions.get(id);
    if (found?.owner.session === session) return found;
    throw fail('event.not_found', `No active subscription found: ${id}`, {
      hint: 'Event.list_subscriptions() names those of this session.',
    });
  }

  /** The subscriptions of a session, oldest first. */
  subscriptionsOf(session: string): Subscription[] {
    return [...this.subscriptions.values()].filter(({ owner }) => owner.session === session);
  }

  /** Ends a subscription; whether it was there. */
  end(subscription: Subscription): boolean {
    if (!this.subscriptions.delete(subscription.id)) return false;
    this.index.remove(subscription);
    this.publisher.subscribed(subscription, -1);
    subscription.end('unsubscribed');
    this.notices.forget(subscription);
    return true;
  }

  /** Publishes; resolves when everybody has it in a queue. See {@link Publisher.publish}. */
  publish(event: NewEvent, context: ExecutionContext): Promise<PublishedEvent | undefined> {
    return this.publisher.publish(event, context);
  }

  /**
   * The next event of a subscription without handler; undefined when none comes in so many milliseconds, or when it
   * is ended meanwhile. Rejects when the context's signal aborts.
   */
  async receive(
    subscription: Subscription,
    ms: number,
    context: ExecutionContext,
  ): Promise<BusEvent | undefined> {
    const until = performance.now() + ms;
    for (;;) {
      const event = subscription.take();
      if (event && (!subscription.accepts || (await subscription.accepts(event, () => context))))
        return this.received(subscription, event);
      const left = until - performance.now();
      if (event) continue;
      if (left <= 0 || !this.subscriptions.has(subscription.id)) return undefined;
      await subscription.movement(left, context.signal);
    }
  }

  /** Waits until the handlers of a session have nothing left to do, or the signal aborts; then what is left is dropped. */
  async drain(session: string, signal: AbortSignal): Promise<void> {
    await this.pumps.get(session)?.idle(signal);
    if (signal.aborted) this.cancel(session);
    this.notices.flush();
  }

  /**
   * Waits, from inside a run, until the handlers of a session have nothing left to do; whether that was in time.
   * @throws `event.recursion` from inside a handler, which would wait for itself
   */
  async settle(session: string, ms: number, context: ExecutionContext): Promise<boolean> {
    if (this.handlings.of(context.runId, context.path)?.subscription.owner.session === session)
      throw fail(
        'event.recursion',
        'An event handler cannot wait for the handlers: it would wait for itself',
      );
    const pump = this.pumps.get(session);
    await pump?.idle(AbortSignal.any([context.signal, AbortSignal.timeout(ms)]));
    context.signal.throwIfAborted();
    return !pump?.busy;
  }

  /** Whether handlers of a session are at work or about to be. */
  isBusy(session: string): boolean {
    return this.pumps.get(session)?.busy ?? false;
  }

  /** Gives the event of a dead letter to its subscriber again, or to whoever of the session subscribes to it now; how many that are. */
  redeliver(letter: DeadLetter): number {
    const event = { ...letter.event, ttlSeconds: undefined };
    const own = this.subscriptions.get(letter.subscription);
    const targets = own
      ? [own]
      : this.matching(event).filter(({ owner }) => owner.session === letter.session);
    if (targets.length > 0) this.letters.take(letter.id);
    for (const target of targets) target.offer(event);
    return targets.length;
  }

  /** Events that wait in all queues. */
  get queued(): number {
    let sum = 0;
    for (const subscription of this.subscriptions.values()) sum += subscription.queued;
    return sum;
  }

  /** Ends everything. */
  close(): void {
    for (const subscription of [...this.subscriptions.values()]) this.end(subscription);
    this.notices.close();
    this.pumps.clear();
  }

  /** Those who want an event, in the order in which they are served. */
  matching(event: BusEvent): Subscription[] {
    return this.index
      .match(event.name)
      .filter((one): one is Subscription => one instanceof Subscription && one.wants(event));
  }

  now(): number {
    return this.effects.now();
  }

  get full(): boolean {
    return this.waitingBytes >= MAX_WAITING_BYTES;
  }

  weigh(bytes: number): void {
    this.waitingBytes += bytes;
  }

  dropped(subscription: Subscription, event: BusEvent, reason: DropReason): void {
    this.counts.dropped++;
    this.notices.dropped(subscription, event.name, reason);
    this.bury(subscription, event, reason);
  }

  pressure(subscription: Subscription, change: 'started' | 'relieved'): void {
    this.notices.pressure(subscription, change);
  }

  changed(subscription: Subscription): void {
    this.pumpOf(subscription.owner).changed(subscription);
  }

  /** Keeps an event that did not reach a subscriber. */
  bury(subscription: Subscription, event: BusEvent, reason: DropReason, error?: LlmspellError): void {
    this.letters.add({
      id: this.effects.uuid(),
      event,
      subscription: subscription.id,
      session: subscription.owner.session,
      reason,
      error: error && errorToData(error),
      time: this.effects.now(),
    });
  }

  /** The next number in the order of the bus. */
  nextSequence(): number {
    return ++this.sequence;
  }

  private deliver(event: JournalEvent, targets: readonly (Subscription | DirectListener)[]): void {
    const cause = this.handlings.of(event.run, event.path)?.event;
    const delivered = toBusEvent(event, {
      id: () => this.effects.uuid(),
      sequence: this.nextSequence(),
      depth: cause ? cause.depth + 1 : 0,
      correlationId: cause?.correlationId ?? event.run,
      timing: this.config.emit_timing_events,
    });
    const tooDeep = delivered.depth > this.config.max_depth;
    const shown = isShown(event, this.config);
    for (const target of targets) {
      if (!shown && !names(target.globs, delivered)) continue;
      if (!(target instanceof Subscription)) target.listener(delivered);
      else if (!target.wants(delivered)) continue;
      else if (tooDeep) target.drop(delivered, 'recursion');
      else target.offer(delivered);
    }
  }

  private received(subscription: Subscription, event: BusEvent): BusEvent {
    subscription.counts.delivered++;
    if (subscription.once) this.end(subscription);
    return event;
  }

  private cancel(session: string): void {
    for (const subscription of this.subscriptionsOf(session))
      if (subscription.handler) subscription.discard('cancelled');
  }

  private pumpOf(owner: EventOwner): Pump {
    const known = this.pumps.get(owner.session);
    if (known) return known;
    const pump = new Pump(owner, {
      handlings: this.handlings,
      handlerMs: this.config.handler_timeout_ms,
      end: (subscription) => void this.end(subscription),
      undeliverable: (subscription, event, reason, error) => this.bury(subscription, event, reason, error),
    });
    this.pumps.set(owner.session, pump);
    return pump;
  }

  private queueOptions(given: NonNullable<SubscribeOptions['queue']>): QueueOptions {
    const size = given.size ?? this.config.buffer_size;
    const highWater = Math.min(size, given.highWater ?? Math.max(1, Math.floor(size * 0.8)));
    return {
      size,
      overflow: given.overflow ?? this.config.overflow,
      sampleEvery: given.sampleEvery ?? 10,
      highWater,
      lowWater: Math.min(highWater - 1, given.lowWater ?? Math.floor(size * 0.2)),
      blockMs: given.blockMs ?? this.config.block_timeout_ms,
    };
  }
}
