import type { ErrorData } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';

/** Slots of the shared control block; the only memory the kernel and an isolate share. */
export const CONTROL = {
  /** Counts messages to the isolate; it sleeps on this slot while it waits for an answer. */
  wake: 0,
  /** Non-zero while the running script must stop; see {@link STOP}. */
  stop: 1,
  /** Output messages sent and not yet handled; the isolate waits when there are too many. */
  backlog: 2,
} as const;
/** Number of slots. */
export const CONTROL_SLOTS = 4;

/** Why a script must stop, as written into the control block. */
export const STOP = { none: 0, interrupt: 1, timeout: 2, budget: 3 } as const;

/** The languages a script can be written in; TypeScript runs as JavaScript after its types are removed. */
export type Language = 'lua' | 'javascript';

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

/** What an isolate is started with. */
export interface IsolateSetup {
  language: Language;
  /** Path of the engine's WebAssembly file. */
  wasm: string;
  control: SharedArrayBuffer;
  port: import('node:worker_threads').MessagePort;
  /** Most bytes the script's virtual machine may hold. */
  memoryBytes: number;
  /** Seed of the script's random numbers. */
  seed: number;
  /** Send every clock reading to the kernel, for a recording. */
  recording: boolean;
  /** Recorded clock readings to answer with, oldest first. */
  effects?: ScriptValue[] | undefined;
}

/** Kernel to isolate. */
export type ToIsolate =
  | { t: 'execute'; id: number; source: Source }
  | { t: 'result'; id: number; value?: ScriptValue | undefined; error?: ErrorData | undefined }
  | { t: 'callback'; id: number; fn: number; args: ScriptValue[] }
  | { t: 'release-fn'; fn: number }
  | { t: 'complete'; id: number; text: string };

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
  | { t: 'completions'; id: number; items: string[] };
