import type { ErrorData } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';

/** Slots of the shared control block; the only memory the kernel and an isolate share. */
export const CONTROL = {
  /** Counts messages to the isolate; it sleeps on this slot while it waits for an answer. */
  wake: 0,
  /** Non-zero while the running script must stop; see {@link STOP}. */
  stop: 1,
  /** Weight of the messages sent and not yet handled that nobody waits for; see `backlog.ts`. */
  backlog: 2,
  /** Id of the callback that must stop, while everything below it goes on; 0 for none. */
  stopCallback: 3,
} as const;
/** Number of slots. */
export const CONTROL_SLOTS = 4;

/** Why a script must stop, as written into the control block. */
export const STOP = { none: 0, interrupt: 1, timeout: 2, budget: 3, callback: 4 } as const;

/** The languages a script can be written in; TypeScript runs as JavaScript after its types are removed. */
export type Language = 'lua' | 'javascript';

/** `incomplete` is the beginning of something; `invalid` stays wrong whatever follows it. */
export type Completeness = 'complete' | 'incomplete' | 'invalid';

/** A global that a script has defined. */
export interface GlobalVariable {
  name: string;
  /** In the language's own words; objects of the kernel say their kind. */
  type: string;
}

/** What can be asked of an engine that is not executing. None of it runs code of the script. */
export interface Inquiries {
  /** Names that could continue `text`, the input up to the cursor. */
  complete(text: string): string[];
  /** Whether `text`, as interactive input, could be executed as it is. */
  isComplete(text: string): Completeness;
  /** The globals that scripts have defined, sorted by name; the built-in ones are left out. */
  globals(): GlobalVariable[];
}

/** Code to run and what is known about it. */
export interface Source {
  code: string;
  /** Shown in errors: a path relative to where the user is, or `exec`. */
  name: string;
  /** Remove TypeScript types first. */
  typescript?: boolean;
  /** Relative `require`/`import` start here; absolute path. */
  directory?: string;
  /** Values for `ARGS`, when the execution has any. */
  args?: ScriptArgs;
  /** Try `return <code>` first, so that a bare expression shows its value. */
  interactive?: boolean;
}

/** The script's own arguments. */
export interface ScriptArgs {
  /** Base name of the script. */
  script: string;
  positional: string[];
  named: Record<string, string>;
}

/** What an isolate's thread is started with. */
export interface ThreadSetup {
  language: Language;
  control: SharedArrayBuffer;
  port: import('node:worker_threads').MessagePort;
  engine: EngineCode;
}

/** An engine's compiled code, where it is compiled beforehand (Lua), else the path of its file. */
export type EngineCode = WebAssembly.Module | string;

/** What turns an idle isolate into a session's own; sent before its first execution. */
export interface IsolateSetup {
  /** Most bytes the script's virtual machine may hold. */
  memoryBytes: number;
  /** Seed of the script's random numbers. */
  seed: number;
  /** Names of standard globals that the configuration does not want scripts to have. */
  withhold?: readonly string[] | undefined;
  /** The level at which `Debug` begins to log; info when absent. */
  logLevel?: string | undefined;
  /** Send every clock reading to the kernel, for a recording. */
  recording: boolean;
  /** Recorded clock readings to answer with, oldest first. */
  effects?: ScriptValue[] | undefined;
}

/** Kernel to isolate. */
export type ToIsolate =
  | ({ t: 'setup' } & IsolateSetup)
  | { t: 'execute'; id: number; source: Source }
  | { t: 'result'; id: number; value?: ScriptValue | undefined; error?: ErrorData | undefined }
  | { t: 'callback'; id: number; fn: number; args: ScriptValue[] }
  | { t: 'release-fn'; fn: number }
  | { t: 'inquire'; id: number; name: keyof Inquiries; text: string };

/** Isolate to kernel. */
export type FromIsolate =
  | { t: 'ready' }
  | { t: 'call'; id: number; member: string; handle?: string | undefined; args: ScriptValue[] }
  | {
      t: 'executed';
      id: number;
      value?: ScriptValue | undefined;
      text?: string | undefined;
      exitCode?: number | undefined;
      error?: ErrorData | undefined;
    }
  | { t: 'returned'; id: number; value?: ScriptValue | undefined; error?: ErrorData | undefined }
  | { t: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { t: 'log'; level: string; message: string; module?: string | undefined; data?: ScriptValue | undefined }
  | { t: 'release'; handle: string; count: number }
  | { t: 'effect'; name: string; value: ScriptValue }
  | { t: 'answer'; id: number; answer: ReturnType<Inquiries[keyof Inquiries]> | undefined };
