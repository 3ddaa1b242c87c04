import type { ExecutionContext } from './component.js';
import type { HookPoint } from './hook-points.js';
import type { JsonObject, JsonValue } from './values.js';

/** What a hook point speaks of: a component, or a part of llmspell. */
export interface HookSubject {
  readonly type: 'System' | 'Agent' | 'Tool' | 'Workflow' | 'State' | 'Session' | 'Artifact' | 'Event';
  readonly name: string;
}

/** A piece of work that a handler wants done beside the one it looks at. */
export interface ForkOperation {
  readonly id: string;
  /** `tool` or `agent`. */
  readonly operationType: string;
  readonly parameters: JsonObject;
}

/**
 * What all handlers of a point decided together. `data` is what the point was fired with, as the handlers left
 * it: a handler that modifies it passes it on to the next, and to whoever fired.
 */
export type HookOutcome =
  | { kind: 'continue'; data: JsonObject }
  | { kind: 'cancel'; reason: string; hook: string }
  | { kind: 'replace'; value: JsonValue; hook: string }
  | { kind: 'redirect'; target: string; hook: string; data: JsonObject }
  | { kind: 'retry'; delayMs: number; maxAttempts: number; hook: string; data: JsonObject }
  | { kind: 'fork'; operations: readonly ForkOperation[]; hook: string; data: JsonObject }
  | { kind: 'cache'; key: string; ttlMs: number; hook: string; data: JsonObject };

/** Where hook points are fired. Implemented by `hooks/`; the ground floor knows only this much. */
export interface HookGate {
  /** Whether anybody listens; asked before anything is prepared, so that a point without handlers costs next to nothing. */
  has(point: HookPoint): boolean;
  /**
   * Runs the handlers of a point, in order of priority.
   * Contract: rejects only if a handler fails or answers with something unknown (`hook.*`).
   */
  fire(
    point: HookPoint,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
  ): Promise<HookOutcome>;
}

/** Nobody listens. */
export const NO_HOOKS: HookGate = {
  has: () => false,
  fire: async (_point, _subject, data) => ({ kind: 'continue', data }),
};
