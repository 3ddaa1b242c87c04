import { z } from 'zod';
import type { JsonObject } from '../../core/values.js';
import { Breaker } from '../breaker.js';
import type { HookContext } from '../contract.js';
import { componentsOption, defineBuiltin } from './definition.js';
import { nameTest } from './values.js';

/** Components that are watched one by one; the one that was used longest ago makes room. */
const MAX_COMPONENTS = 1000;

const options = z.strictObject({
  components: componentsOption(['*']),
  failure_threshold: z.int().min(1).default(5).describe('Failures in the window after which it is refused.'),
  success_threshold: z
    .int()
    .min(1)
    .default(2)
    .describe('Successes after the pause, after which it is trusted again.'),
  timeout_seconds: z.number().positive().default(30).describe('How long it is refused.'),
  failure_window_seconds: z.number().positive().default(60).describe('Older failures do not count.'),
});

/** One breaker for each component. */
class Breakers {
  private readonly known = new Map<string, Breaker>();

  constructor(private readonly given: z.output<typeof options>) {}

  of({ component_id: { type, name } }: HookContext): Breaker {
    const key = `${type.toLowerCase()}:${name}`;
    const breaker = this.known.get(key) ?? this.make();
    this.known.delete(key);
    if (this.known.size >= MAX_COMPONENTS) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, breaker);
    return breaker;
  }

  report(now: number): JsonObject {
    return Object.fromEntries([...this.known].map(([name, breaker]) => [name, breaker.state(now)]));
  }

  private make(): Breaker {
    return new Breaker({
      failureThreshold: this.given.failure_threshold,
      successThreshold: this.given.success_threshold,
      failureWindowMs: this.given.failure_window_seconds * 1000,
      openMs: this.given.timeout_seconds * 1000,
      slowCallThreshold: Number.POSITIVE_INFINITY,
      slowCallMs: Number.POSITIVE_INFINITY,
    });
  }
}

/** Refuses a component for a while that fails again and again. */
export default defineBuiltin({
  name: 'circuit_breaking',
  doc: 'Refuses a tool or an agent for a while that fails again and again.',
  aliases: ['CircuitBreaker'],
  options,
  make: (given, { effects }) => {
    const breakers = new Breakers(given);
    const wanted = nameTest(given.components);
    return {
      registrations: [
        {
          points: [
            'BeforeToolExecution',
            'BeforeAgentExecution',
            'AfterToolExecution',
            'AfterAgentExecution',
            'ToolError',
            'AgentError',
          ],
          priority: 'high',
          breaker: false,
          handler: (seen) => {
            const { name } = seen.component_id;
            if (!wanted(name)) return { kind: 'continue' };
            const [breaker, now] = [breakers.of(seen), effects.now()];
            if (seen.point.startsWith('Before'))
              return breaker.state(now) === 'open'
                ? { kind: 'cancel', reason: `'${name}' failed again and again and is left alone for a while` }
                : { kind: 'continue' };
            if (seen.point.endsWith('Error')) breaker.failed(now);
            else breaker.succeeded(0, now, false);
            return { kind: 'continue' };
          },
        },
      ],
      report: () => breakers.report(effects.now()),
    };
  },
});
