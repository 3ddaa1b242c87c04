import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { fail } from '../../core/errors.js';
import type { EngineHost } from '../engine.js';
import { type Machine, Thrown } from './machine.js';
import type { Prelude } from './prelude-host.js';
import { outOfMemory } from './script-error.js';

/** Longest sleep before looking whether the script must stop. */
const SLICE_MS = 20;

/** Runs what a script left to be run later: promise jobs and timers, on this thread, one after the other. */
export class Settler {
  private readonly sleeper = new Int32Array(new SharedArrayBuffer(4));

  constructor(
    private readonly machine: Machine,
    private readonly prelude: Prelude,
    private readonly host: EngineHost,
  ) {}

  /**
   * The value of a promise, or `handle` itself if it is none. Consumes the handle.
   * @throws {@link Thrown} with the reason of a rejected promise, `script.error` for one that nothing can settle.
   */
  settle(handle: QuickJSHandle): QuickJSHandle {
    for (;;) {
      this.runJobs();
      const state = this.machine.context.getPromiseState(handle);
      if (state.type !== 'pending') {
        if (state.type === 'fulfilled' && state.notAPromise) return handle;
        handle.dispose();
        if (state.type === 'rejected') throw new Thrown(state.error);
        return state.value;
      }
      // A promise job that finds no memory fails like any other, which nobody need notice.
      if (!this.fireNext()) throw this.machine.exhausted ? outOfMemory() : unsettled();
    }
  }

  /** Runs until no job and no timer is left. */
  finish(): void {
    do this.runJobs();
    while (this.fireNext());
  }

  /** A job that is interrupted ends like one that fails, which nobody need notice: so the flag is looked at as well. */
  private runJobs(): void {
    this.machine.runJobs();
    if (this.host.stopReason() !== 0) throw fail('execution.interrupted', 'interrupted!');
  }

  /** Waits for the next timer and runs it; false when there is none. */
  private fireNext(): boolean {
    using answer = this.prelude.call('nextTimer');
    const due = this.machine.context.getNumber(answer);
    if (due < 0) return false;
    this.sleep(due - this.host.effect('clock', () => Date.now()));
    this.prelude.call('fireTimer').dispose();
    return true;
  }

  private sleep(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = end - performance.now()) {
      if (this.host.stopReason() !== 0) throw fail('execution.interrupted', 'interrupted!');
      Atomics.wait(this.sleeper, 0, 0, Math.min(left, SLICE_MS));
    }
  }
}

function unsettled(): Error {
  return fail('script.error', 'The script waits for a promise that nothing will settle', {
    hint: 'A promise made with `new Promise` has to be resolved by a timer or a call.',
  });
}
