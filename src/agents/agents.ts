import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { closest } from '../core/schema.js';
import { isRecord } from '../core/values.js';
import type { ToolDefinition } from '../tools/define.js';
import { Agent } from './agent.js';
import { agentAsTool } from './as-tool.js';
import { basicRunner } from './basic-runner.js';
import { compositePlan } from './composite-plan.js';
import { compositeRunner } from './composite-runner.js';
import { AgentContexts } from './contexts.js';
import type { AgentOutput, AgentRunner, AgentServices } from './contract.js';
import { llmRunner } from './llm-runner.js';
import { type AgentPlan, agentPlan } from './plan.js';
import { agentTemplate } from './templates.js';

/** Far more than any spell needs: agents take memory of the kernel, which no limit of the script counts. */
const MAX_AGENTS = 10_000;

/** How an agent is created. */
export interface CreateOptions {
  /**
   * Allow a name that is taken: the same definition gives the agent that is there, another one takes its place
   * under that name (who holds the older agent keeps it).
   */
  reuse?: boolean;
  /** Accept any `type`, as the builder does. */
  anyType?: boolean;
}

/** The live agents of one session. */
export class Agents {
  private readonly agents = new Map<string, Agent>();
  /** The execution contexts and the shared memory of the session. */
  readonly contexts: AgentContexts;

  constructor(private readonly services: AgentServices) {
    this.contexts = new AgentContexts(() => services.effects.uuid());
  }

  /**
   * Makes an agent from a raw definition. Asks no model: a wrong model name shows at the first execution.
   * @throws `agent.invalid`, and `agent.exists` for a name that is taken.
   */
  create(raw: unknown, { reuse = false, anyType = false }: CreateOptions = {}): Agent {
    const plan = agentPlan(raw, { fallbackName: () => this.newName(), anyType });
    const existing = this.agents.get(plan.name);
    if (existing && reuse && samePlan(existing.plan, plan)) return existing;
    return this.add(plan, reuse);
  }

  /** Makes an agent and gives its name, as `Agent.register` does. */
  register(raw: unknown): string {
    return this.create(raw).id;
  }

  /** Makes an agent from a template's definition, completed by `params`. */
  createFromTemplate(name: string, template: string, params: unknown): Agent {
    const { definition } = agentTemplate(template);
    return this.create({ ...definition, ...(isRecord(params) ? params : {}), name });
  }

  /**
   * Makes an agent that delegates to others.
   * @throws `agent.not_found` for a delegate that does not exist, `agent.invalid` for a routing that is none.
   */
  createComposite(name: unknown, delegates: unknown, routing: unknown): Agent {
    const plan = compositePlan(name, delegates, routing);
    const { fallbackAgent } = plan.composite!.routing;
    for (const delegate of [...plan.composite!.delegates, ...(fallbackAgent ? [fallbackAgent] : [])])
      this.require(delegate);
    return this.add(plan, false);
  }

  /** The agent of that name. */
  get(name: string): Agent | undefined {
    return this.agents.get(name);
  }

  /** The agent of that name. @throws `agent.not_found`. */
  require(name: string): Agent {
    const agent = this.agents.get(name);
    if (agent) return agent;
    const near = closest(name, [...this.agents.keys()]);
    throw fail('agent.not_found', `Agent '${name}' not found`, {
      hint: near ? `Did you mean '${near}'?` : 'Create it first; Agent.list() shows the agents there are.',
    });
  }

  /** The live agents, sorted by name. */
  list(): Agent[] {
    return [...this.agents.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Ends an agent and frees its name. What it saved stays. @throws `agent.not_found`. */
  destroy(name: string): void {
    this.release(this.require(name));
  }

  /** Ends this very agent, even when its name belongs to a later one by now. */
  release(agent: Agent): void {
    agent.lifecycle.end('destroyed');
    if (this.agents.get(agent.id) === agent) this.agents.delete(agent.id);
  }

  /** Ends all agents; for the end of the session. */
  close(): void {
    for (const agent of this.list()) this.release(agent);
  }

  /** The agent as a tool definition, to be added to the tools of the session. @throws `agent.not_found`. */
  wrapAsTool(name: string, options: unknown): ToolDefinition {
    return agentAsTool(this.require(name), () => this.require(name), options);
  }

  /** Executes an agent that is also told what an execution context knows. @throws `agent.context_not_found`. */
  async executeIn(
    contextId: string,
    agent: Agent,
    input: unknown,
    context: ExecutionContext,
  ): Promise<AgentOutput> {
    const known = this.contexts.view(contextId);
    const table = isRecord(input) ? input : { text: input };
    const own = isRecord(table.context) ? table.context : {};
    return agent.execute({ ...table, context: { ...known, ...own } }, context);
  }

  private add(plan: AgentPlan, replace: boolean): Agent {
    if (!replace && this.agents.has(plan.name)) {
      throw fail('agent.exists', `Agent instance '${plan.name}' already exists`, {
        hint: 'Choose another name, fetch it with Agent.get, or destroy the other agent first.',
      });
    }
    if (this.agents.size >= MAX_AGENTS)
      throw fail('limit.memory', `A session holds at most ${MAX_AGENTS} agents`, {
        hint: 'Destroy those that are no longer needed: agent:destroy().',
      });
    const agent = new Agent(plan, this.runner(plan), this.services);
    this.agents.set(plan.name, agent);
    return agent;
  }

  private runner(plan: AgentPlan): AgentRunner {
    if (plan.type === 'basic') return basicRunner(plan.name);
    if (plan.type === 'llm') return llmRunner(plan, this.services);
    return compositeRunner(plan, (name, input, context) => this.require(name).execute({ ...input }, context));
  }

  private newName(): string {
    return `agent_${Buffer.from(this.services.effects.bytes(4)).toString('hex')}`;
  }
}

function samePlan(a: AgentPlan, b: AgentPlan): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
