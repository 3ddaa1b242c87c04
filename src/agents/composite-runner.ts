import type { ExecutionContext } from '../core/context.js';
import { fail, toLlmspellError } from '../core/errors.js';
import { addUsage, noUsage, type Usage } from '../core/events.js';
import type { ScriptValue } from '../core/values.js';
import type { AgentAnswer, AgentOutput, AgentProgress, AgentRunner } from './contract.js';
import { type AgentInput, userMessage } from './input.js';
import type { AgentPlan, Routing } from './plan.js';
import { WorkflowPoints } from './workflow-points.js';

/**
 * Runs another agent.
 * Contract: goes through `invoke`; throws `agent.not_found`.
 */
export type Delegate = (name: string, input: AgentInput, context: ExecutionContext) => Promise<AgentOutput>;

/** What one delegate said. */
interface Reply {
  agent: string;
  output: AgentOutput;
}

/** The runner of agents that delegate: one after the other, all at once, or by vote. */
export function compositeRunner(plan: AgentPlan, delegate: Delegate): AgentRunner {
  const { delegates, routing } = plan.composite!;
  return async function* run(input, _history, context): AsyncGenerator<AgentProgress, AgentAnswer> {
    const run: Ask = (name, given) => delegate(name, given, context);
    const points = WorkflowPoints.heard(context) ? new WorkflowPoints(plan.name, context, run) : undefined;
    const ask: Ask = points ? (name, given) => points.stage(name, given) : run;
    const work = (given: AgentInput) =>
      withFallback(routing, delegate, given, context, points, () =>
        STRATEGIES[routing.strategy](delegates, ask, given, routing),
      );
    const outcome = await (points
      ? points.whole(input, work, (text): Outcome => ({ text, replies: [] }))
      : work(input));
    yield { type: 'text', text: outcome.text };
    return answer(plan, input, outcome);
  };
}

interface Outcome {
  text: string;
  data?: ScriptValue;
  replies: Reply[];
}

type Ask = (name: string, input: AgentInput) => Promise<AgentOutput>;
type Strategy = (
  delegates: readonly string[],
  ask: Ask,
  input: AgentInput,
  routing: Routing,
) => Promise<Outcome>;

const STRATEGIES: Readonly<Record<Routing['strategy'], Strategy>> = { sequential, parallel, vote };

/** Each delegate is given what the one before said. */
async function sequential(delegates: readonly string[], ask: Ask, input: AgentInput): Promise<Outcome> {
  const replies: Reply[] = [];
  let given = input;
  for (const agent of delegates) {
    const output = await ask(agent, given);
    replies.push({ agent, output });
    given = { text: output.text };
  }
  const last = replies.at(-1)!.output;
  return { text: last.text, replies, ...(last.data !== undefined && { data: last.data }) };
}

/** All delegates are given the same; their answers are joined in the order of the delegates. */
async function parallel(delegates: readonly string[], ask: Ask, input: AgentInput): Promise<Outcome> {
  const replies = await askAll(delegates, ask, input);
  const data = replies.map(({ agent, output }) => ({ agent, text: output.text }));
  return { text: replies.map(({ output }) => output.text).join('\n\n'), data, replies };
}

/** The answer that most delegates gave wins; of equally frequent ones the first delegate's. */
async function vote(
  delegates: readonly string[],
  ask: Ask,
  input: AgentInput,
  { threshold }: Routing,
): Promise<Outcome> {
  const replies = await askAll(delegates, ask, input);
  const votes = new Map<string, number>();
  for (const { output } of replies) {
    const text = output.text.trim();
    votes.set(text, (votes.get(text) ?? 0) + 1);
  }
  const [text, count] = [...votes].reduce((best, next) => (next[1] > best[1] ? next : best));
  if (threshold !== undefined && count / replies.length < threshold)
    throw noMajority(count, replies.length, threshold);
  const data = [...votes].map(([answer, given]) => ({ text: answer, votes: given }));
  return { text, data, replies };
}

/** Waits for all, so that nothing is left running when one fails. */
async function askAll(delegates: readonly string[], ask: Ask, input: AgentInput): Promise<Reply[]> {
  const outcomes = await Promise.allSettled(delegates.map((agent) => ask(agent, input)));
  return outcomes.map((outcome, index) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return { agent: delegates[index]!, output: outcome.value };
  });
}

async function withFallback(
  { fallbackAgent }: Routing,
  delegate: Delegate,
  input: AgentInput,
  context: ExecutionContext,
  points: WorkflowPoints | undefined,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (fallbackAgent === undefined) throw thrown;
    context.budget.check();
    await points?.rollback(toLlmspellError(thrown).message, fallbackAgent);
    const output = await delegate(fallbackAgent, input, context);
    return { text: output.text, replies: [{ agent: fallbackAgent, output }] };
  }
}

function answer(plan: AgentPlan, input: AgentInput, { text, data, replies }: Outcome): AgentAnswer {
  return {
    provider: 'composite',
    model: plan.composite!.routing.strategy,
    text,
    data,
    finishReason: 'stop',
    usage: replies.map(({ output }) => usageOf(output)).reduce(addUsage, noUsage()),
    toolCalls: [],
    messages: [userMessage(input), { role: 'assistant', text }],
  };
}

function usageOf({ metadata }: AgentOutput): Usage {
  return {
    inputTokens: Number(metadata.input_tokens),
    outputTokens: Number(metadata.output_tokens),
    costUsd: Number(metadata.estimated_cost_usd),
    source: metadata.usage_source as Usage['source'],
  };
}

function noMajority(count: number, of: number, threshold: number): Error {
  return fail(
    'agent.no_majority',
    `The most frequent answer got ${count} of ${of} votes, which is below ${threshold}`,
    {
      hint: 'Lower the threshold, or name a fallback_agent.',
      details: { votes: count, of, threshold },
    },
  );
}
