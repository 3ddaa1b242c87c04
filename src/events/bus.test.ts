import { describe, expect, it } from 'vitest';
import type { HookGate } from '../core/component.js';
import type { SubscribeOptions } from './bus.js';
import type { BusEvent } from './event.js';
import { testBus, testOwner } from './testing.js';

const never = new AbortController().signal;

/** A bus and what its subscribers were told. */
function setUp(options: Parameters<typeof testBus>[0] = {}) {
  const test = testBus(options);
  const seen: unknown[] = [];
  const note = (label: string) => async (event: BusEvent) =>
    void seen.push(`${label}:${event.name}:${event.data}`);
  const subscribe = (pattern: string | string[], more: Partial<SubscribeOptions> = {}) =>
    test.bus.subscribe({ patterns: [pattern].flat(), owner: test.owner, ...more });
  const take = async (subscription: ReturnType<typeof subscribe>) =>
    (await test.bus.receive(subscription, 0, test.context))?.data;
  const settled = () => test.bus.drain('session_1', never);
  return { ...test, seen, note, subscribe, take, settled };
}

describe('publishing', () => {
  it('reaches the queues of those whose pattern matches, in order', async () => {
    const { subscribe, publish, take } = setUp();
    const [exact, glob, other] = [subscribe('a.b'), subscribe(['a.*', '*.b']), subscribe('c')];
    await publish('a.b', 1);
    await publish('a.c', 2);
    expect([await take(exact), await take(exact)]).toEqual([1, undefined]);
    expect([await take(glob), await take(glob), await take(glob)]).toEqual([1, 2, undefined]);
    expect(await take(other)).toBe(undefined);
  });

  it('gives only what is published after subscribing', async () => {
    const { subscribe, publish, take } = setUp();
    await publish('a', 1);
    const late = subscribe('a');
    expect(await take(late)).toBe(undefined);
  });

  it('is an entry of the journal', async () => {
    const { publish, events } = setUp();
    await publish('a', { n: 1 }, { tags: ['x'], language: 'lua' });
    expect(events).toMatchObject([
      { type: 'event.published', name: 'a', data: { n: 1 }, tags: ['x'], language: 'lua', seq: 1 },
    ]);
  });

  it.each(['', '  ', 'a\nb', 'x'.repeat(257)])('refuses %j as a name', async (name) => {
    const { publish, events } = setUp();
    await expect(publish(name)).rejects.toMatchObject({ code: 'event.invalid' });
    expect(events).toEqual([]);
  });

  it('wakes who waits, and gives nothing when the time is over', async () => {
    const { bus, subscribe, publish, context } = setUp();
    const subscription = subscribe('a');
    const waiting = bus.receive(subscription, 10_000, context);
    await publish('a', 1);
    expect(await waiting).toMatchObject({ name: 'a', data: 1 });
    expect(await bus.receive(subscription, 1, context)).toBe(undefined);
  });

  it('ends the waiting of who is unsubscribed or stopped', async () => {
    const stop = new AbortController();
    const { bus, subscribe, context } = setUp({ signal: stop.signal });
    const first = subscribe('a');
    const waiting = bus.receive(first, 10_000, context);
    bus.end(first);
    expect(await waiting).toBe(undefined);
    const stopped = bus.receive(subscribe('a'), 10_000, context);
    stop.abort(new Error('stop'));
    await expect(stopped).rejects.toThrow('stop');
  });
});

describe('what llmspell itself reports', () => {
  it('reaches subscribers under its name', async () => {
    const { bus, subscribe, context } = setUp();
    const tools = subscribe('tool.*');
    context.emit({ type: 'component.started', kind: 'tool', name: 'calculator', input: 1 });
    context.emit({ type: 'component.finished', kind: 'tool', name: 'calculator', durationMs: 3, output: 2 });
    expect(await bus.receive(tools, 0, context)).toMatchObject({
      name: 'tool.started',
      source: 'tool:calculator',
      data: { kind: 'tool', name: 'calculator', input: 1 },
      correlationId: 'run_1',
    });
    expect((await bus.receive(tools, 0, context))?.data).toMatchObject({ duration_ms: 3, output: 2 });
  });

  it('does not say how long things took when that is not wanted', async () => {
    const { take, subscribe, context } = setUp({ config: { emit_timing_events: false } });
    const tools = subscribe('tool.*');
    context.emit({ type: 'component.finished', kind: 'tool', name: 'x', durationMs: 3 });
    expect(await take(tools)).toEqual({ kind: 'tool', name: 'x' });
  });

  it.each([
    ['*', false, []],
    ['*', true, ['state.changed', 'log']],
    ['state.*', false, ['state.changed']],
    ['log', false, ['log']],
    ['s*', false, []],
  ])(
    'subscribing to %s with everything shown %s gives %j of changes and logs',
    async (pattern, shown, expected) => {
      const config = { emit_state_events: shown, emit_debug_events: shown };
      const { bus, subscribe, context } = setUp({ config });
      const subscription = subscribe(pattern);
      context.emit({ type: 'state.changed', scope: 'global', key: 'k', operation: 'set' });
      context.emit({ type: 'log', level: 'info', message: 'm' });
      context.emit({ type: 'call', member: 'State.load', args: [] });
      const names: string[] = [];
      for (
        let event = await bus.receive(subscription, 0, context);
        event;
        event = await bus.receive(subscription, 0, context)
      )
        names.push(event.name);
      expect(names).toEqual(expected);
    },
  );

  it('is kept back when the configuration excludes its type or component', async () => {
    const filtering = {
      include_types: ['*'],
      exclude_types: ['secret.*'],
      include_components: ['*'],
      exclude_components: ['noisy'],
    };
    const { subscribe, publish, take, context } = setUp({ config: { filtering } });
    const all = subscribe('*');
    await publish('secret.key', 1);
    context.emit({ type: 'component.started', kind: 'tool', name: 'noisy', input: 2 });
    await publish('open', 3);
    expect([await take(all), await take(all)]).toEqual([3, undefined]);
  });

  it('is delivered to nobody when events are switched off', async () => {
    const { subscribe, publish, take, events } = setUp({ config: { enabled: false } });
    const all = subscribe('*');
    await publish('a', 1);
    expect(await take(all)).toBe(undefined);
    expect(events).toHaveLength(1);
  });
});

describe('handlers', () => {
  it('get events in order, the higher priorities first', async () => {
    const { subscribe, publish, note, seen, settled } = setUp();
    subscribe('a', { handler: note('low'), priority: -1 });
    subscribe('a', { handler: note('high'), priority: 5 });
    subscribe('*', { handler: note('all') });
    const published = [publish('a', 1), publish('a', 2), publish('a', 3, { priority: 1 })];
    expect(seen).toEqual([]);
    await Promise.all(published);
    await settled();
    expect(seen).toEqual([3, 1, 2].flatMap((n) => [`high:a:${n}`, `all:a:${n}`, `low:a:${n}`]));
  });

  it('that fail harm no other and leave a dead letter', async () => {
    const { bus, subscribe, publish, note, seen, settled, events } = setUp();
    const broken = subscribe('a', { handler: async () => Promise.reject(new Error('boom')), priority: 1 });
    subscribe('a', { handler: note('fine') });
    await publish('a', 1);
    await settled();
    expect(seen).toEqual(['fine:a:1']);
    expect(bus.letters.of('session_1')).toMatchObject([
      { reason: 'handler_failed', subscription: broken.id, error: { code: 'script.error', message: 'boom' } },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'event.failed', name: 'a', subscription: broken.id });
    expect(broken.counts).toMatchObject({ received: 1, delivered: 0, failed: 1 });
  });

  it('that publish what they listen to come to an end', async () => {
    const { bus, subscribe, settled, publish } = setUp({ config: { max_depth: 3 } });
    const loop = subscribe('loop', {
      handler: async (_event, begin) => bus.publish({ name: 'loop' }, begin()),
    });
    await publish('loop');
    await settled();
    expect(loop.counts).toMatchObject({ received: 4, delivered: 3, failed: 1 });
    expect(bus.letters.of('session_1')).toMatchObject([{ error: { code: 'event.recursion' } }]);
  });

  it('are no end of events either when llmspell reports what they do', async () => {
    const { subscribe, settled, context } = setUp({ config: { max_depth: 3 } });
    const log = subscribe('log', {
      handler: async (_event, begin) => begin().emit({ type: 'log', level: 'info', message: 'again' }),
    });
    context.emit({ type: 'log', level: 'info', message: 'first' });
    await settled();
    expect(log.counts).toMatchObject({ delivered: 4, dropped: 1 });
  });

  it('pass on the correlation, and what they publish names its cause', async () => {
    const { bus, subscribe, publish, context, settled } = setUp();
    subscribe('ask', { handler: async (_event, begin) => bus.publish({ name: 'answer' }, begin()) });
    const answers = subscribe('answer');
    const asked = await publish('ask');
    await settled();
    expect(await bus.receive(answers, 0, context)).toMatchObject({
      correlationId: asked?.correlationId,
      causationId: asked?.id,
      depth: 1,
    });
  });

  it('are left alone when the run is stopped: what waited becomes dead letters', async () => {
    const stop = new AbortController();
    const { bus, subscribe, publish } = setUp({ signal: stop.signal });
    let entered = () => {};
    const running = new Promise<void>((resolve) => {
      entered = resolve;
    });
    subscribe('a', {
      handler: async (_event, begin) => {
        const { signal } = begin();
        entered();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    await publish('a', 1);
    await publish('a', 2);
    await running;
    stop.abort(new Error('stop'));
    await bus.drain('session_1', stop.signal);
    expect(bus.letters.of('session_1').map(({ reason, event }) => [reason, event.data])).toContainEqual([
      'cancelled',
      2,
    ]);
  });

  it('may be for one event only', async () => {
    const { bus, subscribe, publish, note, seen, settled } = setUp();
    subscribe('a', { handler: note('once'), once: true });
    await publish('a', 1);
    await publish('a', 2);
    await settled();
    await publish('a', 3);
    await settled();
    expect(seen).toEqual(['once:a:1']);
    expect(bus.subscriptionsOf('session_1')).toEqual([]);
  });

  it('cannot wait for themselves', async () => {
    const { bus, subscribe, publish, settled } = setUp();
    subscribe('a', { handler: async (_event, begin) => bus.settle('session_1', 10, begin()) });
    await publish('a');
    await settled();
    expect(bus.letters.of('session_1')).toMatchObject([{ error: { code: 'event.recursion' } }]);
  });
});

describe('a full queue', () => {
  const queue = (overflow: 'block' | 'drop_oldest' | 'drop_newest' | 'sample' | 'reject', more = {}) => ({
    queue: { size: 2, overflow, blockMs: 10_000, ...more },
  });
  async function kept(overflow: Parameters<typeof queue>[0], more = {}) {
    const test = setUp();
    const subscription = test.subscribe('a', queue(overflow, more));
    for (const n of [1, 2, 3, 4]) await test.publish('a', n).catch(() => {});
    return {
      ...test,
      got: [await test.take(subscription), await test.take(subscription), await test.take(subscription)],
    };
  }

  it('loses the oldest', async () => {
    const { got, bus } = await kept('drop_oldest');
    expect(got).toEqual([3, 4, undefined]);
    expect(bus.letters.of('session_1').map(({ event, reason }) => [event.data, reason])).toEqual([
      [1, 'queue_full'],
      [2, 'queue_full'],
    ]);
  });

  it('loses the newest', async () => {
    expect((await kept('drop_newest')).got).toEqual([1, 2, undefined]);
  });

  it('keeps one of many', async () => {
    const { subscribe, publish, take } = setUp();
    const subscription = subscribe('a', queue('sample', { size: 100, highWater: 2, sampleEvery: 3 }));
    for (let n = 1; n <= 9; n++) await publish('a', n);
    const got = [];
    for (let n = await take(subscription); n !== undefined; n = await take(subscription)) got.push(n);
    expect(got).toEqual([1, 2, 3, 6, 9]);
  });

  it('refuses the publisher, and nothing is journaled', async () => {
    const { subscribe, publish, events } = setUp();
    subscribe('a', queue('reject'));
    await publish('a', 1);
    await publish('a', 2);
    await expect(publish('a', 3)).rejects.toMatchObject({ code: 'event.rejected' });
    expect(events.filter(({ type }) => type === 'event.published')).toHaveLength(2);
  });

  it('lets the publisher wait for room', async () => {
    const { subscribe, publish, take } = setUp();
    const subscription = subscribe('a', queue('block'));
    await publish('a', 1);
    await publish('a', 2);
    let published = false;
    const third = publish('a', 3).then(() => {
      published = true;
    });
    await null;
    expect(published).toBe(false);
    expect(await take(subscription)).toBe(1);
    await third;
    expect([await take(subscription), await take(subscription)]).toEqual([2, 3]);
  });

  it('lets nobody wait for ever, nor for himself', async () => {
    const { bus, subscribe, publish, settled } = setUp();
    subscribe('a', queue('block', { blockMs: 1 }));
    await publish('a', 1);
    await publish('a', 2);
    await expect(publish('a', 3)).rejects.toMatchObject({ code: 'event.rejected' });
    const own = subscribe('own', {
      ...queue('block', { size: 1 }),
      handler: async (_event, begin) => {
        const context = begin();
        await bus.publish({ name: 'own' }, context);
        await bus.publish({ name: 'own' }, context);
      },
    });
    await publish('own');
    await settled();
    expect(own.counts.failed).toBeGreaterThan(0);
  });

  it('is told of when it fills and when it empties, once each', async () => {
    const { bus, subscribe, publish, take, events } = setUp();
    const subscription = subscribe('a', { queue: { size: 10, highWater: 3, lowWater: 1 } });
    for (let n = 0; n < 5; n++) await publish('a', n);
    await bus.drain('session_1', never);
    for (let n = 0; n < 5; n++) await take(subscription);
    await bus.drain('session_1', never);
    const told = events.flatMap((event) => (event.type === 'event.backpressure' ? [event.change] : []));
    expect(told).toEqual(['started', 'relieved']);
  });

  it('is reported at a bounded rate', async () => {
    const { bus, subscribe, publish, events } = setUp();
    const subscription = subscribe('a', queue('drop_newest'));
    for (let n = 0; n < 1000; n++) await publish('a', n);
    await bus.drain('session_1', never);
    const dropped = events.filter(({ type }) => type === 'event.dropped');
    expect(dropped).toMatchObject([{ subscription: subscription.id, count: 998, reason: 'queue_full' }]);
  });
});

describe('dead letters', () => {
  it('hold what outlived its time', async () => {
    const { bus, clock, subscribe, publish, take } = setUp();
    const subscription = subscribe('a');
    await publish('a', 1, { ttlSeconds: 1 });
    await publish('a', 2);
    clock.now += 1500;
    expect(await take(subscription)).toBe(2);
    expect(bus.letters.of('session_1')).toMatchObject([{ reason: 'expired', event: { data: 1 } }]);
  });

  it('can be delivered again', async () => {
    const { bus, clock, subscribe, publish, take } = setUp();
    const subscription = subscribe('a');
    await publish('a', 1, { ttlSeconds: 1 });
    clock.now += 1500;
    expect(await take(subscription)).toBe(undefined);
    const [letter] = bus.letters.of('session_1');
    expect(bus.redeliver(letter!)).toBe(1);
    expect(await take(subscription)).toBe(1);
    expect(bus.letters.size).toBe(0);
  });

  it('are the newest so many', async () => {
    const { bus, subscribe, publish } = setUp({ config: { dead_letters: 3 } });
    subscribe('a', { queue: { size: 1 } });
    for (let n = 0; n < 10; n++) await publish('a', n);
    expect(bus.letters.of('session_1').map(({ event }) => event.data)).toEqual([6, 7, 8]);
  });
});

describe('limits', () => {
  it('refuses more a second than the configuration allows', async () => {
    const { bus, clock, publish } = setUp({ config: { max_events_per_second: 10 } });
    for (let n = 0; n < 20; n++) await publish('a');
    await expect(publish('a')).rejects.toMatchObject({ code: 'event.rejected' });
    clock.now += 100;
    await publish('a');
    expect(bus.publisher.violations).toBe(1);
  });

  it('looks at the data of a defined type', async () => {
    const { bus, publish } = setUp();
    bus.publisher.define('job', (data) => (typeof data === 'number' ? undefined : 'no number'));
    await publish('job', 1);
    await expect(publish('job', 'x')).rejects.toMatchObject({ code: 'event.invalid' });
    bus.publisher.define('job', undefined);
    await publish('job', 'x');
  });

  it('leaves nothing behind after ten thousand subscriptions', async () => {
    const { bus, subscribe, publish } = setUp();
    for (let n = 0; n < 10_000; n++) bus.end(subscribe(n % 2 ? `a.${n}` : `a.${n}*`));
    await publish('a.1');
    expect(bus.subscriptionsOf('session_1')).toEqual([]);
    expect(bus.queued).toBe(0);
  });
});

describe('hooks', () => {
  const gate = (fire: HookGate['fire']): HookGate => ({ has: (point) => point.endsWith('EventEmit'), fire });

  it('may change an event before it is published', async () => {
    const hooks = gate(async (point, _subject, data) => ({
      kind: 'continue',
      data: point === 'BeforeEventEmit' ? { ...data, data: 'changed' } : data,
    }));
    const { subscribe, publish, take } = setUp({ hooks });
    const subscription = subscribe('a');
    await publish('a', 'given');
    expect(await take(subscription)).toBe('changed');
  });

  it('may keep it from being published', async () => {
    const hooks = gate(async () => ({ kind: 'cancel', reason: 'no', hook: 'h' }));
    const { publish, events } = setUp({ hooks });
    await expect(publish('a')).rejects.toMatchObject({ code: 'hook.cancelled' });
    expect(events).toEqual([]);
  });

  it('hear of handlers that fail', async () => {
    const told: unknown[] = [];
    const hooks: HookGate = {
      has: (point) => point === 'EventHandlerError',
      fire: async (point, subject, data) => {
        told.push([point, subject, (data.error as { message: string }).message]);
        return { kind: 'continue', data };
      },
    };
    const { subscribe, publish, settled } = setUp({ hooks });
    subscribe('a', { handler: async () => Promise.reject(new Error('boom')) });
    await publish('a');
    await settled();
    expect(told).toEqual([['EventHandlerError', { type: 'Event', name: 'a' }, 'boom']]);
  });
});

describe('sessions', () => {
  it('share the events and not the subscriptions', async () => {
    const { bus, subscribe, publish, context } = setUp();
    const other = bus.subscribe({ patterns: ['a'], owner: testOwner(context, 'session_2') });
    const own = subscribe('a');
    await publish('a', 1);
    expect([own.queued, other.queued]).toEqual([1, 1]);
    expect(bus.subscriptionsOf('session_1')).toEqual([own]);
    expect(() => bus.find(other.id, 'session_1')).toThrow(
      expect.objectContaining({ code: 'event.not_found' }),
    );
  });

  it('may listen at once, in this process', async () => {
    const { bus, publish } = setUp();
    const seen: unknown[] = [];
    const stop = bus.listen('a.*', ({ data }) => seen.push(data));
    await publish('a.b', 1);
    stop();
    await publish('a.b', 2);
    expect(seen).toEqual([1]);
  });
});
