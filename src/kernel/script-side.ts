import { setImmediate } from 'node:timers/promises';
import type { ExecutionContext } from '../core/context.js';
import type { ScriptValue } from '../core/values.js';
import type { ScriptFunction } from '../globals/define.js';
import type { CallbackOptions, Isolate } from '../script/isolate-handle.js';
import type { Execution } from './execution.js';
import { HandleTable } from './handles.js';
import type { Resolver } from './revive.js';
import type { CallTape } from './tape.js';

/**
 * One isolate and what crossed between it and the kernel: the kernel objects its scripts hold, the functions of
 * theirs that the kernel may call. When the isolate dies all of it is gone with it; a new one starts empty, so a
 * number from the old can never mean something in the new.
 */
export class ScriptSide {
  readonly handles = new HandleTable();
  private readonly functions = new Map<number, ScriptFunction>();
  private readonly endings = new Set<() => void>();
  private running: Isolate | undefined;
  /** What executes on this side, where it is not the session's current execution. */
  execution: Execution | undefined;

  /** @param tape what callbacks go over, when the run is recorded. */
  constructor(private readonly tape: () => CallTape | undefined) {}

  /** The isolate; set once, right after it was made with a listener that needs this object. */
  get isolate(): Isolate {
    return this.running!;
  }

  set isolate(isolate: Isolate) {
    this.running = isolate;
  }

  /** What a reference stands for. @throws `handle.released` */
  readonly resolve: Resolver = (kind, id, name) =>
    kind === 'fn' ? this.scriptFunction(Number(id)) : this.handles.resolve(name);

  /** Calls `ending` when the isolate has ended; the result takes that back. Contract of `ending`: must not throw. */
  onEnd(ending: () => void): () => void {
    this.endings.add(ending);
    return () => this.endings.delete(ending);
  }

  /** The isolate has ended. */
  gone(): void {
    const endings = [...this.endings];
    this.endings.clear();
    for (const ending of endings) ending();
  }

  /** Ends the isolate and forgets everything. */
  async close(): Promise<void> {
    await this.isolate.kill();
    this.gone();
    this.handles.clear();
    this.functions.clear();
  }

  /** One object per function, so that two mentions of it are the same. */
  private scriptFunction(fn: number): ScriptFunction {
    const known = this.functions.get(fn);
    if (known) return known;
    const made = Object.assign((...args: unknown[]) => this.call(fn, args as ScriptValue[]), {
      within: (context: ExecutionContext, args: unknown[], onStart?: () => void) =>
        this.call(fn, args as ScriptValue[], { owner: context, signal: context.signal, onStart }),
      callIn: (begin: () => ExecutionContext, ...args: unknown[]) =>
        this.callIn(begin, fn, args as ScriptValue[]),
      release: () => {
        this.functions.delete(fn);
        if (!this.isolate.dead && (this.tape()?.release(fn) ?? true)) this.isolate.releaseFunction(fn);
      },
    });
    this.functions.set(fn, made);
    return made;
  }

  private call(fn: number, args: ScriptValue[], options?: CallbackOptions): Promise<ScriptValue> {
    const tape = this.tape();
    if (!tape) return this.isolate.callFunction(fn, args, options);
    return tape.callback(fn, args, (begun) => {
      const onStart = () => {
        begun();
        options?.onStart?.();
      };
      return this.isolate.callFunction(fn, args, { ...options, onStart });
    });
  }

  /** A recording is in the order in which things reach the script: answers that are noted have to be on their way first. */
  private async callIn(begin: () => ExecutionContext, fn: number, args: ScriptValue[]): Promise<ScriptValue> {
    if (this.tape()) await setImmediate();
    return this.call(fn, args, { begin });
  }
}
