import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { EventBus } from '../events/bus.js';
import { type DeadLetter, isHeard, toBusEvent } from '../events/event.js';
import { correlationOf } from '../events/history.js';
import { spelledLanguage, toReceived } from '../events/received.js';
import type { Subscription } from '../events/subscription.js';
import { type Call, defineGlobal, member, type ScriptFunction } from './define.js';
import {
  either,
  historyOf,
  historyQuery,
  newEvent,
  publishOptions,
  schemaOf,
  subscribeOptions,
} from './event-options.js';
import { type Options, receive, receiveBatch, subscribe, waitFor } from './event-subscribe.js';
import { anyValue, callback, integer, text } from './types.js';

const HANDLER = '(event: EventMessage) => any';

const message = z
  .object({
    id: z.string(),
    event_type: z.string().describe('Its name.'),
    data: z.any().describe('What was published with it; absent when nothing was.'),
    timestamp: z.string().describe('RFC 3339.'),
    sequence: z.int().describe('Position among the events of the bus.'),
    correlation_id: z.string(),
    language: z.string().describe('`Lua`, `JavaScript` …; `Unknown` for what llmspell itself says.'),
    target_language: z.string(),
    serialization_version: z.string(),
    ttl: z.number().optional(),
    metadata: z
      .record(z.string(), z.any())
      .describe('correlation_id, causation_id, source, target, tags, priority, ttl, run, path.'),
  })
  .meta({ id: 'EventMessage' });

const pattern = () =>
  z
    .union([z.string(), z.array(z.string())])
    .describe('A glob over the name, or a list of them: `*` is any run of characters, dots included.');
const handlerOrOptions = () =>
  either(callback(HANDLER), subscribeOptions)
    .optional()
    .describe(
      'Called with each event; without it, events wait for `Event.receive`. The options may stand here.',
    );
const subscriptionId = () => text().describe('What `Event.subscribe` gave.');
const timeout = (fallback: number) =>
  integer().optional().describe(`Milliseconds to wait; ${fallback} unless said otherwise.`);

const subscriptionParams = () => ({
  pattern: pattern(),
  handler: handlerOrOptions(),
  options: subscribeOptions.optional(),
});

interface SubscriptionArguments {
  pattern: unknown;
  handler?: unknown;
  options?: Options | undefined;
}

async function subscribed(call: Call, { pattern, handler, options }: SubscriptionArguments, once?: true) {
  const isFunction = typeof handler === 'function';
  const given = {
    ...(isFunction ? options : ((handler as Options | undefined) ?? options)),
    ...(once && { once }),
  };
  const fn = isFunction ? (handler as ScriptFunction) : undefined;
  return (await subscribe(call, { patterns: pattern, handler: fn, options: given })).id;
}

function listed({ id, patterns, owner, once, priority, handler, queued }: Subscription): ScriptValue {
  return {
    id,
    pattern: patterns.join(', '),
    patterns: [...patterns],
    language: spelledLanguage(owner.language),
    handler: handler !== undefined,
    once,
    priority,
    queued,
  };
}

function statsOf(subscription: Subscription): ScriptValue {
  const { counts, queued, queue, patterns, id } = subscription;
  return {
    id,
    pattern: patterns.join(', '),
    ...counts,
    queued,
    queue_size: queue.size,
    overflow: queue.overflow,
  };
}

function busStats(bus: EventBus, own: readonly Subscription[]): ScriptValue {
  const byLanguage: Record<string, number> = {};
  for (const { owner } of own) {
    const language = spelledLanguage(owner.language);
    byLanguage[language] = (byLanguage[language] ?? 0) + 1;
  }
  return {
    event_bus_stats: {
      events_processed: bus.counts.processed,
      rate_limit_violations: bus.publisher.violations,
      buffer_size: bus.queued,
      events_dropped: bus.counts.dropped,
      dead_letters: bus.letters.size,
    },
    bridge_stats: { active_subscriptions: own.length, subscriptions_by_language: byLanguage },
    total_published: bus.counts.published,
  };
}

function letter({ id, event, subscription, reason, error, time }: DeadLetter, { scope }: Call): ScriptValue {
  return {
    id,
    event: toReceived(event, scope.language) as ScriptValue,
    subscription,
    reason,
    ...(error && { error: error as unknown as ScriptValue }),
    timestamp: new Date(time).toISOString(),
  };
}

async function history(call: Call, given: Parameters<typeof historyOf>[0]): Promise<ScriptValue[]> {
  const query = historyOf(given);
  const journal = await call.services.journal();
  const found = journal ? await journal.search(query) : (await call.services.events()).recent.search(query);
  return found.filter(isHeard).map((event) => pastEvent(event, call));
}

function pastEvent(event: JournalEvent, { scope }: Call): ScriptValue {
  const about = { sequence: event.seq, depth: 0, correlationId: correlationOf(event), timing: true };
  const id = `${event.run}:${event.seq}`;
  return toReceived(toBusEvent(event, { ...about, id: () => id }), scope.language) as ScriptValue;
}

async function define(call: Call, type: string, given: unknown): Promise<void> {
  const { publisher } = await call.services.events();
  if (given === undefined || given === null) return publisher.define(type, undefined);
  const { schemaValidator } = await import('../tools/data/json/schema-check.js');
  const violations = await schemaValidator(schemaOf(given) as JsonValue, 'linear').catch((thrown: Error) => {
    throw fail('event.invalid', `The schema of ${type}: ${thrown.message}`, { cause: thrown });
  });
  publisher.define(type, (data) => {
    const [first] = violations(data ?? null);
    return first && `${first.instancePath || 'the data'} ${first.message}`;
  });
  call.scope.onEnd(() => publisher.define(type, undefined));
}

/** The global `Event`. */
export default defineGlobal({
  name: 'Event',
  doc: 'Events that scripts publish and that llmspell itself reports (`tool.started`, `state.changed`, `session.created` …), and those who subscribe to them.',
  members: {
    publish: member({
      doc: 'Publishes an event; whoever subscribes to its name gets it. True, or an error when it is refused.',
      params: {
        event_type: text().describe('Its name: dotted words.'),
        data: anyValue().optional().describe('Any data; travels as JSON.'),
        options: publishOptions.optional(),
      },
      returns: z.boolean(),
      aliases: ['emit'],
      run: async (call, { event_type, data, options }) => {
        const event = newEvent(event_type, data, options ?? {}, call.scope.language);
        await (await call.services.events()).publish(event, call.context);
        return true;
      },
      example: {
        lua: 'local s = Event.subscribe("job.*")\nEvent.publish("job.done", { id = 1 })\nprint(Event.receive(s, 500).data.id)',
        javascript:
          'const s = Event.subscribe("job.*");\nEvent.publish("job.done", { id: 1 });\nprint(Event.receive(s, 500).data.id);',
      },
    }),
    subscribe: member({
      doc: 'Subscribes to the events whose name matches. Gives the id of the subscription, which ends with the script’s session. A handler is called while the script waits in a call, and before the run ends.',
      params: subscriptionParams(),
      returns: z.string(),
      aliases: ['on'],
      run: (call, args) => subscribed(call, args),
      example: {
        lua: 'Event.subscribe("job.*", function(event) print(event.event_type, event.data.id) end)\nEvent.publish("job.done", { id = 1 })',
        javascript:
          'Event.on("job.*", (event) => print(event.event_type, event.data.id));\nEvent.publish("job.done", { id: 1 });',
      },
    }),
    once: member({
      doc: 'Subscribes for one event only.',
      params: subscriptionParams(),
      returns: z.string(),
      run: (call, args) => subscribed(call, args, true),
      example: {
        lua: 'Event.once("ready", function() print("only once") end)\nEvent.publish("ready")\nEvent.publish("ready")',
        javascript:
          'Event.once("ready", () => print("only once"));\nEvent.publish("ready");\nEvent.publish("ready");',
      },
    }),
    receive: member({
      doc: 'The next event of a subscription without handler; nil when none comes in time. Raises for an id that is none.',
      params: { subscription_id: subscriptionId(), timeout_ms: timeout(5000) },
      returns: message.optional(),
      run: (call, { subscription_id, timeout_ms }) => receive(call, subscription_id, timeout_ms ?? 5000),
      example: {
        lua: 'local s = Event.subscribe("quiet.*")\nprint(Event.receive(s, 10))',
        javascript: 'const s = Event.subscribe("quiet.*");\nprint(Event.receive(s, 10));',
      },
    }),
    receive_batch: member({
      doc: 'Up to so many events that wait; when none does, the first that comes in time.',
      params: {
        subscription_id: subscriptionId(),
        max: integer().optional().describe('100 unless said otherwise.'),
        timeout_ms: timeout(0),
      },
      returns: z.array(message),
      run: (call, { subscription_id, max, timeout_ms }) =>
        receiveBatch(call, subscription_id, max ?? 100, timeout_ms ?? 0),
      example: {
        lua: 'local s = Event.subscribe("n")\nfor i = 1, 3 do Event.publish("n", i) end\nprint(#Event.receive_batch(s))',
        javascript:
          'const s = Event.subscribe("n");\nfor (let i = 1; i <= 3; i++) Event.publish("n", i);\nprint(Event.receiveBatch(s).length);',
      },
    }),
    wait_for: member({
      doc: 'Waits for the next event that matches; nil when none comes in time. Only events after the call count.',
      params: {
        pattern: pattern(),
        timeout_ms: timeout(5000),
        options: subscribeOptions.optional(),
      },
      returns: message.optional(),
      run: (call, { pattern, timeout_ms, options }) =>
        waitFor(call, pattern, timeout_ms ?? 5000, options ?? {}),
      example: {
        lua: 'print(Event.wait_for("news.*", 10))',
        javascript: 'print(Event.waitFor("news.*", 10));',
      },
    }),
    drain: member({
      doc: 'Waits until every handler of this session has dealt with what was published so far; whether that was in time.',
      params: { timeout_ms: timeout(30_000) },
      returns: z.boolean(),
      run: async (call, { timeout_ms }) => {
        const bus = await call.services.events();
        return bus.settle(call.scope.session, Math.max(0, timeout_ms ?? 30_000), call.context);
      },
      example: {
        lua: 'local seen = 0\nEvent.subscribe("n", function() seen = seen + 1 end)\nfor i = 1, 3 do Event.publish("n") end\nEvent.drain()\nprint(seen)',
        javascript:
          'let seen = 0;\nEvent.on("n", () => { seen++; });\nfor (let i = 0; i < 3; i++) Event.publish("n");\nEvent.drain();\nprint(seen);',
      },
    }),
    unsubscribe: member({
      doc: 'Ends a subscription; whether there was one.',
      params: { subscription_id: text() },
      returns: z.boolean(),
      run: async (call, { subscription_id }) => {
        const bus = await call.services.events();
        const found = bus.subscriptionsOf(call.scope.session).find(({ id }) => id === subscription_id);
        return found !== undefined && bus.end(found);
      },
      example: {
        lua: 'local s = Event.subscribe("a")\nprint(Event.unsubscribe(s), Event.unsubscribe(s))',
        javascript: 'const s = Event.subscribe("a");\nprint(Event.unsubscribe(s), Event.unsubscribe(s));',
      },
    }),
    unsubscribe_pattern: member({
      doc: 'Ends the subscriptions of this session that were made with exactly this pattern; how many.',
      params: { pattern: text() },
      returns: z.int(),
      run: async (call, { pattern }) => {
        const bus = await call.services.events();
        const found = bus
          .subscriptionsOf(call.scope.session)
          .filter(({ patterns }) => patterns.includes(pattern));
        return found.filter((subscription) => bus.end(subscription)).length;
      },
      example: {
        lua: 'Event.subscribe("a.*")\nEvent.subscribe("a.*")\nprint(Event.unsubscribe_pattern("a.*"))',
        javascript:
          'Event.subscribe("a.*");\nEvent.subscribe("a.*");\nprint(Event.unsubscribePattern("a.*"));',
      },
    }),
    list_subscriptions: member({
      doc: 'The subscriptions of this session, oldest first.',
      params: {},
      returns: z.array(
        z
          .object({
            id: z.string(),
            pattern: z.string(),
            patterns: z.array(z.string()),
            language: z.string(),
            handler: z.boolean(),
            once: z.boolean(),
            priority: z.int(),
            queued: z.int(),
          })
          .meta({ id: 'EventSubscription' }),
      ),
      run: async (call) => (await call.services.events()).subscriptionsOf(call.scope.session).map(listed),
      example: {
        lua: 'Event.subscribe("a.*")\nprint(Event.list_subscriptions()[1].pattern)',
        javascript: 'Event.subscribe("a.*");\nprint(Event.listSubscriptions()[0].pattern);',
      },
    }),
    get_stats: member({
      doc: 'Figures of the bus (`event_bus_stats`, `total_published`) and of this session’s subscriptions (`bridge_stats`).',
      params: {},
      returns: z.record(z.string(), z.any()),
      aliases: ['stats'],
      run: async (call) => {
        const bus = await call.services.events();
        return busStats(bus, bus.subscriptionsOf(call.scope.session));
      },
      example: {
        lua: 'Event.publish("a")\nprint(Event.get_stats().total_published)',
        javascript: 'Event.publish("a");\nprint(Event.getStats().total_published);',
      },
    }),
    subscription_stats: member({
      doc: 'Figures of one subscription: received, delivered, dropped, failed, queued.',
      params: { subscription_id: subscriptionId() },
      returns: z.record(z.string(), z.any()),
      run: async (call, { subscription_id }) =>
        statsOf((await call.services.events()).find(subscription_id, call.scope.session)),
      example: {
        lua: 'local s = Event.subscribe("a")\nEvent.publish("a")\nprint(Event.subscription_stats(s).queued)',
        javascript:
          'const s = Event.subscribe("a");\nEvent.publish("a");\nprint(Event.subscriptionStats(s).queued);',
      },
    }),
    history: member({
      doc: 'Events of the past, oldest first: those that the journal holds, or without one the newest thousand of this process.',
      params: {
        query: z
          .union([z.string(), historyQuery])
          .optional()
          .describe('A pattern, or a table of what is wanted.'),
      },
      returns: z.array(message),
      run: (call, { query }) => history(call, query),
      example: {
        lua: 'Event.publish("a.b", { n = 1 })\nprint(#Event.history({ pattern = "a.*", limit = 10 }))',
        javascript:
          'Event.publish("a.b", { n: 1 });\nprint(Event.history({ pattern: "a.*", limit: 10 }).length);',
      },
    }),
    define: member({
      doc: 'Says what the data of a type of event look like, as a JSON Schema: publishing others raises. Without a schema that ends.',
      params: {
        event_type: text().describe('The exact name.'),
        schema: z.any().optional().describe('A JSON Schema.'),
      },
      run: (call, { event_type, schema }) => define(call, event_type, schema),
      example: {
        lua: 'Event.define("job.done", { type = "object", required = { "id" } })\nprint(pcall(Event.publish, "job.done", { no = 1 }))',
        javascript:
          'Event.define("job.done", { type: "object", required: ["id"] });\ntry { Event.publish("job.done", { no: 1 }); } catch (e) { print(e.code); }',
      },
    }),
    dead_letters: member({
      doc: 'Events that did not reach a subscriber of this session, oldest first, and why.',
      params: {},
      returns: z.array(
        z
          .object({
            id: z.string(),
            event: message,
            subscription: z.string(),
            reason: z.string(),
            error: z.any(),
            timestamp: z.string(),
          })
          .meta({ id: 'EventDeadLetter' }),
      ),
      run: async (call) =>
        (await call.services.events()).letters.of(call.scope.session).map((one) => letter(one, call)),
      example: {
        lua: 'local s = Event.subscribe("a", { queue_size = 1 })\nEvent.publish("a", 1)\nEvent.publish("a", 2)\nprint(Event.dead_letters()[1].reason)',
        javascript:
          'const s = Event.subscribe("a", { queue_size: 1 });\nEvent.publish("a", 1);\nEvent.publish("a", 2);\nprint(Event.deadLetters()[0].reason);',
      },
    }),
    redeliver: member({
      doc: 'Gives the event of a dead letter to its subscriber again, or to whoever of this session subscribes to it now; whether there was one.',
      params: { id: text().describe('The id of the dead letter.') },
      returns: z.boolean(),
      run: async (call, { id }) => {
        const bus = await call.services.events();
        const found = bus.letters.get(id);
        if (found?.session !== call.scope.session)
          throw fail('event.not_found', `There is no dead letter ${id}`);
        return bus.redeliver(found) > 0;
      },
      example: {
        lua: 'local s = Event.subscribe("a", { queue_size = 1 })\nEvent.publish("a", 1)\nEvent.publish("a", 2)\nEvent.receive(s)\nEvent.redeliver(Event.dead_letters()[1].id)\nprint(Event.receive(s).data)',
        javascript:
          'const s = Event.subscribe("a", { queue_size: 1 });\nEvent.publish("a", 1);\nEvent.publish("a", 2);\nEvent.receive(s);\nEvent.redeliver(Event.deadLetters()[0].id);\nprint(Event.receive(s).data);',
      },
    }),
  },
});
