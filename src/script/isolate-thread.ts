import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { CONTROL_SLOTS, type EngineCode, type Language, type ThreadSetup } from './protocol.js';

/** A thread with a script engine that belongs to nobody yet. */
export interface IsolateThread {
  readonly language: Language;
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly control: Int32Array;
  /** The engine's code, for further threads of this language. */
  readonly engine: EngineCode;
}

/**
 * Starts a thread. It boots and makes its engine by itself, so a program that knows it will need one starts it
 * first and does everything else meanwhile: that is what a cold start consists of.
 * @param engine the code of a thread that was started before: compiled, and optimised as far as it has run.
 */
export function startThread(language: Language, engine: EngineCode = engineCode(language)): IsolateThread {
  const control = new SharedArrayBuffer(CONTROL_SLOTS * 4);
  const { port1, port2 } = new MessageChannel();
  const setup: ThreadSetup = { language, control, port: port2, engine };
  const worker = new Worker(assetPath('isolate.cjs'), {
    workerData: setup,
    transferList: [port2],
    env: {},
    // Nothing writes there; piping it would load the process's own streams.
    stdout: true,
    stderr: true,
    // What a script can put here is bounded by its own memory limit; a thread at its limit would hang some Nodes.
    resourceLimits: { maxOldGenerationSizeMb: 4096, stackSizeMb: 8 },
  });
  port1.unref();
  worker.unref();
  return { language, worker, port: port1, control: new Int32Array(control), engine };
}

function engineCode(language: Language): EngineCode {
  if (language === 'javascript') return assetPath('quickjs.wasm');
  const bytes = readFileSync(assetPath('lua.wasm'));
  return withTieringBudget(() => new WebAssembly.Module(bytes));
}

/** V8's own `--wasm-tiering-budget`, by its major version. */
const OWN_BUDGET: Readonly<Record<string, number>> = { '11': 1_800_000, '12': 13_000_000, '13': 13_000_000 };
const BUDGET = 60_000_000;

/**
 * Compiles with a larger budget: how much a function runs before V8 optimises it. With its own one, starting the
 * engine already sets off the optimisation of the interpreter loop, and a short spell waits at its end for that.
 *
 * The flag is put back at once. While it differs from what V8 was started with, Node's own code cache does not
 * match, and a thread that boots meanwhile compiles all of Node's internals anew.
 */
function withTieringBudget<T>(compile: () => T): T {
  const own = OWN_BUDGET[process.versions.v8.split('.')[0]!];
  if (own === undefined) return compile();
  setFlagsFromString(`--wasm-tiering-budget=${BUDGET}`);
  try {
    return compile();
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${own}`);
  }
}

/** A file of the built package: beside the running bundle or above its chunks, in `dist/` when running from source. */
function assetPath(name: string): string {
  const here = import.meta.dirname;
  const places = [`${here}/${name}`, `${here}/../${name}`, `${here}/../../dist/${name}`];
  return places.find((place) => existsSync(place)) ?? name;
}
