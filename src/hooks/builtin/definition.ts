import { z } from 'zod';
import type { Effects } from '../../core/effects.js';
import type { NamedHookPoint } from '../../core/hook-points.js';
import type { JsonObject } from '../../core/values.js';
import type { HookRegistration } from '../contract.js';

/** What a built-in hook is made with. */
export interface BuiltinParts {
  readonly effects: Effects;
}

/** A built-in hook that is switched on. */
export interface ActiveBuiltin {
  readonly registrations: readonly HookRegistration[];
  /** What it has seen so far, as data. Contract: bounded, must not throw. */
  report?(): JsonObject;
}

/** A hook that comes with llmspell. */
export interface Builtin<O = unknown> {
  readonly name: string;
  /** One sentence: what it does. */
  readonly doc: string;
  /** Other names by which it is known. */
  readonly aliases: readonly string[];
  /** Its options, with their defaults; unknown ones are refused. */
  readonly options: z.ZodType<O>;
  make(options: O, parts: BuiltinParts): ActiveBuiltin;
}

/** Declares a built-in hook. */
export function defineBuiltin<O>(builtin: Builtin<O>): Builtin {
  return builtin as unknown as Builtin;
}

/** The points before and after components work, and where they fail. */
export const WORK_POINTS: readonly NamedHookPoint[] = [
  'BeforeToolExecution',
  'AfterToolExecution',
  'ToolError',
  'BeforeAgentExecution',
  'AfterAgentExecution',
  'AgentError',
  'BeforeWorkflowStart',
  'AfterWorkflowComplete',
  'WorkflowError',
];

/** The option `points`. */
export const pointsOption = (points: readonly NamedHookPoint[]) =>
  z
    .array(z.string())
    .default([...points])
    .describe('The points at which it is called.');

/** The option that names components: texts with `*`. */
export const componentsOption = (fallback: string[]) =>
  z
    .array(z.string())
    .default(fallback)
    .describe('Names of components; `*` stands for any run of characters.');
