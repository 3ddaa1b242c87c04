import type { ErrorData, LlmspellError } from '../core/errors.js';
import type { Secrets } from '../core/secrets.js';
import type { ScriptValue } from '../core/values.js';

/** One of the streams that scripts print to. */
export type StreamName = 'stdout' | 'stderr';

/** How an execution ended, as far as it is the same every time. */
export interface ExecutionEnd {
  /** How the script's result reads. */
  text?: string | undefined;
  /** The code that the script ended itself with. */
  exitCode?: number | undefined;
  error?: ErrorData | undefined;
}

/**
 * Answers the calls of one session, live or from a recording.
 * Contract of `live`: does the call; `callback` runs a function of the script.
 */
export interface CallTape {
  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ): Promise<ScriptValue>;
  /**
   * Wraps a callback into the script, so that its place in the order is kept.
   * Contract of `run`: calls `onStart` when the function begins; until then it waits for the script to wait or end.
   */
  callback(
    fn: number,
    args: ScriptValue[],
    run: (onStart: () => void) => Promise<ScriptValue>,
  ): Promise<ScriptValue>;
  effect(name: string, value: ScriptValue): void;
  /** Nobody will call a function of the script again; false when the script is not to be told, which it was already. */
  release(fn: number): boolean;
  /** The script prints; false when nobody is to see it. */
  output(stream: StreamName, text: string): boolean;
  /** What stands around the script prints (hooks of the configuration); false when nobody is to see it. */
  shown(stream: StreamName, text: string): boolean;
  /** A component begins its work at this step path. */
  step(path: string): void;
  /** The script was stopped from outside: by a budget, a time limit or an interrupt. */
  stopped(error: LlmspellError): void;
  /**
   * The script has ended; resolves when what the recording holds of it has been played. What it gives is how the
   * execution failed, whatever else is known of that.
   */
  ended(end: ExecutionEnd): Promise<LlmspellError | undefined>;
  /** The session is about to end; resolves when what the recording holds of that has been played. */
  closing(): Promise<void>;
  close(): void;
}

/** How a tape reaches the session. */
export interface TapeTarget {
  readonly secrets: Secrets;
  /** Runs a function of the script; it is cut off when the signal aborts. */
  runCallback(
    fn: number,
    args: ScriptValue[],
    signal: AbortSignal,
    onStart?: () => void,
  ): Promise<ScriptValue>;
  /** Tells the script that nobody will call this function again. */
  releaseFunction(fn: number): void;
  /** Counts a step as taken, so that the next of its kind has the next number. */
  passStep(path: string): void;
  /**
   * Has kernel objects stand under other names.
   * @param last the highest number that the script may know a kernel object by.
   */
  renameHandles(names: ReadonlyMap<string, string>, last: number): void;
  /** Shows what stood around the script had printed. */
  show(stream: StreamName, text: string): void;
  /** Ends the script, which has done something else than it did when it was recorded. */
  stop(error: LlmspellError): void;
  /** Stops the script at once, as it was stopped when it was recorded. */
  stopAgain(error: LlmspellError): void;
}
