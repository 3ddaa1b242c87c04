import { announce, around, notice } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import { HOOK_POINT_GROUPS } from '../core/hook-points.js';
import { type Passage, pass } from '../core/passage.js';
import { isRecord, type JsonObject, type JsonValue, toJson } from '../core/values.js';
import type { AgentOutput } from './contract.js';
import { type AgentInput, agentInput } from './input.js';
import { adoptedOutput } from './output.js';

/** What a workflow of agents came to: the text that is its answer, and the rest. */
export interface WorkflowOutcome {
  readonly text: string;
}

/** Runs one stage: has this agent answer. */
export type Stage = (agent: string, input: AgentInput) => Promise<AgentOutput>;

/** The hook points of one run of a composite agent, whose delegates are its stages. */
export class WorkflowPoints {
  private done = 0;
  private last: string | undefined;

  constructor(
    private readonly name: string,
    private readonly context: ExecutionContext,
    private readonly run: Stage,
  ) {}

  /** Whether anybody listens to any of the points. */
  static heard({ hooks }: ExecutionContext): boolean {
    return HOOK_POINT_GROUPS.Workflow.some((point) => hooks.has(point));
  }

  /** All stages, between `BeforeWorkflowStart` and `AfterWorkflowComplete` or `WorkflowError`. */
  whole<T extends WorkflowOutcome>(
    input: AgentInput,
    work: (input: AgentInput) => Promise<T>,
    adopt: (text: string) => T,
  ): Promise<T> {
    const shown = toJson(input as never);
    const passage: Passage<T> = {
      before: 'BeforeWorkflowStart',
      after: 'AfterWorkflowComplete',
      error: 'WorkflowError',
      subject: this.subject,
      resultKey: 'output',
      work: (data) => work(data.input === shown ? input : agentInput.parse(data.input)),
      show: ({ text }) => text,
      adopt: (value) => adopt(textOf(value)),
      redirect: async (target, data) => adopt((await this.run(target, agentInput.parse(data.input))).text),
    };
    return pass(passage, { workflow: this.name, input: shown }, this.context);
  }

  /** One stage, between its own points, with a transition before it and a checkpoint after it. */
  async stage(agent: string, input: AgentInput): Promise<AgentOutput> {
    const entered = await this.enter(agent, input);
    const shown = toJson(entered.input as never);
    const passage: Passage<AgentOutput> = {
      before: 'BeforeWorkflowStage',
      after: 'AfterWorkflowStage',
      subject: this.subject,
      resultKey: 'output',
      work: (data) =>
        this.run(String(data.stage), data.input === shown ? entered.input : agentInput.parse(data.input)),
      show: ({ text }) => text,
      adopt: adoptedOutput,
    };
    const data = { workflow: this.name, stage: entered.agent, input: shown };
    const output = await pass(passage, data, this.context);
    await this.checkpoint(entered.agent);
    return output;
  }

  /** What the stages did is given up; another agent answers in their place. */
  rollback(reason: JsonValue, fallback: string): Promise<void> {
    const data = { workflow: this.name, completed: this.done, reason, fallback };
    return notice('WorkflowRollback', this.subject, data, this.context);
  }

  private async enter(agent: string, input: AgentInput): Promise<{ agent: string; input: AgentInput }> {
    const from = this.last ?? null;
    this.last = agent;
    const shown = toJson(input as never);
    let chosen = { agent, input };
    const points = { before: 'WorkflowStageTransition', subject: this.subject } as const;
    const data: JsonObject = { workflow: this.name, from, to: agent, input: shown };
    await around(points, data, this.context, async (after) => {
      chosen = {
        agent: String(after.to),
        input: after.input === shown ? input : agentInput.parse(after.input),
      };
      return null;
    });
    return chosen;
  }

  private async checkpoint(stage: string): Promise<void> {
    this.done++;
    const data = { workflow: this.name, stage, completed: this.done };
    await announce('WorkflowCheckpoint', this.subject, data, this.context);
  }

  private get subject() {
    return { type: 'Workflow', name: this.name } as const;
  }
}

function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  const { text } = isRecord(value) ? value : {};
  return typeof text === 'string' ? text : JSON.stringify(value);
}
