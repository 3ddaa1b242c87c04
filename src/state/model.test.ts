import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionContext } from '../core/context.js';
import { testContext } from '../core/testing.js';
import type { ScriptValue } from '../core/values.js';
import { openLmdbStore } from '../storage/lmdb.js';
import { memoryStore } from '../storage/memory.js';
import { tenantStore } from '../storage/prefixed.js';
import type { KeyValueStore } from '../storage/store.js';
import { entryName, flatKey } from './keys.js';
import { State } from './state.js';
import type { BatchChange, StateAccess } from './state-access.js';

const SCOPES = ['global', 'a', 'a:b', 'agent:1', 'custom'];
const KEYS = ['k', 'b:k', ':k', '::k', 'ä', 'api_token', 'long'];
const STEPS = 400;

/** What the state should be: a map of entries with the time at which each ends. */
type Model = Map<string, { value: ScriptValue; until: number }>;

interface World {
  state: StateAccess;
  model: Model;
  context: ExecutionContext;
  clock: { now: number };
  random: (below: number) => number;
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): World['random'] {
  let at = seed;
  return (below) => {
    at = (at + 0x6d2b79f5) | 0;
    let t = Math.imul(at ^ (at >>> 15), 1 | at);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const pick = <T>({ random }: World, items: readonly T[]): T => items[random(items.length)]!;

function anyValue(world: World): ScriptValue {
  const values: ScriptValue[] = [
    null,
    false,
    7,
    1.5,
    2n ** 60n,
    'text',
    [],
    { a: [1, { b: null }] },
    'x'.repeat(3000),
  ];
  return pick(world, values);
}

function place(world: World): [scope: string, key: string, name: string] {
  const [scope, key] = [pick(world, SCOPES), pick(world, KEYS)];
  return [scope, key, entryName(scope, key)];
}

function alive({ model, clock }: World, name: string): ScriptValue | undefined {
  const entry = model.get(name);
  return entry && entry.until > clock.now ? entry.value : undefined;
}

function put({ model, clock }: World, name: string, value: ScriptValue, ttlSeconds?: number): void {
  model.set(name, {
    value,
    until: ttlSeconds === undefined ? Number.POSITIVE_INFINITY : clock.now + ttlSeconds * 1000,
  });
}

function ttl(world: World): number | undefined {
  return world.random(3) === 0 ? 1 + world.random(5) : undefined;
}

/** Everything that can be done, to the state and to the model alike. */
const ACTIONS: Record<string, (world: World) => Promise<void>> = {
  async save(world) {
    const [scope, key, name] = place(world);
    const [value, ttlSeconds] = [anyValue(world), ttl(world)];
    await world.state.save(scope, key, value, world.context, { ttlSeconds });
    put(world, name, value, ttlSeconds);
  },
  async load(world) {
    const [scope, key, name] = place(world);
    expect(await world.state.load(scope, key, world.context)).toEqual(alive(world, name));
  },
  async flat(world) {
    const [, , name] = place(world);
    expect(await world.state.get(flatKey(name), world.context)).toEqual(alive(world, name));
    const value = anyValue(world);
    await world.state.set(flatKey(name), value, world.context);
    if (value === null) world.model.delete(name);
    else put(world, name, value);
  },
  async delete(world) {
    const [scope, key, name] = place(world);
    expect(await world.state.delete(scope, key, world.context)).toBe(alive(world, name) !== undefined);
    world.model.delete(name);
  },
  async increment(world) {
    const [scope, key, name] = place(world);
    const now = alive(world, name) ?? 0;
    const result = world.state.increment(scope, key, 1, world.context);
    if (now === 7 || now === 0 || now === 1) {
      expect(await result).toBe(now + 1);
      put(world, name, now + 1);
    } else if (typeof now === 'number' || typeof now === 'bigint') put(world, name, await result);
    else await expect(result).rejects.toMatchObject({ code: 'state.invalid' });
  },
  async compareAndSet(world) {
    const [scope, key, name] = place(world);
    const now = alive(world, name) ?? null;
    const expected = world.random(2) ? now : 'something else';
    const done = await world.state.compareAndSet(scope, key, expected, 'next', world.context);
    expect(done).toBe(expected === now);
    if (done) put(world, name, 'next');
  },
  async batch(world) {
    const changes: BatchChange[] = [];
    const then: (() => void)[] = [];
    for (let at = 0; at < 4; at++) {
      const [scope, key, name] = place(world);
      const remove = world.random(3) === 0;
      const value = anyValue(world);
      changes.push(remove ? { scope, key } : { scope, key, value });
      then.push(() => (remove ? world.model.delete(name) : put(world, name, value)));
    }
    const bad = world.random(4) === 0;
    if (bad) changes.push({ scope: 's', key: '', value: 1 });
    const result = world.state.batch(changes, world.context);
    if (bad) await expect(result).rejects.toMatchObject({ code: 'state.invalid_key' });
    else await result.then(() => then.forEach((change) => void change()));
  },
  async list(world) {
    const names = [...world.model.keys()].filter((name) => alive(world, name) !== undefined);
    expect(await world.state.keys()).toEqual(names.map(flatKey).sort());
  },
  async wait(world) {
    world.clock.now += world.random(2500);
  },
};

/** Some steps in a transaction that is then committed or rolled back. */
async function transact(world: World, state: State): Promise<void> {
  const transaction = state.begin();
  const inside: World = { ...world, state: transaction, model: new Map(world.model) };
  const actions = [
    ACTIONS.save!,
    ACTIONS.load!,
    ACTIONS.delete!,
    ACTIONS.increment!,
    ACTIONS.compareAndSet!,
    ACTIONS.list!,
  ];
  for (let step = 0; step < 6; step++) await pick(world, actions)(inside);
  if (world.random(3) === 0) return transaction.rollback();
  await transaction.commit(world.context);
  world.model.clear();
  for (const [name, entry] of inside.model) world.model.set(name, entry);
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterAll(() => rm(directory, { recursive: true }));

const STORES: Record<string, () => Promise<KeyValueStore>> = {
  memory: async () => memoryStore(),
  'a tenant of lmdb': async () => tenantStore(await openLmdbStore(directory), 'acme'),
};

describe.each(Object.keys(STORES))('state in %s does what a simple model does', (name) => {
  it.each([1, 2, 3])('seed %d', async (seed) => {
    const store = await STORES[name]!();
    for (const key of await store.keys('')) await store.delete(key);
    const clock = { now: Date.UTC(2026, 0, 1) };
    const random = randomFrom(seed);
    const encryption = { all: seed === 3, sources: [{ name: 'test', read: async () => ['ab'.repeat(32)] }] };
    let state = new State(store, { now: () => clock.now, encryption });
    const world: World = { state, model: new Map(), context: testContext().context, clock, random };
    for (let step = 0; step < STEPS; step++) {
      if (random(20) === 0) await transact(world, state);
      else await pick(world, Object.values(ACTIONS))(world);
      if (random(50) === 0) {
        state = new State(store, { now: () => clock.now, encryption });
        world.state = state;
      }
    }
    await ACTIONS.list!(world);
    await store.close();
  });
});
