import type { ExecutionContext } from '../core/context.js';
import type { ScriptValue } from '../core/values.js';
import type { ScriptFunction } from '../globals/define.js';
import type { Isolate } from '../script/isolate-handle.js';
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
  private running: Isolate | undefined;

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

  /** Ends the isolate and forgets everything. */
  async close(): Promise<void> {
    await this.isolate.kill();
    this.handles.clear();
    this.functions.clear();
  }

  /** One object per function, so that two mentions of it are the same. */
  private scriptFunction(fn: number): ScriptFunction {
    const known = this.functions.get(fn);
    if (known) return known;
    const made = Object.assign((...args: unknown[]) => this.call(fn, args as ScriptValue[]), {
      within: (context: ExecutionContext, ...args: unknown[]) =>
        this.call(fn, args as ScriptValue[], context),
      release: () => {
        this.functions.delete(fn);
        this.isolate.releaseFunction(fn);
      },
    });
    this.functions.set(fn, made);
    return made;
  }

  private call(fn: number, args: ScriptValue[], context?: ExecutionContext): Promise<ScriptValue> {
    const run = () => (context ? this.callWithin(context, fn, args) : this.isolate.callFunction(fn, args));
    return this.tape()?.callback(fn, args, run) ?? run();
  }

  private async callWithin(context: ExecutionContext, fn: number, args: ScriptValue[]): Promise<ScriptValue> {
    const begin = context.hold();
    try {
      const { signal } = context;
      return await this.isolate.callFunction(fn, args, { owner: context, signal, onStart: begin });
    } finally {
      begin();
    }
  }
}
