import { fail, type LlmspellError, toLlmspellError } from '../../core/errors.js';
import type { EngineHost } from '../engine.js';
import type { Bridge } from './bridge.js';
import { isFatal, type Machine, Thrown } from './machine.js';
import type { Prelude } from './prelude-host.js';
import { type Explanation, fatalError, stopped, toScriptError } from './script-error.js';
import { fromWire } from './wire.js';

const OUT_OF_MEMORY: Explanation = { name: 'InternalError', message: 'out of memory', stack: '' };

/** Turns whatever comes out of the machine into the error that the caller sees. */
export class Explainer {
  constructor(
    private readonly machine: Machine,
    private readonly prelude: Prelude,
    private readonly bridge: Bridge,
    private readonly host: EngineHost,
  ) {}

  /** Runs `body`; everything it throws comes out as an `LlmspellError`. `name` says what was running. */
  guard<T>(name: string, body: () => T): T {
    try {
      return body();
    } catch (thrown) {
      if (isFatal(thrown)) throw fatalError(thrown, name);
      throw this.toError(thrown);
    }
  }

  /** What was thrown, as data. Consumes the handle. */
  explain(thrown: Thrown): Explanation {
    using handle = thrown.handle;
    try {
      const facts = this.machine.undisturbed(() => fromWire(this.prelude.text('explain', handle)));
      return this.outOfMemory(facts as unknown as Explanation) ?? (facts as unknown as Explanation);
    } catch (failure) {
      if (isFatal(failure)) throw failure;
      if (failure instanceof Thrown) failure.handle.dispose();
      return OUT_OF_MEMORY;
    }
  }

  /** Without memory even for the error itself, the machine throws null. */
  private outOfMemory({ name, message }: Explanation): Explanation | undefined {
    return this.machine.exhausted && name === '' && message === 'null' ? OUT_OF_MEMORY : undefined;
  }

  private toError(thrown: unknown): LlmspellError {
    const explanation = thrown instanceof Thrown ? this.explain(thrown) : undefined;
    const reason = this.host.stopReason();
    if (reason !== 0) return stopped(reason, explanation);
    if (this.bridge.exitCode !== undefined)
      return fail('script.error', 'The script ended itself with exit()');
    return explanation ? toScriptError(explanation) : toLlmspellError(thrown, 'script.error');
  }
}
