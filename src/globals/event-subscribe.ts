import type { z } from 'zod';
import { fail } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import type { EventBus } from '../events/bus.js';
import type { BusEvent } from '../events/event.js';
import type { EventFilter } from '../events/filter.js';
import { toReceived } from '../events/received.js';
import type { EventHandler, Subscription } from '../events/subscription.js';
import type { Call, ScriptFunction } from './define.js';
import { patternsOf, type subscribeOptions } from './event-options.js';

/** The options of a subscription. */
export type Options = z.output<typeof subscribeOptions>;

/** What a script gives to subscribe. */
export interface SubscribeArguments {
  readonly patterns: unknown;
  readonly handler: ScriptFunction | undefined;
  readonly options: Options;
}

/** Subscribes for a script; what it keeps in the isolate is released when the subscription ends. @throws `event.invalid` */
export async function subscribe(call: Call, given: SubscribeArguments): Promise<Subscription> {
  const kept = [given.handler, given.options.filter].filter((value) => typeof value === 'function');
  const release = () => {
    for (const fn of kept as ScriptFunction[]) fn.release();
  };
  try {
    return start(await call.services.events(), call, given, release);
  } catch (thrown) {
    release();
    throw thrown;
  }
}

function start(
  bus: EventBus,
  call: Call,
  { patterns, handler, options }: SubscribeArguments,
  release: () => void,
): Subscription {
  const { filter } = options;
  let forget = () => {};
  const subscription = bus.subscribe({
    patterns: patternsOf(patterns),
    owner: call.scope,
    handler: handler && scriptHandler(handler, call),
    filter: typeof filter === 'function' ? undefined : (filter as EventFilter | undefined),
    accepts: typeof filter === 'function' ? scriptHandler(filter as ScriptFunction, call) : undefined,
    once: options.once,
    priority: options.priority,
    queue: {
      size: options.queue_size,
      overflow: options.overflow,
      sampleEvery: options.sample_every,
      highWater: options.high_water,
      lowWater: options.low_water,
      blockMs: options.block_timeout_ms,
    },
    onEnd: () => {
      forget();
      release();
    },
  });
  forget = call.scope.onEnd(() => bus.end(subscription));
  return subscription;
}

function scriptHandler(fn: ScriptFunction, { scope }: Call): EventHandler {
  const { language } = scope;
  return (event, begin) => fn.callIn(begin, toReceived(event, language));
}

/** The next event of a subscription of this session, as its script gets it; nil when none comes in time. @throws `event.not_found`, `event.invalid` */
export async function receive(call: Call, id: string, ms: number): Promise<ScriptValue> {
  const bus = await call.services.events();
  const event = await next(bus, call, bus.find(id, call.scope.session), ms);
  return event ? shown(event, call) : null;
}

/** Up to `most` events; waits for the first of them only. */
export async function receiveBatch(call: Call, id: string, most: number, ms: number): Promise<ScriptValue[]> {
  const bus = await call.services.events();
  const subscription = bus.find(id, call.scope.session);
  const events: ScriptValue[] = [];
  for (let wait = ms; events.length < most; wait = 0) {
    const event = await next(bus, call, subscription, wait);
    if (!event) break;
    events.push(shown(event, call));
  }
  return events;
}

/** Subscribes, waits for one event and ends the subscription. */
export async function waitFor(
  call: Call,
  patterns: unknown,
  ms: number,
  options: Options,
): Promise<ScriptValue> {
  const subscription = await subscribe(call, {
    patterns,
    handler: undefined,
    options: { ...options, once: true },
  });
  const bus = await call.services.events();
  try {
    const event = await bus.receive(subscription, clamped(ms), call.context);
    return event ? shown(event, call) : null;
  } finally {
    bus.end(subscription);
  }
}

/** An event as the script that calls gets it. */
export function shown(event: BusEvent, { scope }: Call): ScriptValue {
  return toReceived(event, scope.language) as ScriptValue;
}

function next(
  bus: EventBus,
  call: Call,
  subscription: Subscription,
  ms: number,
): Promise<BusEvent | undefined> {
  if (subscription.handler)
    throw fail('event.invalid', `The subscription ${subscription.id} has a handler, which gets its events`);
  return bus.receive(subscription, clamped(ms), call.context);
}

function clamped(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_WAIT_MS);
}

/** The longest time for which a clock can be set. */
const MAX_WAIT_MS = 2 ** 31 - 1;
