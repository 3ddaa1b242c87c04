import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { toLlmspellError } from '../../core/errors.js';
import { writeJson } from '../../core/json-text.js';
import type { ScriptValue } from '../../core/values.js';
import type { Engine, EngineHost, ExecutionValue } from '../engine.js';
import type { Completeness, GlobalVariable, Source } from '../protocol.js';
import { Bridge } from './bridge.js';
import { completeJavaScript } from './complete.js';
import { Explainer } from './explainer.js';
import { syntaxPosition } from './frames.js';
import { syntax } from './lazy-syntax.js';
import { EVAL, isFatal, Machine, Thrown } from './machine.js';
import { ModuleLoader } from './modules.js';
import { Prelude } from './prelude-host.js';
import { chooseReading, type Reading } from './reading.js';
import { type Explanation, endlessJobs, fatalError, toScriptError } from './script-error.js';
import { Settler } from './settle.js';
import { fromWire, fromWireParts, toWire } from './wire.js';

/** Whether a source may declare something that an interactive session would not let it declare twice. */
const DECLARES = /\b(?:let|const|class)\b/;
/**
 * Jobs that a script which failed may leave behind; more of them keep adding themselves and never end. Far more than
 * the calls between two looks of the machine whether it must stop, which ends most of such chains.
 */
const MAX_LEFTOVER_JOBS = 100_000;

/**
 * Starts the engine for JavaScript and TypeScript: QuickJS in WebAssembly.
 * @param wasm path of `quickjs.wasm`.
 */
export async function startJavaScriptEngine(wasm: string, host: EngineHost): Promise<Engine> {
  const bridge = new Bridge(host);
  const machine = await Machine.start(wasm, host.memoryBytes(), () => bridge.stopping);
  return new JavaScriptEngine(machine, bridge, host);
}

/** The engine around a machine whose globals are still those of the language. */
class JavaScriptEngine implements Engine {
  private readonly prelude: Prelude;
  private readonly explainer: Explainer;
  private readonly settler: Settler;
  private readonly modules: ModuleLoader;
  private executing = false;

  constructor(
    private readonly machine: Machine,
    private readonly bridge: Bridge,
    private readonly host: EngineHost,
  ) {
    this.prelude = machine.undisturbed(() => new Prelude(machine, bridge, host));
    this.explainer = new Explainer(machine, this.prelude, bridge, host);
    this.settler = new Settler(machine, this.prelude, host);
    this.modules = new ModuleLoader(host);
    machine.runtime.setModuleLoader(
      (name) => this.answerLoader(() => this.modules.source(name)),
      (base, request) => this.modules.resolve(base, request),
    );
  }

  setUp(): void {
    this.machine.limitMemory(this.host.memoryBytes());
    this.prelude.call('seedRandom', this.host.seed()).dispose();
  }

  execute(source: Source): ExecutionValue {
    this.bridge.exitCode = undefined;
    this.executing = true;
    try {
      return this.explainer.guard(source.name, () => this.run(source));
    } catch (thrown) {
      this.discardLeftovers(source.name);
      if (this.bridge.exitCode === undefined) throw thrown;
      return { value: undefined, exitCode: this.bridge.exitCode };
    } finally {
      this.executing = false;
    }
  }

  callFunction(fn: number, args: ScriptValue[]): ScriptValue {
    if (!this.executing) this.bridge.exitCode = undefined;
    return this.explainer.guard('callback', () => {
      using result = this.settler.settle(this.prelude.call('callFunction', fn, toWire(args)));
      return fromWire(this.prelude.text('wire', result));
    });
  }

  releaseFunction(fn: number): void {
    this.explainer.guard('callback', () => this.prelude.call('releaseFunction', fn).dispose());
  }

  /** Nothing to do: the machine asks for itself, every few thousand instructions. */
  interrupt(): void {}

  complete(text: string): string[] {
    return this.explainer.guard('completion', () => completeJavaScript(this.machine, this.prelude, text));
  }

  isComplete(text: string): Completeness {
    const check = (reading: Reading) => this.checkSyntax(reading, 'input');
    const chosen = this.explainer.guard('input', () => chooseReading(text, true, check));
    if ('flags' in chosen && chosen.value !== 'module') return 'complete';
    if (syntax().endsEarly(text)) return 'incomplete';
    return 'flags' in chosen ? 'complete' : 'invalid';
  }

  globals(): GlobalVariable[] {
    return this.explainer.guard(
      'globals',
      () => fromWire(this.prelude.text('listGlobals')) as unknown as GlobalVariable[],
    );
  }

  /** Bytes of memory that the machine has taken. */
  memoryUsed(): number {
    return this.machine.memorySize;
  }

  private run(source: Source): ExecutionValue {
    this.machine.exhausted = false;
    if (source.args) this.prelude.call('setArguments', JSON.stringify(source.args)).dispose();
    this.modules.begin(source.name, source.directory, !source.interactive);
    const reading = this.read(source);
    const raw = this.settler.settle(this.machine.evaluate(reading.code, source.name, reading.flags));
    using value = this.valueOf(reading, raw);
    this.settler.finish();
    return this.describe(value);
  }

  private read(source: Source): Reading {
    const interactive = source.interactive ?? false;
    const code = source.typescript ? syntax().stripTypes(source.code, source.name) : source.code;
    const text = interactive && DECLARES.test(code) ? syntax().redeclarable(code) : code;
    const chosen = chooseReading(text, interactive, (reading) => this.checkSyntax(reading, source.name));
    if ('flags' in chosen) return chosen;
    throw toScriptError(withColumn(chosen, text));
  }

  private checkSyntax(reading: Reading, name: string): Explanation | undefined {
    try {
      this.machine.evaluate(reading.code, name, reading.flags | EVAL.compileOnly).dispose();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Thrown) return this.explainer.explain(thrown);
      throw thrown;
    }
  }

  /** Consumes `raw`. What is found may be a promise again, e.g. of an asynchronous function called last. */
  private valueOf(reading: Reading, raw: QuickJSHandle): QuickJSHandle {
    if (reading.value === 'completion') return raw;
    using container = raw;
    const entry = reading.value === 'async' ? 'asyncValue' : 'defaultExport';
    return this.settler.settle(this.prelude.call(entry, container));
  }

  private describe(value: QuickJSHandle): ExecutionValue {
    const [form, text, [kind, content]] = JSON.parse(this.prelude.text('describe', value)) as Description;
    if (form === 'none') return { value: undefined };
    const data = fromWireParts(kind, content);
    return { value: data, text: form === 'json' ? writeJson(data, { indent: 2 }) : text };
  }

  /** Forgets what a script that failed would have run later. */
  private discardLeftovers(name: string): void {
    this.bridge.discarding = true;
    try {
      const clear = () => this.prelude.call('clearTimers').dispose();
      this.machine.undisturbed(clear);
      if (!this.machine.discardJobs(MAX_LEFTOVER_JOBS, clear)) throw endlessJobs(name);
    } catch (thrown) {
      throw isFatal(thrown) ? fatalError(thrown, name) : thrown;
    } finally {
      this.bridge.discarding = false;
    }
  }

  private answerLoader(find: () => string): string | { error: QuickJSHandle } {
    try {
      return find();
    } catch (thrown) {
      const { code, message, hint, details } = toLlmspellError(thrown);
      return { error: this.prelude.call('makeError', JSON.stringify({ code, message, hint, details })) };
    }
  }
}

/** The machine knows the line of a mistake; the other parser often knows the column too. */
function withColumn(failure: Explanation, code: string): Explanation {
  const line = syntaxPosition(failure.stack)?.line;
  const column = line === undefined ? undefined : syntax().columnOfMistake(code, line);
  return column === undefined
    ? failure
    : { ...failure, stack: failure.stack.replace(/:\d+\s*$/, `:${column}`) };
}

type Description = ['none' | 'text' | 'json', string, [kind: string, value: unknown]];
