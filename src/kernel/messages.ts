import type { ErrorData } from '../core/errors.js';
import type { Usage } from '../core/events.js';
import type { JsonValue, ScriptValue } from '../core/values.js';

/** What an execution says while it runs: the words of the Jupyter protocol. */
export type KernelMessage =
  | { type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { type: 'display_data'; mime: string; data: JsonValue }
  | { type: 'execute_result'; value: ScriptValue; text: string }
  | { type: 'error'; error: ErrorData };

/** How an execution ended. Callers read the flags and never parse text. */
export interface Outcome {
  ok: boolean;
  /** The id of the run in the journal. */
  run: string;
  /** What the script returned; also present, as far as it got, when a budget ended it. */
  value: ScriptValue;
  /** How the value reads on a terminal. */
  text?: string | undefined;
  error?: ErrorData | undefined;
  cancelled: boolean;
  timedOut: boolean;
  budgetExceeded: boolean;
  /** The code that the script ended itself with. */
  exitCode?: number | undefined;
  durationMs: number;
  usage: Usage;
  /** Tools, agents, workflows and models called. */
  calls: number;
}
