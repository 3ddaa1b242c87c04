import { around } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import type { PublishedEvent } from '../core/events.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import { type BusEvent, checkName, type NewEvent, toBusEvent } from './event.js';
import type { Handlings } from './handlings.js';
import type { EventsConfig } from './options.js';
import { RateLimit } from './rate-limit.js';
import type { Subscription } from './subscription.js';

/**
 * Looks at the data of one type of event.
 * Contract: returns what is wrong with them, or undefined; must not throw.
 */
export type DataCheck = (data: JsonValue | undefined) => string | undefined;

/** What a publisher needs of its bus. */
export interface PublishHost {
  readonly handlings: Handlings;
  matching(event: BusEvent): Subscription[];
  isBusy(session: string): boolean;
}

/** The way of an event into the journal: what may refuse it, change it, or let it wait. */
export class Publisher {
  private readonly checks = new Map<string, DataCheck>();
  private readonly limit: RateLimit | undefined;
  /** Subscriptions whose policy can hold up or refuse a publisher. */
  private strict = 0;

  constructor(
    private readonly config: EventsConfig,
    private readonly effects: Effects,
    private readonly host: PublishHost,
  ) {
    const { max_events_per_second: perSecond } = config;
    this.limit = perSecond === undefined ? undefined : new RateLimit(perSecond, () => effects.now());
  }

  /** How often the rate limit has refused an event. */
  get violations(): number {
    return this.limit?.violations ?? 0;
  }

  /** Whether publishing may be refused or has to wait for something. */
  mustWait({ hooks }: Pick<ExecutionContext, 'hooks'>): boolean {
    if (this.strict > 0 || this.checks.size > 0 || this.limit !== undefined) return true;
    return hooks.has('BeforeEventEmit') || hooks.has('AfterEventEmit');
  }

  /** Data of this type of event are looked at from now on; without a check, no longer. */
  define(type: string, check: DataCheck | undefined): void {
    checkName(type);
    if (check) this.checks.set(type, check);
    else this.checks.delete(type);
  }

  /** A subscription came (1) or went (-1). */
  subscribed({ queue }: Subscription, change: 1 | -1): void {
    if (queue.overflow === 'block' || queue.overflow === 'reject') this.strict += change;
  }

  /**
   * Publishes: the event is journaled and by that delivered.
   * @returns the event, or undefined when a hook handled it itself.
   * @throws `event.invalid`, `event.rejected`, `event.recursion`, `hook.cancelled`
   */
  async publish(given: NewEvent, context: ExecutionContext): Promise<PublishedEvent | undefined> {
    const event = this.complete(given, context);
    if (!this.mustWait(context)) return this.emit(event, context);
    let published: PublishedEvent | undefined;
    await around(
      {
        before: 'BeforeEventEmit',
        after: 'AfterEventEmit',
        subject: { type: 'Event', name: event.name },
      },
      toHookData(event),
      context,
      async (data) => {
        const changed = fromHookData(event, data);
        this.check(changed);
        await this.admit(changed, context);
        published = this.emit(changed, context);
        return { id: changed.id };
      },
    );
    return published;
  }

  /** Publishes what nothing can refuse, see {@link mustWait}; everybody has it in a queue afterwards. */
  publishNow(given: NewEvent, context: ExecutionContext): PublishedEvent {
    return this.emit(this.complete(given, context), context);
  }

  private emit(event: PublishedEvent, context: ExecutionContext): PublishedEvent {
    context.emit({ type: 'event.published', ...event });
    return event;
  }

  private complete(given: NewEvent, context: ExecutionContext): PublishedEvent {
    checkName(given.name);
    const cause = this.host.handlings.of(context.runId, context.path)?.event;
    if (cause && cause.depth >= this.config.max_depth) throw tooDeep(given.name, cause);
    const causationId = given.causationId ?? cause?.id;
    const id = this.effects.uuid();
    const correlationId = given.correlationId ?? cause?.correlationId ?? this.effects.uuid();
    if (causationId === undefined) return { ...given, id, correlationId };
    return { ...given, id, correlationId, causationId };
  }

  private check({ name, data }: PublishedEvent): void {
    checkName(name);
    const problem = this.checks.get(name)?.(data);
    if (problem !== undefined)
      throw fail('event.invalid', `The data of ${name} are not what Event.define says: ${problem}`, {
        details: { event_type: name },
      });
  }

  /** Lets an event in where everybody has room for it. */
  private async admit(event: PublishedEvent, context: ExecutionContext): Promise<void> {
    if (this.limit && !this.limit.take())
      throw fail('event.rejected', `Failed to publish event: more than ${this.limit.perSecond} a second`, {
        hint: 'Publish less often, or raise events.max_events_per_second.',
        details: { reason: 'rate_limit' },
      });
    if (this.strict === 0) return;
    const preview = this.preview(event, context);
    for (let full = this.firstFull(preview); full; full = this.firstFull(preview)) {
      if (full.queue.overflow === 'reject') throw rejected(event, full, 'its queue is full');
      await this.roomIn(full, event, context);
    }
  }

  private firstFull(event: BusEvent): Subscription | undefined {
    const targets = this.host.matching(event);
    const isFull = (overflow: string) => (one: Subscription) =>
      one.queue.overflow === overflow && !one.hasRoom;
    return targets.find(isFull('reject')) ?? targets.find(isFull('block'));
  }

  private async roomIn(full: Subscription, event: PublishedEvent, context: ExecutionContext): Promise<void> {
    const handling = this.host.handlings.of(context.runId, context.path);
    if (handling && full.handler && handling.subscription.owner.session === full.owner.session)
      throw rejected(event, full, 'its handler would wait for itself');
    const until = performance.now() + full.queue.blockMs;
    while (!full.hasRoom && !full.ended) {
      const left = until - performance.now();
      if (left <= 0) throw rejected(event, full, `no room was made in ${full.queue.blockMs} ms`);
      await full.movement(left, context.signal);
    }
  }

  private preview(event: PublishedEvent, context: ExecutionContext): BusEvent {
    const entry = { type: 'event.published' as const, ...event, run: context.runId, seq: 0 };
    return toBusEvent(
      { ...entry, path: context.path, time: this.effects.now() },
      { id: () => event.id, sequence: 0, depth: 0, correlationId: event.correlationId, timing: true },
    );
  }
}

function tooDeep(name: string, cause: BusEvent): Error {
  return fail(
    'event.recursion',
    `${name} was published by a handler of ${cause.name} at the end of a chain of ${cause.depth} events`,
    {
      hint: 'A handler that publishes what it listens to goes round for ever; events.max_depth allows longer chains.',
    },
  );
}

function rejected(event: PublishedEvent, { id, patterns, queue }: Subscription, why: string): Error {
  return fail(
    'event.rejected',
    `Failed to publish event: ${event.name} is refused by a subscription to ${patterns.join(', ')}: ${why}`,
    {
      hint: 'Receive from it first, give it a larger queue_size, or another overflow policy.',
      details: { reason: queue.overflow, subscription: id },
    },
  );
}

function toHookData({ name, data, correlationId, ...rest }: PublishedEvent): JsonObject {
  return {
    id: rest.id,
    event_type: name,
    data: data ?? null,
    correlation_id: correlationId,
    ...(rest.source !== undefined && { source: rest.source }),
    ...(rest.target !== undefined && { target: rest.target }),
    ...(rest.tags && { tags: rest.tags }),
    ...(rest.priority !== undefined && { priority: rest.priority }),
  };
}

/** Handlers may change the name and the data. */
function fromHookData(event: PublishedEvent, changed: JsonObject): PublishedEvent {
  const name = typeof changed.event_type === 'string' ? changed.event_type : event.name;
  const data = changed.data ?? undefined;
  const { data: _before, ...rest } = event;
  return { ...rest, name, ...(data !== undefined && { data }) };
}
