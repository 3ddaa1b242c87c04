import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { CONTROL_SLOTS, type EngineSetup, type Language, type ThreadSetup } from './protocol.js';

/**
 * How much a function runs before V8 optimises it. Its own default is so small that starting the engine already
 * sets off the optimisation of the interpreter loop, and a short spell would then wait at its end for that.
 */
const TIERING_BUDGET = 60_000_000;

/** A thread with a script engine that belongs to nobody yet. */
export interface IsolateThread {
  readonly language: Language;
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly control: Int32Array;
}

/**
 * Starts a thread. It boots and makes its engine by itself, so a program that knows it will need one starts it
 * first and does everything else meanwhile: that is what a cold start consists of.
 */
export function startThread(language: Language): IsolateThread {
  const control = new SharedArrayBuffer(CONTROL_SLOTS * 4);
  const { port1, port2 } = new MessageChannel();
  const setup: ThreadSetup = { language, control, port: port2 };
  const worker = new Worker(assetPath('isolate.cjs'), {
    workerData: setup,
    transferList: [port2],
    env: {},
    // Nothing writes there; piping it would load the process's own streams.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 8 },
  });
  port1.unref();
  worker.unref();
  sendEngine(port1, language);
  return { language, worker, port: port1, control: new Int32Array(control) };
}

/**
 * Lua's code is compiled here, on V8's own threads, while the new thread boots; functions that are compiled when
 * they are first called would cost the script that time instead.
 */
function sendEngine(port: MessagePort, language: Language): void {
  if (language === 'javascript') {
    port.postMessage({ t: 'engine', wasm: assetPath('quickjs.wasm') } satisfies EngineSetup);
    return;
  }
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  setFlagsFromString('--no-wasm-lazy-compilation');
  const compiled = WebAssembly.compile(readFileSync(assetPath('lua.wasm')));
  setFlagsFromString('--wasm-lazy-compilation');
  void compiled.then((wasm) => port.postMessage({ t: 'engine', wasm } satisfies EngineSetup));
}

/** A file of the built package: beside the running bundle or above its chunks, in `dist/` when running from source. */
function assetPath(name: string): string {
  const here = import.meta.dirname;
  const places = [`${here}/${name}`, `${here}/../${name}`, `${here}/../../dist/${name}`];
  return places.find((place) => existsSync(place)) ?? name;
}
