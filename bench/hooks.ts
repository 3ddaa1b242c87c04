import { z } from 'zod';
import { DEFAULT_CONFIG } from '../src/config/defaults.js';
import type { Component } from '../src/core/component.js';
import type { NamedHookPoint } from '../src/core/hook-points.js';
import { invoke } from '../src/core/invoke.js';
import { testContext } from '../src/core/testing.js';
import { Hooks } from '../src/hooks/hooks.js';
import { hookInterceptor } from '../src/hooks/interceptor.js';
import { SessionHooks } from '../src/kernel/session-hooks.js';
import { alternate, compared, type Figure } from './measure.js';

/** Calls in one sample. */
const CALLS = 500;

/** An invocation past 0, 1 and 10 handlers of the kernel, against the same one without hooks. */
export async function hooks(): Promise<Figure[]> {
  const micro = (ms: number) => (ms * 1000) / CALLS;
  const figures: Figure[] = [];
  // In pairs: what many handlers leave for the collector must not fall on the floor.
  for (const [count, aim] of [
    [0, 1.01],
    [1, 3],
    [10, 15],
  ] as const) {
    const candidates = [sample(), sample(count)];
    await alternate(10, candidates);
    const [bare, hooked] = await alternate(60, candidates);
    const floor = { name: 'the same without hooks', value: micro(bare!) };
    figures.push(compared(`an invocation past ${count} hooks`, 'µs', micro(hooked!), floor, aim));
  }
  return figures;
}

/** @param count of handlers; without it, nothing of the hooks is there. */
function sample(count?: number): () => Promise<void> {
  const component: Component = {
    kind: 'tool',
    name: 'nothing',
    description: 'Does nothing.',
    input: z.object({ text: z.string() }),
    run: async () => 1,
  };
  return async () => {
    const context = contextOf(count);
    for (let call = 0; call < CALLS; call++) await invoke(component, { text: 'x' }, context);
  };
}

/** Until somebody registers a handler, the hooks of a session are nothing but a flag. */
function contextOf(count: number | undefined) {
  if (count === undefined) return testContext().context;
  if (count > 0) return hookedContext(count);
  const { effects } = testContext().context;
  const { hooks: config } = DEFAULT_CONFIG;
  const unused = () => {
    throw new Error('nobody asks');
  };
  const session = new SessionHooks({ config, effects, registrations: [], services: unused });
  return testContext({ hooks: session, interceptors: [session.interceptor] }).context;
}

function hookedContext(count: number) {
  const { effects } = testContext().context;
  const room = new Hooks({
    effects,
    enabled: true,
    defaults: { timeoutMs: 5000, ratePerMinute: Number.POSITIVE_INFINITY },
    slowShare: 1,
    monitor: { interval_ms: 1000, memory_mb: 1e6, cpu_percent: 1e6 },
    perform: async () => null,
  });
  const point: NamedHookPoint = 'BeforeToolExecution';
  for (let index = 0; index < count; index++)
    room.registry.register({ point, breaker: false, handler: () => ({ kind: 'continue' }) });
  const interceptor = hookInterceptor(room, async () => null, 1e6);
  return testContext({ hooks: room, interceptors: [interceptor] }).context;
}
