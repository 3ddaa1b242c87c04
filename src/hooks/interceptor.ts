import { notice } from '../core/around.js';
import type { Component, HookGate, Interceptor, Invocation } from '../core/component.js';
import type { ComponentKind } from '../core/events.js';
import type { NamedHookPoint } from '../core/hook-points.js';
import type { HookSubject } from '../core/hooks.js';
import { type Passage, pass } from '../core/passage.js';
import { inputError } from '../core/schema.js';
import { type JsonObject, type JsonValue, toJson } from '../core/values.js';
import type { Perform } from './forks.js';

interface KindPoints {
  readonly type: HookSubject['type'];
  readonly before: NamedHookPoint;
  readonly after: NamedHookPoint;
  readonly error: NamedHookPoint;
  /** Between the check of the input and the work. */
  readonly checked?: NamedHookPoint;
}

const POINTS: Readonly<Partial<Record<ComponentKind, KindPoints>>> = {
  tool: {
    type: 'Tool',
    before: 'BeforeToolExecution',
    after: 'AfterToolExecution',
    error: 'ToolError',
    checked: 'ToolValidation',
  },
  agent: {
    type: 'Agent',
    before: 'BeforeAgentExecution',
    after: 'AfterAgentExecution',
    error: 'AgentError',
  },
  workflow: {
    type: 'Workflow',
    before: 'BeforeWorkflowStart',
    after: 'AfterWorkflowComplete',
    error: 'WorkflowError',
  },
};

/**
 * Fires the points around every invocation of a tool, an agent or a workflow, and tells of those that take longer
 * than `thresholdMs`.
 */
export function hookInterceptor(gate: HookGate, perform: Perform, thresholdMs: number): Interceptor {
  const hooked: Interceptor = (invocation, next) => {
    const points = POINTS[invocation.component.kind];
    if (!points || !hasListener(gate, points)) return next(invocation);
    return new HookedInvocation(invocation, points, next, perform).run();
  };
  return (invocation, next) =>
    gate.has('PerformanceThresholdExceeded')
      ? timed(invocation, () => hooked(invocation, next), thresholdMs)
      : hooked(invocation, next);
}

async function timed<T>(
  { component: { kind, name }, context }: Invocation,
  work: () => Promise<T>,
  thresholdMs: number,
): Promise<T> {
  const started = context.effects.now();
  try {
    return await work();
  } finally {
    const durationMs = context.effects.now() - started;
    const data = { kind, name, duration_ms: durationMs, threshold_ms: thresholdMs };
    const subject = { type: POINTS[kind]?.type ?? 'System', name } as const;
    if (durationMs >= thresholdMs && !context.signal.aborted)
      await notice('PerformanceThresholdExceeded', subject, data, context);
  }
}

function hasListener(gate: HookGate, { before, after, error, checked }: KindPoints): boolean {
  return (
    gate.has(before) || gate.has(after) || gate.has(error) || (checked !== undefined && gate.has(checked))
  );
}

/** One invocation that handlers look at. Its input is JSON to them; what they leave alone goes on as it was. */
class HookedInvocation {
  private readonly subject: HookSubject;

  constructor(
    private readonly invocation: Invocation,
    private readonly points: KindPoints,
    private readonly next: (invocation: Invocation) => Promise<unknown>,
    private readonly perform: Perform,
  ) {
    this.subject = { type: points.type, name: invocation.component.name };
  }

  run(): Promise<unknown> {
    const { invocation, points } = this;
    const { component, context } = invocation;
    const shown = asJson(invocation.input);
    const { before, after, error } = points;
    const passage: Passage<unknown> = {
      ...this.passage((data) => {
        const input = data.input === shown ? invocation.input : data.input;
        return this.next({ ...invocation, component: this.looking(component), input });
      }),
      before,
      after,
      error,
      redirect: (target, data) =>
        this.perform(component.kind, target, data.input ?? null, context.child('hook', 'redirect')),
    };
    return pass(passage, { [component.kind]: component.name, input: shown }, context);
  }

  /** The component, whose checked input handlers may see before it begins. */
  private looking(component: Component): Component {
    const { checked: point } = this.points;
    if (!point || !this.invocation.context.hooks.has(point)) return component;
    return {
      ...component,
      run: (checked, context) => {
        const shown = asJson(checked);
        const work = async (data: JsonObject) =>
          component.run(data.input === shown ? checked : recheck(component, data.input), context);
        const data = { [component.kind]: component.name, input: shown };
        return pass({ ...this.passage(work), before: point }, data, context);
      },
    };
  }

  private passage(work: (data: JsonObject) => Promise<unknown>): Passage<unknown> {
    const { component, input } = this.invocation;
    const { subject } = this;
    const adopt = (value: JsonValue) => component.adopt?.(value, asJson(input)) ?? value;
    return { subject, resultKey: 'output', work, show: asJson, adopt };
  }
}

function recheck(component: Component, input: unknown): unknown {
  const checked = component.input.safeParse(input);
  if (checked.success) return checked.data;
  throw inputError(
    `${component.kind} '${component.name}', as a hook changed it`,
    checked.error,
    component.input,
  );
}

/** What is not JSON (handles, callbacks) is shown by its name. */
function asJson(value: unknown): JsonValue {
  if (value === undefined) return null;
  try {
    return toJson(value as never);
  } catch {
    return String(value);
  }
}
