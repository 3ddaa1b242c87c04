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
  /** `name` says which; `input` (or everything else) is what it is given. */
  readonly parameters: JsonObject;
}

/** What the points of one piece of work have in common. */
export interface HookOperation {
  readonly id: string;
  /** Notes that handlers leave for one another. */
  readonly metadata: Record<string, string>;
}

/**
 * What all handlers of a point decided together. `data` is what the point was fired with, as the handlers left
 * it: a handler that modifies it passes it on to the next, and to whoever fired.
 */
export type HookOutcome =
  | {
      kind: 'continue';
      data: JsonObject;
      /** What handlers want done beside the work; gives results by id and never rejects. */
      forks?: Promise<JsonObject>;
      /** Keeps the result of the work, because a handler asked for it. */
      keep?: (result: JsonValue) => void;
    }
  | { kind: 'cancel'; reason: string; hook: string }
  | { kind: 'replace'; value: JsonValue; hook: string }
  | { kind: 'redirect'; target: string; hook: string; data: JsonObject }
  /** Repeat the work; only at points after it. `maxAttempts` counts the first one too. */
  | { kind: 'retry'; delayMs: number; maxAttempts: number; hook: string; data: JsonObject };
