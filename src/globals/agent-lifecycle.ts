import type { Agent } from '../agents/agent.js';
import { announce, around, notice } from '../core/around.js';
import { isRecord, type JsonObject, toJson } from '../core/values.js';
import type { Call } from './define.js';

const subjectOf = (name: string) => ({ type: 'Agent', name }) as const;

/**
 * Makes an agent between the points `BeforeAgentInit` and `AfterAgentInit`: handlers of the first may change its
 * definition or refuse it; when one of the second refuses, the agent is ended again.
 * @param make Contract: gives the agent that the definition describes.
 */
export async function initialized<T>(
  call: Call,
  definition: T,
  make: (definition: T) => Promise<Agent>,
): Promise<Agent> {
  const { context } = call;
  const { hooks } = context;
  if (!hooks.has('BeforeAgentInit') && !hooks.has('AfterAgentInit')) return make(definition);
  const shown = toJson(definition as never);
  const name = isRecord(shown) && typeof shown.name === 'string' ? shown.name : 'agent';
  let agent!: Agent;
  const points = { before: 'BeforeAgentInit', subject: subjectOf(name) } as const;
  await around(points, { agent: name, definition: shown }, context, async (data) => {
    agent = await make(data.definition === shown ? definition : (data.definition as T));
    return null;
  });
  await confirmed(call, agent);
  return agent;
}

async function confirmed(call: Call, agent: Agent): Promise<void> {
  try {
    const data: JsonObject = { agent: agent.id, agent_type: agent.plan.type };
    await announce('AfterAgentInit', subjectOf(agent.id), data, call.context);
  } catch (thrown) {
    (await call.services.agents()).release(agent);
    throw thrown;
  }
}

/** Ends an agent between `BeforeAgentShutdown`, whose handlers may refuse it, and `AfterAgentShutdown`. */
export async function shutDown(call: Call, agent: Agent, end: () => unknown): Promise<void> {
  const { context } = call;
  const subject = subjectOf(agent.id);
  const data = { agent: agent.id };
  await around({ before: 'BeforeAgentShutdown', subject }, data, context, async () => {
    await end();
    return null;
  });
  await notice('AfterAgentShutdown', subject, data, context);
}
