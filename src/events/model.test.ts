import { describe, expect, it } from 'vitest';
import type { Overflow, Subscription } from './subscription.js';
import { testBus } from './testing.js';

/** A small generator with a seed, so that a failure can be seen again. */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
  return { pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!, next };
}

const NAMES = ['a', 'a.b', 'a.b.c', 'x.b', 'x', 'ab'];
const PATTERNS = ['*', 'a', 'a.*', '*.b', 'a*', '?', 'x.b', 'a.*.c', '[ax]*'];
const POLICIES: Overflow[] = ['drop_oldest', 'drop_newest', 'sample', 'reject'];

interface Item {
  n: number;
  priority: number;
}

/** What a subscription must do, in the plainest words. */
class Model {
  private waiting: Item[] = [];
  private sampled = 0;
  dropped: number[] = [];

  constructor(
    private readonly patterns: readonly string[],
    private readonly size: number,
    private readonly overflow: Overflow,
    private readonly sampleEvery: number,
    private readonly highWater: number,
  ) {}

  wants(name: string): boolean {
    return this.patterns.some((pattern) => {
      const source = pattern.replace(/\./g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.');
      return new RegExp(`^${source}$`, 's').test(name);
    });
  }

  get refuses(): boolean {
    return this.overflow === 'reject' && this.waiting.length >= this.size;
  }

  offer(item: Item): void {
    if (
      this.overflow === 'sample' &&
      this.waiting.length >= this.highWater &&
      this.sampled++ % this.sampleEvery !== 0
    )
      return void this.dropped.push(item.n);
    if (this.waiting.length < this.size) return void this.waiting.push(item);
    const lowest = Math.min(...this.waiting.map(({ priority }) => priority));
    if (this.overflow !== 'drop_oldest' || item.priority < lowest) return void this.dropped.push(item.n);
    const oldest = this.waiting.findIndex(({ priority }) => priority === lowest);
    this.dropped.push(this.waiting.splice(oldest, 1)[0]!.n);
    this.waiting.push(item);
  }

  take(): number | undefined {
    if (this.waiting.length === 0) return undefined;
    const highest = Math.max(...this.waiting.map(({ priority }) => priority));
    return this.waiting.splice(
      this.waiting.findIndex(({ priority }) => priority === highest),
      1,
    )[0]!.n;
  }
}

async function play(seed: number): Promise<void> {
  const { pick, next } = randomFrom(seed);
  const { bus, owner, publish, context } = testBus();
  let live: { model: Model; subscription: Subscription }[] = [];
  const subscribe = () => {
    const patterns = [pick(PATTERNS), ...(next() < 0.3 ? [pick(PATTERNS)] : [])];
    const [size, overflow, sampleEvery] = [pick([1, 2, 3, 8]), pick(POLICIES), pick([2, 3])];
    const highWater = Math.max(1, Math.floor(size * 0.8));
    const subscription = bus.subscribe({ patterns, owner, queue: { size, overflow, sampleEvery } });
    live.push({ subscription, model: new Model(patterns, size, overflow, sampleEvery, highWater) });
  };
  for (let n = 0; n < 300; n++) {
    const what = next();
    if (what < 0.08 || live.length === 0) subscribe();
    else if (what < 0.11) {
      const gone = pick(live);
      bus.end(gone.subscription);
      live = live.filter((one) => one !== gone);
    } else if (what < 0.5) {
      const { model, subscription } = pick(live);
      const got = await bus.receive(subscription, 0, context);
      expect(got?.data, `seed ${seed}, step ${n}`).toBe(model.take());
    } else {
      const [name, priority] = [pick(NAMES), pick([0, 0, 0, 1, -1])];
      const wanting = live.filter(({ model }) => model.wants(name));
      const refused = wanting.some(({ model }) => model.refuses);
      const published = await publish(name, n, { priority }).then(
        () => true,
        () => false,
      );
      expect(published, `seed ${seed}, step ${n}: ${name}`).toBe(!refused);
      if (!refused) for (const { model } of wanting) model.offer({ n, priority });
    }
  }
  for (const { model, subscription } of live) {
    const dropped = bus.letters.of(owner.session).filter((letter) => letter.subscription === subscription.id);
    expect(dropped.map(({ event }) => event.data)).toEqual(model.dropped);
  }
}

describe('random subscriptions, policies and events', () => {
  it.each(Array.from({ length: 25 }, (_, index) => index + 1))(
    'behave like the model (seed %i)',
    async (seed) => {
      await play(seed);
    },
  );
});
