import { z } from 'zod';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';
import type { HookContext } from '../contract.js';
import { defineBuiltin } from './definition.js';

const MAX_NAMES = 1000;

const options = z.strictObject({
  budget_usd: z.number().min(0).optional().describe('When so much is spent, agents are refused.'),
  alerts_usd: z.array(z.number().positive()).default([]).describe('Amounts at which a warning is logged.'),
  pricing: z
    .record(z.string(), z.strictObject({ input: z.number().min(0), output: z.number().min(0) }))
    .default({})
    .describe(
      'US dollars for a thousand tokens, by model; what the provider or the price list says when absent.',
    ),
});

interface Spent {
  usd: number;
  input: number;
  output: number;
  calls: number;
}

/** Adds up what agents cost, warns, and refuses when a budget is used up. */
export default defineBuiltin({
  name: 'cost_tracking',
  doc: 'Adds up what agents cost, by agent and by model; warns at amounts, and refuses agents when the budget is used up.',
  aliases: ['CostTrackingHook', 'CostTracker'],
  options,
  make: (given) => {
    const total: Spent = { usd: 0, input: 0, output: 0, calls: 0 };
    const byAgent = new Map<string, Spent>();
    const byModel = new Map<string, Spent>();
    const alerts = [...given.alerts_usd].sort((a, b) => a - b);
    return {
      registrations: [
        {
          point: 'BeforeAgentExecution',
          priority: 'highest',
          handler: () =>
            given.budget_usd !== undefined && total.usd >= given.budget_usd
              ? {
                  kind: 'cancel',
                  reason: `The cost budget of $${given.budget_usd} is used up: $${total.usd.toFixed(4)}`,
                }
              : { kind: 'continue' },
        },
        {
          point: 'AfterAgentExecution',
          priority: 'low',
          onError: 'continue',
          handler: (seen, { context }) => {
            const call = costOf(seen, given.pricing);
            if (!call) return { kind: 'continue' };
            const before = total.usd;
            for (const spent of [total, at(byAgent, seen.component_id.name), at(byModel, call.model)])
              add(spent, call);
            const passed = alerts.filter((usd) => before < usd && total.usd >= usd).at(-1);
            if (passed !== undefined) {
              const message = `Agents have cost $${total.usd.toFixed(4)}, more than $${passed}`;
              context.emit({ type: 'log', level: 'warn', message, module: 'hooks.cost_tracking' });
              seen.metadata.cost_alert_threshold = String(passed);
              seen.metadata.cost_alert_total = String(total.usd);
            }
            return { kind: 'continue' };
          },
        },
      ],
      report: () => ({ total: shown(total), by_agent: table(byAgent), by_model: table(byModel) }),
    };
  },
});

type Call = Spent & { model: string };

function costOf(
  { data }: HookContext,
  pricing: Readonly<Record<string, { input: number; output: number }>>,
): Call | undefined {
  const metadata = isRecord(data.output) ? (data.output as JsonObject).metadata : undefined;
  if (!isRecord(metadata)) return undefined;
  const facts = metadata as JsonObject;
  const [input, output] = [number(facts.input_tokens), number(facts.output_tokens)];
  const model = String(facts.model ?? 'unknown');
  const price = pricing[model] ?? pricing[`${facts.provider}/${model}`];
  const usd = price ? (input * price.input + output * price.output) / 1000 : number(facts.estimated_cost_usd);
  return { usd, input, output, calls: 1, model };
}

function at(counts: Map<string, Spent>, name: string): Spent {
  const place = counts.has(name) || counts.size < MAX_NAMES ? name : 'others';
  const spent = counts.get(place) ?? { usd: 0, input: 0, output: 0, calls: 0 };
  counts.set(place, spent);
  return spent;
}

function add(spent: Spent, call: Call): void {
  spent.usd += call.usd;
  spent.input += call.input;
  spent.output += call.output;
  spent.calls++;
}

function shown({ usd, input, output, calls }: Spent): JsonObject {
  return { usd, input_tokens: input, output_tokens: output, calls };
}

function table(counts: Map<string, Spent>): JsonObject {
  return Object.fromEntries([...counts].map(([name, spent]) => [name, shown(spent)]));
}

function number(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
