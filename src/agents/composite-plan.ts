import { z } from 'zod';
import { fail } from '../core/errors.js';
import { type ScriptValue, toJson } from '../core/values.js';
import { type AgentPlan, agentPlan, deepFreeze } from './plan.js';
import { asList } from './plan-fields.js';

const strategies = ['sequential', 'parallel', 'vote'] as const;

const routingFields = z.object({
  strategy: z.enum(strategies, { error: `expected one of ${strategies.join(', ')}` }).default('sequential'),
  threshold: z.number().gt(0).max(1).optional(),
  fallback_agent: z.string().min(1).optional(),
  timeout_ms: z.number().positive().max(86_400_000).optional(),
});

const delegateNames = z.preprocess(
  asList,
  z.array(z.string().min(1)).min(1, 'a composite needs at least one agent'),
);

/**
 * The plan of a composite agent.
 * @param delegates names of agents.
 * @param routing a strategy's name, or `{strategy, threshold, fallback_agent, timeout_ms}`.
 * @throws `agent.invalid`.
 */
export function compositePlan(name: unknown, delegates: unknown, routing: unknown): AgentPlan {
  const names = checked(delegateNames, delegates, 'agents');
  const table = typeof routing === 'string' ? { strategy: routing } : (routing ?? {});
  const { strategy, threshold, fallback_agent, timeout_ms } = checked(routingFields, table, 'routing');
  const base = agentPlan(
    {
      name,
      type: 'basic',
      description: `Composite agent that delegates to ${names.join(', ')}`,
      ...(timeout_ms !== undefined && { max_execution_time_secs: timeout_ms / 1000 }),
    },
    { fallbackName: () => '' },
  );
  return deepFreeze({
    ...base,
    type: 'composite' as const,
    systemPrompt: '',
    composite: { delegates: names, routing: { strategy, threshold, fallbackAgent: fallback_agent } },
  });
}

function checked<T extends z.ZodType>(schema: T, raw: unknown, subject: string): z.output<T> {
  const result = schema.safeParse(toJson((raw ?? null) as ScriptValue));
  if (result.success) return result.data;
  const problem = result.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw fail('agent.invalid', `Invalid agent configuration: '${subject}': ${problem}`);
}
