import type { Component } from '../core/component.js';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { invoke } from '../core/invoke.js';
import type { JsonObject } from '../core/values.js';
import type { ToolResult } from '../tools/result.js';
import { Alerts } from './alerts.js';
import type {
  AgentAnswer,
  AgentEvent,
  AgentOutput,
  AgentProgress,
  AgentRunner,
  AgentServices,
  ProgressListener,
} from './contract.js';
import { Conversation } from './conversation.js';
import { EventQueue } from './event-queue.js';
import { type AgentInput, agentInput } from './input.js';
import { Lifecycle } from './lifecycle.js';
import { AgentMetrics, type MetricsSnapshot } from './metrics.js';
import { adoptedOutput, agentOutput } from './output.js';
import type { AgentPlan } from './plan.js';
import { deleteAgent, loadAgent, saveAgent } from './saved-state.js';

/** How an agent is doing; `Degraded` when more than half of its executions fail. */
export type HealthStatus = 'Healthy' | 'Degraded' | 'Unhealthy';

/** A live agent: its plan, what it remembers, what it counted. Executions may overlap. */
export class Agent {
  readonly lifecycle: Lifecycle;
  readonly conversation: Conversation;
  readonly alerts = new Alerts();
  private readonly counts = new AgentMetrics();

  constructor(
    readonly plan: AgentPlan,
    private readonly runner: AgentRunner,
    private readonly services: Pick<AgentServices, 'tools' | 'effects' | 'state'>,
  ) {
    this.lifecycle = new Lifecycle(plan.name, () => services.effects.now());
    this.conversation = new Conversation({
      messages: plan.maxConversationLength,
      bytes: plan.maxMemoryMb * 1024 * 1024,
    });
  }

  /** Its name, unique among the live agents of its session; the state it saves is found again by it. */
  get id(): string {
    return this.plan.name;
  }

  /** The agent as something `invoke` can run. @param listener sees the progress of the run. */
  component(listener: ProgressListener = () => {}): Component<AgentInput, AgentOutput> {
    return {
      kind: 'agent',
      name: this.plan.name,
      description: this.plan.description,
      input: agentInput,
      timeoutMs: this.plan.maxExecutionSeconds * 1000,
      run: (input, context) => this.run(input, context, listener),
      adopt: adoptedOutput,
    };
  }

  /** Executes once. @param input a text, or a table as {@link agentInput} reads it. */
  execute(input: unknown, context: ExecutionContext): Promise<AgentOutput> {
    return invoke(this.component(), input, context);
  }

  /**
   * Executes once and yields what happens meanwhile, `finish` at the end. Whoever stops reading early cancels
   * the execution.
   */
  async *stream(input: unknown, context: ExecutionContext): AsyncGenerator<AgentEvent, void> {
    const stop = new AbortController();
    const queue = new EventQueue<AgentProgress>();
    const work = invoke(
      this.component((event) => queue.push(event)),
      input,
      stoppable(context, stop.signal),
    ).finally(() => queue.end());
    work.catch(() => {});
    try {
      yield* queue;
      yield { type: 'finish', output: await work };
    } finally {
      stop.abort(fail('component.cancelled', `Nobody reads the stream of agent '${this.id}' any more`));
    }
  }

  /** Runs a tool in the agent's name; `allowed_tools` binds the model, not the script. */
  invokeTool(name: string, args: JsonObject, context: ExecutionContext): Promise<ToolResult> {
    this.counts.countTool();
    return this.services.tools.call(name, args, context);
  }

  /** What the agent counted, and the bytes of the conversation it remembers. */
  metrics(): MetricsSnapshot & { agent_id: string; memory_bytes: number } {
    return { agent_id: this.id, memory_bytes: this.conversation.bytes, ...this.counts.snapshot() };
  }

  /** Averages and rates over the finished executions. */
  performance(): ReturnType<AgentMetrics['performance']> {
    return this.counts.performance();
  }

  /** How the agent is doing. */
  health(): HealthStatus {
    if (['Error', 'Terminating', 'Terminated'].includes(this.lifecycle.state)) return 'Unhealthy';
    return this.performance().error_rate > 0.5 ? 'Degraded' : 'Healthy';
  }

  /** Compares the alert rules with the present metrics; done after every execution too. */
  checkAlerts(): void {
    if (!this.alerts.watching) return;
    const { agent_id: _, ...metrics } = this.metrics();
    const { error_rate, ...rates } = this.performance();
    const facts = {
      metrics: { ...metrics, ...rates, error_rate },
      health: this.health(),
      errorRatePercent: error_rate * 100,
    };
    this.alerts.check(facts, this.services.effects.now());
  }

  /** Saves what the agent remembers. @throws `storage.unavailable` when the session keeps no state. */
  saveState(context: ExecutionContext): Promise<void> {
    const metadata = { name: this.id, saved_at: context.effects.now(), ...this.counts.snapshot() };
    return saveAgent(this.services.state, this.id, this.conversation.turns, metadata, context);
  }

  /** Remembers what was saved under this agent's name, in place of what it remembers now; false if nothing was. */
  async loadState(context: ExecutionContext): Promise<boolean> {
    const turns = await loadAgent(this.services.state, this.id, context);
    if (turns) this.conversation.replace(turns);
    return turns !== undefined;
  }

  /** Deletes what was saved; false when there was nothing. */
  deleteState(context: ExecutionContext): Promise<boolean> {
    return deleteAgent(this.services.state, this.id, context);
  }

  private async run(
    input: AgentInput,
    context: ExecutionContext,
    listener: ProgressListener,
  ): Promise<AgentOutput> {
    this.lifecycle.requireExecutable();
    requireDepth(this.plan, context);
    const started = context.effects.now();
    const request = this.counts.begin();
    try {
      const answer = await this.follow(this.runner(input, this.conversation.window(), context), listener);
      context.signal.throwIfAborted();
      const durationMs = context.effects.now() - started;
      this.conversation.add(answer.messages);
      request.succeed(durationMs, answer.usage);
      return agentOutput(answer, durationMs);
    } catch (thrown) {
      request.fail(context.effects.now() - started);
      throw thrown;
    } finally {
      this.checkAlerts();
    }
  }

  private async follow(run: ReturnType<AgentRunner>, listener: ProgressListener): Promise<AgentAnswer> {
    for (;;) {
      const step = await run.next();
      if (step.done) return step.value;
      if (step.value.type === 'tool.started') this.counts.countTool();
      listener(step.value);
    }
  }
}

/** The same context with a further signal for the steps inside it. */
function stoppable(context: ExecutionContext, signal: AbortSignal): ExecutionContext {
  return {
    ...context,
    signal: AbortSignal.any([context.signal, signal]),
    child: (kind, name, options = {}) =>
      context.child(kind, name, {
        ...options,
        signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal,
      }),
  };
}

/** Agents reach each other through tools and composites; the step path shows how deep this one stands. */
function requireDepth(plan: AgentPlan, context: ExecutionContext): void {
  const depth = context.path.split('/').filter((step) => step.startsWith('agent:')).length;
  if (depth <= plan.maxRecursionDepth) return;
  throw fail(
    'agent.recursion_limit',
    `Agent '${plan.name}' would be number ${depth} of agents inside each other`,
    {
      hint: `Its max_recursion_depth is ${plan.maxRecursionDepth}; look for agents that call each other.`,
      details: { depth, limit: plan.maxRecursionDepth, path: context.path },
    },
  );
}
