import type { ScriptValue } from '../../core/values.js';

/** What `Debug` needs from the thread. */
export interface DebugHost {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds on a clock that only goes forward. */
  elapsed(): number;
  /** Sends a log entry to the kernel. Must not block. */
  log(entry: { level: string; message: string; module?: string; data?: ScriptValue }): void;
  /** Bytes of memory that the script's engine holds. Contract: must not throw. */
  memory?(): number;
  /** The level that logging begins with. Contract: must not throw. */
  level?(): string;
  /** The last error of the kernel as `{code, message, hint, details}`; undefined before the first. */
  lastError?(): ScriptValue | undefined;
}
