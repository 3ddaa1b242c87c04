import { readFileSync } from 'node:fs';
import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';

/**
 * Bytes of its own stack that the machine may use. The isolate's thread has room for the host frames under the
 * deepest nesting that fits in here; with more, the host's stack would overflow first and end the engine.
 */
const STACK_BYTES = 320 * 1024;
/** Size of a page of WebAssembly memory. */
const PAGE_BYTES = 65_536;
/** Extra bytes while an error is being described: the script may have used up its own. */
const RESERVE_BYTES = 4 * 1024 * 1024;

/** QuickJS's own flags for an evaluation; they can be combined. */
export const EVAL = { script: 0, module: 1, strict: 8, compileOnly: 32, async: 128 } as const;

/** What the script threw. Whoever catches it owns the handle. */
export class Thrown extends Error {
  constructor(readonly handle: QuickJSHandle) {
    super('thrown by the script');
  }
}

/** QuickJS in WebAssembly: one runtime with one context, and the calls into it that can fail. */
export class Machine {
  private unlimited = false;
  /** Whether memory was refused since this was last cleared. */
  exhausted = false;

  private constructor(
    readonly runtime: QuickJSRuntime,
    readonly context: QuickJSContext,
    private readonly memory: WebAssembly.Memory,
    private memoryBytes: number,
  ) {}

  /**
   * Starts a machine that can never hold more than `memoryBytes`.
   * @param shouldStop asked every few thousand instructions; true ends what runs. Contract: cheap, must not throw.
   */
  static async start(wasm: string, memoryBytes: number, shouldStop: () => boolean): Promise<Machine> {
    const silent: object = { print: () => {}, printErr: () => {} };
    const wasmModule = new WebAssembly.Module(readFileSync(wasm));
    const quickjs = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, { wasmModule, emscriptenModule: silent }),
    );
    const runtime = quickjs.newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    const memory = quickjs.getWasmMemory();
    const machine = new Machine(runtime, runtime.newContext(), memory, memoryBytes);
    guardGrowth(memory, (bytes) => {
      const fits = bytes <= machine.limit;
      machine.exhausted ||= !fits;
      return fits;
    });
    runtime.setInterruptHandler(() => !machine.unlimited && shouldStop());
    return machine;
  }

  /** From now on the machine can never hold more than this. */
  limitMemory(bytes: number): void {
    this.memoryBytes = bytes;
    this.runtime.setMemoryLimit(bytes + RESERVE_BYTES);
  }

  /** Evaluates source; `flags` are those of {@link EVAL}. Throws {@link Thrown}. */
  evaluate(code: string, name: string, flags: number): QuickJSHandle {
    return this.unwrap(this.context.evalCode(code, name, flags));
  }

  /** Calls a function of the machine; consumes none of the handles. Throws {@link Thrown}. */
  call(fn: QuickJSHandle, ...args: QuickJSHandle[]): QuickJSHandle {
    return this.unwrap(this.context.callFunction(fn, this.context.undefined, ...args));
  }

  /** Runs every pending job, and those they add. Throws {@link Thrown} for the first that fails. */
  runJobs(): void {
    while (this.runtime.hasPendingJob()) {
      const result = this.runtime.executePendingJobs();
      if (result.error) throw new Thrown(result.error);
    }
  }

  /**
   * Runs pending jobs whatever they end in, to be rid of them. The machine looks whether it must stop once in so many
   * calls; where a job makes a divisor of that, each look would come at the same place of the job, possibly after it
   * has added the next. So a job that was stopped is followed by a call more.
   * @param shift makes a call of no effect.
   * @returns whether none is left; code that adds jobs for ever is given up on.
   */
  discardJobs(most: number, shift: () => void): boolean {
    for (let i = 0; i < most && this.runtime.hasPendingJob(); i++) {
      const { error } = this.runtime.executePendingJobs(1);
      if (!error) continue;
      error.dispose();
      this.undisturbed(shift);
    }
    return !this.runtime.hasPendingJob();
  }

  /** Runs our own code: with a little more memory than the script has, and deaf to interrupts. */
  undisturbed<T>(body: () => T): T {
    this.unlimited = true;
    try {
      return body();
    } finally {
      this.unlimited = false;
    }
  }

  /** Bytes of the machine's memory, which grows with the script's needs and never shrinks. */
  get memorySize(): number {
    return this.memory.buffer.byteLength;
  }

  private get limit(): number {
    return this.unlimited ? this.memoryBytes + RESERVE_BYTES : this.memoryBytes;
  }

  private unwrap(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error) throw new Thrown(result.error);
    return result.value;
  }
}

/**
 * Asks `mayHold` before the memory grows. QuickJS keeps count of what it allocates, but this build of it cannot tell how
 * large a block is and counts a few bytes for each; what really binds is the size of the machine's memory.
 */
function guardGrowth(memory: WebAssembly.Memory, mayHold: (bytes: number) => boolean): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (!mayHold(memory.buffer.byteLength + pages * PAGE_BYTES)) throw new RangeError('memory limit reached');
    return grow(pages);
  };
}

/** Whether the machine itself is broken: the host's stack overflowed under it, or it trapped. */
export function isFatal(thrown: unknown): boolean {
  return isStackOverflow(thrown) || thrown instanceof WebAssembly.RuntimeError;
}

/** Whether the thread's own stack ran out, which may have happened in the middle of C code. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes('call stack');
}
