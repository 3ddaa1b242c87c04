import { z } from 'zod';
import type { Component } from '../src/core/component.js';
import type { NamedHookPoint } from '../src/core/hook-points.js';
import { invoke } from '../src/core/invoke.js';
import { testContext } from '../src/core/testing.js';
import { Hooks } from '../src/hooks/hooks.js';
import { hookInterceptor } from '../src/hooks/interceptor.js';
import { alternate, compared, type Figure } from './measure.js';

/** Calls in one sample. */
const CALLS = 500;

/** An invocation past 0, 1 and 10 handlers of the kernel, against the same one without hooks. */
export async function hooks(): Promise<Figure[]> {
  const counts = [0, 1, 10];
  const [bare, ...hooked] = await alternate(40, [sample(), ...counts.map((count) => sample(count))]);
  const micro = (ms: number) => (ms * 1000) / CALLS;
  const floor = { name: 'the same without hooks', value: micro(bare!) };
  const aims = [1.01, 3, 15];
  return counts.map((count, index) =>
    compared(`an invocation past ${count} hooks`, 'µs', micro(hooked[index]!), floor, aims[index]!),
  );
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
    const context = count === undefined ? testContext().context : hookedContext(count);
    for (let call = 0; call < CALLS; call++) await invoke(component, { text: 'x' }, context);
  };
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
