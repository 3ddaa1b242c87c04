import type { LlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';

/**
 * Answers the calls of one execution, live or from a recording.
 * Contract of `live`: does the call; `callback` runs a function of the script.
 */
export interface CallTape {
  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ): Promise<ScriptValue>;
  /** Wraps a callback into the script, so that its place in the order is kept. */
  callback(fn: number, args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue>;
  effect(name: string, value: ScriptValue): void;
  /** The script was stopped from outside: by a budget, a time limit or an interrupt. */
  stopped(error: LlmspellError): void;
  /** The script has ended by itself; resolves when what the recording holds beyond has been played. */
  ended?(): Promise<void>;
  close(): void;
}

/** How a replay reaches the script. */
export interface ReplayTarget {
  /** Runs a function of the script; it is cut off when the signal aborts. */
  runCallback(fn: number, args: ScriptValue[], signal: AbortSignal): Promise<ScriptValue>;
  /** Ends the script, which has done something else than it did when it was recorded. */
  stop(error: LlmspellError): void;
  /** Stops the script at once, as it was stopped when it was recorded. */
  stopAgain(error: LlmspellError): void;
}
