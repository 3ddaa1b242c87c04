import type { ScriptValue } from '../core/values.js';
import type { Manifest } from './manifest.js';
import type { Inquiries, Source } from './protocol.js';

/** What a script left behind when it ended without an error. */
export interface ExecutionValue {
  /** The returned value in a form that never fails to cross; functions and threads become their names. */
  value: ScriptValue | undefined;
  /** How the value reads on a terminal; absent when nothing was returned. */
  text?: string | undefined;
  /** Set when the script ended itself with `os.exit`. */
  exitCode?: number | undefined;
}

/** The thread around an engine, as the engine sees it. */
export interface EngineHost {
  readonly manifest: Manifest;
  /** Most bytes the virtual machine may hold; known before the first execution. */
  memoryBytes(): number;
  /** Seed of the script's random numbers; known before the first execution. */
  seed(): number;
  /** Names of standard globals that scripts are not to have; known before the first execution. */
  withheld(): readonly string[];
  /** Calls a member of the kernel and blocks until it answers. Throws `LlmspellError`s. */
  call(member: string, handle: string | undefined, args: ScriptValue[]): ScriptValue;
  /** Runs a member that needs no kernel. */
  local(member: string, args: ScriptValue[]): ScriptValue;
  /** Streams text as it is printed. */
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** The script no longer holds this handle, which it had received `count` times. */
  release(handle: string, count: number): void;
  /** Reads a clock: journaled while recording, answered from the recording while replaying. */
  effect<T extends ScriptValue>(name: string, read: () => T): T;
  /** One of `STOP`; non-zero while the script must stop. */
  stopReason(): number;
}

/** A script engine. Everything happens on its own thread, synchronously. */
export interface Engine extends Inquiries {
  /** Called once when limits and seed are known, before the first execution. */
  setUp?(): void;
  /** Runs source to its end; throws `LlmspellError`s with the script's own traceback. */
  execute(source: Source): ExecutionValue;
  /** Calls a function the script handed out earlier. */
  callFunction(fn: number, args: ScriptValue[]): ScriptValue;
  /** Forgets a function that nobody will call again. */
  releaseFunction(fn: number): void;
  /**
   * Makes the running script raise at its next instruction, and go on raising until it has unwound: as a whole, or
   * only its innermost call of {@link callFunction}.
   * @param callback how many calls of functions are running, where only the innermost is meant.
   */
  interrupt(callback?: number): void;
  /** Bytes that the script's values take up. */
  memoryUsed(): number;
}
