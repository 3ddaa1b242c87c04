import type { JsonObject, JsonValue } from '../core/values.js';
import type { Agent } from './agent.js';
import type { Agents } from './agents.js';
import { describePlan } from './plan.js';

/** Everything about one agent, as `Agent.get_details` gives it. @throws `agent.not_found`. */
export function agentDetails(agents: Agents, name: string): JsonObject {
  const agent = agents.require(name);
  return {
    id: agent.id,
    name: agent.id,
    type: agent.plan.type,
    description: agent.plan.description,
    state: agent.lifecycle.state,
    metrics: { ...agent.metrics() },
    config: describePlan(agent.plan),
    composition: {
      can_be_wrapped: true,
      supports_delegation: agent.plan.type === 'composite',
      supports_nesting: true,
    },
  };
}

/** What each live agent can do, by name. */
export function agentCapabilities(agents: Agents): JsonObject {
  return Object.fromEntries(
    agents.list().map((agent) => [
      agent.id,
      {
        id: agent.id,
        name: agent.id,
        description: agent.plan.description,
        config: describePlan(agent.plan),
        capabilities: {
          supports_streaming: true,
          supports_tools: agent.plan.type === 'llm',
          supports_context: true,
          supports_multimodal: agent.plan.type === 'llm',
        },
      },
    ]),
  );
}

/**
 * The names of agents that can do something: `streaming`, `tools`, `context`, `multimodal`, `composite`, or any
 * word of their name or description.
 */
export function discoverByCapability(agents: Agents, capability: string): string[] {
  const wanted = capability.trim().toLowerCase();
  return agents
    .list()
    .filter((agent) => hasCapability(agent, wanted))
    .map((agent) => agent.id);
}

function hasCapability({ id, plan }: Agent, wanted: string): boolean {
  if (wanted === 'streaming' || wanted === 'context') return true;
  if (wanted === 'tools' || wanted === 'multimodal') return plan.type === 'llm';
  if (wanted === 'composite')
    return plan.type === 'composite' || plan.description.toLowerCase().includes('delegate');
  return `${id}\n${plan.description}`.toLowerCase().includes(wanted);
}

/** An agent and what it delegates to, as a tree. @throws `agent.not_found`. */
export function agentHierarchy(agents: Agents, name: string): JsonObject {
  return { root: branch(agents, agents.require(name), []) };
}

/** Redefinitions can make composites delegate in a circle; a branch ends where it would repeat. */
function branch(agents: Agents, agent: Agent, above: readonly string[]): JsonObject {
  const delegates = above.includes(agent.id) ? [] : (agent.plan.composite?.delegates ?? []);
  const children: JsonValue[] = delegates.flatMap((name) => {
    const delegate = agents.get(name);
    return delegate ? [branch(agents, delegate, [...above, agent.id])] : [];
  });
  return { name: agent.id, type: 'agent', id: agent.id, children };
}
