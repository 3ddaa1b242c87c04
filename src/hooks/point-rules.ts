import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { HOOK_POINTS, type HookPoint, type NamedHookPoint } from '../core/hook-points.js';
import type { HookResultKind } from './contract.js';

/** What a point can do. */
export interface PointRule {
  /** The kinds of results that have an effect here; any other raises `hook.unsupported_result`. */
  readonly takes: readonly HookResultKind[];
  /** The value in `data` that the point is about. */
  readonly about?: string;
  /** What `retry` repeats: the question to the handlers, or the work. */
  readonly retry?: 'ask' | 'repeat';
  /** What `redirect` changes: which component does it, or a value in `data`. */
  readonly redirect?: 'component' | { readonly key: string };
  /** What `cache` does: take the kept result or keep the coming one, keep this one, or take the kept one if there is one. */
  readonly cache?: 'both' | 'keep' | 'take';
}

/** Everywhere: say nothing, hand on other data, have something done beside it. */
const LOOK = ['continue', 'modified', 'fork', 'skipped'] as const;
const WATCH = [...LOOK, 'cancel'] as const;

/** It happened; nothing about it can be changed. */
const notice: PointRule = { takes: LOOK };
/** It happens, and can be refused. */
const watch = (about?: string): PointRule => ({ takes: WATCH, ...(about && { about }) });
/** It is about to happen: it can be refused or put off. */
const gate = (about?: string): PointRule => ({
  takes: [...WATCH, 'retry'],
  retry: 'ask',
  ...(about && { about }),
});
const before = (about: string, redirect: NonNullable<PointRule['redirect']>): PointRule => ({
  takes: [...WATCH, 'replace', 'redirect', 'retry', 'cache'],
  about,
  retry: 'ask',
  redirect,
  cache: 'both',
});
const after = (about: string): PointRule => ({
  takes: [...WATCH, 'replace', 'retry', 'cache'],
  about,
  retry: 'repeat',
  cache: 'keep',
});
const failure: PointRule = {
  takes: [...WATCH, 'replace', 'redirect', 'retry', 'cache'],
  about: 'error',
  retry: 'repeat',
  redirect: 'component',
  cache: 'take',
};

const RULES: Readonly<Record<NamedHookPoint, PointRule>> = {
  SystemStartup: gate(),
  SystemShutdown: notice,
  ConfigurationChange: gate('value'),
  ResourceLimitExceeded: notice,
  SecurityViolation: notice,

  BeforeAgentInit: gate('definition'),
  AfterAgentInit: watch(),
  BeforeAgentExecution: before('input', 'component'),
  AfterAgentExecution: after('output'),
  BeforeAgentShutdown: gate(),
  AfterAgentShutdown: notice,
  AgentError: failure,

  BeforeToolDiscovery: {
    takes: [...WATCH, 'replace', 'retry', 'cache'],
    about: 'query',
    retry: 'ask',
    cache: 'both',
  },
  AfterToolDiscovery: after('result'),
  BeforeToolExecution: before('input', 'component'),
  AfterToolExecution: after('output'),
  ToolValidation: {
    takes: [...WATCH, 'replace', 'retry', 'cache'],
    about: 'input',
    retry: 'ask',
    cache: 'both',
  },
  ToolError: failure,

  BeforeWorkflowStart: before('input', 'component'),
  WorkflowStageTransition: {
    takes: [...WATCH, 'retry', 'redirect'],
    about: 'input',
    retry: 'ask',
    redirect: { key: 'to' },
  },
  BeforeWorkflowStage: before('input', { key: 'stage' }),
  AfterWorkflowStage: after('output'),
  WorkflowCheckpoint: gate(),
  WorkflowRollback: notice,
  AfterWorkflowComplete: after('output'),
  WorkflowError: failure,

  BeforeStateRead: before('key', { key: 'key' }),
  AfterStateRead: after('result'),
  BeforeStateWrite: {
    takes: [...WATCH, 'replace', 'redirect', 'retry'],
    about: 'new_value',
    retry: 'ask',
    redirect: { key: 'key' },
  },
  AfterStateWrite: watch(),
  StateConflict: watch(),
  StateMigration: watch(),

  SessionStart: gate(),
  SessionEnd: gate(),
  SessionCheckpoint: gate(),
  SessionRestore: gate(),
  SessionSave: gate(),

  BeforeEventEmit: {
    takes: [...WATCH, 'replace', 'redirect', 'retry'],
    about: 'data',
    retry: 'ask',
    redirect: { key: 'event_type' },
  },
  AfterEventEmit: watch(),
  EventHandlerError: notice,

  PerformanceThresholdExceeded: notice,
  MemoryUsageHigh: notice,
  CpuUsageHigh: notice,
};

/** Points of programs' own: whoever fires one gets the data, or what stands in their place. */
const CUSTOM: PointRule = {
  takes: [...WATCH, 'replace', 'redirect', 'retry', 'cache'],
  about: 'value',
  retry: 'ask',
  redirect: 'component',
  cache: 'both',
};

/** Artifacts are looked at and refused like sessions; nothing stands in the place of their content. */
const ARTIFACT_BEFORE = /^custom:artifact:before_(?:create|modify|delete|validate)$/;
const ARTIFACT_LATER =
  /^custom:artifact:(?:after_(?:create|modify|delete|validate)|validation_failed|derived|accessed)$/;

/** Spellings of points that documentation of old used. */
const POINT_ALIASES: Readonly<Record<string, NamedHookPoint>> = {
  BeforeToolInvocation: 'BeforeToolExecution',
  AfterToolInvocation: 'AfterToolExecution',
  BeforeWorkflowStep: 'BeforeWorkflowStage',
  AfterWorkflowStep: 'AfterWorkflowStage',
};

const CUSTOM_NAME = /^custom:[\w][\w.:-]{0,99}$/;

/** The rule of a point. */
export function ruleOf(point: HookPoint): PointRule {
  if (isNamed(point)) return RULES[point];
  if (ARTIFACT_BEFORE.test(point)) return gate();
  return ARTIFACT_LATER.test(point) ? watch() : CUSTOM;
}

/** The point that a text names. @throws `hook.invalid_point` */
export function hookPoint(text: string): HookPoint {
  if (isNamed(text)) return text;
  if (Object.hasOwn(POINT_ALIASES, text)) return POINT_ALIASES[text]!;
  if (CUSTOM_NAME.test(text)) return text as HookPoint;
  const near = closest(text, [...HOOK_POINTS, ...Object.keys(POINT_ALIASES)]);
  throw fail('hook.invalid_point', `Unknown hook point: ${text}`, {
    hint: near ? `Did you mean '${near}'?` : 'Hook.points() lists them; your own are written custom:<name>.',
    details: { point: text },
  });
}

function isNamed(text: string): text is NamedHookPoint {
  return Object.hasOwn(RULES, text);
}
