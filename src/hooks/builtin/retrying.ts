import { z } from 'zod';
import type { Effects } from '../../core/effects.js';
import type { JsonObject } from '../../core/values.js';
import { defineBuiltin } from './definition.js';
import { nameTest } from './values.js';

/** Codes of failures that may go away by themselves. */
const PASSING = [
  'provider.rate_limited',
  'provider.unreachable',
  'provider.server_error',
  'provider.stream_broken',
  'provider.timeout',
  'component.timeout',
  'limit.rate',
];

const options = z.strictObject({
  max_attempts: z.int().min(1).max(100).default(3).describe('Attempts altogether, the first one included.'),
  backoff: z.enum(['fixed', 'linear', 'exponential', 'fibonacci']).default('exponential'),
  initial_delay_ms: z.number().min(0).default(100),
  max_delay_ms: z.number().min(0).default(60_000),
  multiplier: z.number().min(1).default(2).describe('By what exponential delays grow.'),
  jitter: z
    .enum(['none', 'full', 'equal'])
    .default('equal')
    .describe('How much of a delay is left to chance.'),
  errors: z
    .array(z.string())
    .default(PASSING)
    .describe('Codes of errors that are worth another attempt; `*` stands for any run of characters.'),
  components: z.array(z.string()).default(['*']).describe('Which tools and agents.'),
});
type Options = z.output<typeof options>;

/** Tries again what failed for a reason that may pass. */
export default defineBuiltin({
  name: 'retry',
  doc: 'Tries again what failed for a reason that may pass, after a growing delay.',
  aliases: ['RetryHook', 'RetryHandler'],
  options,
  make: (given, { effects }) => {
    const passes = nameTest(given.errors);
    const wanted = nameTest(given.components);
    let retries = 0;
    return {
      registrations: [
        {
          points: ['ToolError', 'AgentError'],
          priority: 'high',
          handler: ({ component_id, data, metadata }) => {
            const code = String((data.error as JsonObject | null)?.code ?? '');
            const attempt = Number(data.attempt ?? 1);
            if (!wanted(component_id.name) || !passes(code) || attempt >= given.max_attempts)
              return { kind: 'continue' };
            retries++;
            const delayMs = delayOf(attempt, given, effects);
            metadata.retry_attempt = String(attempt);
            metadata.retry_delay_ms = String(delayMs);
            metadata.retry_reason = code;
            return { kind: 'retry', delayMs, maxAttempts: given.max_attempts };
          },
        },
      ],
      report: () => ({ retries }),
    };
  },
});

function delayOf(attempt: number, given: Options, effects: Effects): number {
  const delay = Math.min(given.initial_delay_ms * growth(attempt, given), given.max_delay_ms);
  if (given.jitter === 'none') return Math.round(delay);
  const least = given.jitter === 'equal' ? delay / 2 : 0;
  return Math.round(least + effects.random() * (delay - least));
}

function growth(attempt: number, { backoff, multiplier }: Options): number {
  if (backoff === 'fixed') return 1;
  if (backoff === 'linear') return attempt;
  if (backoff === 'exponential') return multiplier ** (attempt - 1);
  let [a, b] = [1, 1];
  for (let i = 1; i < attempt; i++) [a, b] = [b, a + b];
  return a;
}
