/** The entry of an isolate's thread: one script engine, one wire to the kernel. */
import { readFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { errorToData, toLlmspellError } from './core/errors.js';
import type { ScriptValue } from './core/values.js';
import { SyncChannel } from './script/channel.js';
import type { Engine, EngineHost } from './script/engine.js';
import { localMembers, runLocal } from './script/local/index.js';
import { LuaEngine } from './script/lua/engine.js';
import { MANIFEST } from './script/manifest.generated.js';
import type { IsolateSetup, ToIsolate } from './script/protocol.js';

const setup = workerData as IsolateSetup;
let engine: Engine;
const control = new Int32Array(setup.control);
const replayed = setup.effects ? [...setup.effects] : undefined;

const channel = new SyncChannel(
  setup.port,
  control,
  (fn, args) => engine.callFunction(fn, args),
  (message) => receive(message),
);

const locals = localMembers({
  now: () => host.effect('clock', () => Date.now()),
  elapsed: () => host.effect('cpu', () => performance.now()),
  log: (entry) => channel.send({ t: 'log', ...entry }),
});

const host: EngineHost = {
  manifest: MANIFEST,
  memoryBytes: setup.memoryBytes,
  seed: setup.seed,
  call: (member, handle, args) => channel.call(member, handle, args),
  local: (member, args) => runLocal(locals, member, args),
  write: (stream, text) => channel.sendOutput(stream, text),
  release: (handle, count) => channel.send({ t: 'release', handle, count }),
  effect,
  stopReason: () => channel.stopReason(),
};

/** Readings of a clock are sent along while recording, and come from the recording while replaying. */
function effect<T extends ScriptValue>(name: string, read: () => T): T {
  if (replayed) return (replayed.length > 0 ? replayed.shift() : read()) as T;
  const value = read();
  if (setup.recording) channel.send({ t: 'effect', name, value });
  return value;
}

async function startEngine(): Promise<Engine> {
  if (setup.language === 'lua') return new LuaEngine(new WebAssembly.Module(readFileSync(setup.wasm)), host);
  const { startJavaScriptEngine } = await import('./script/javascript/engine.js');
  return startJavaScriptEngine(setup.wasm, host);
}

function receive(message: ToIsolate): void {
  switch (message.t) {
    case 'execute':
      return execute(message);
    case 'callback':
      return channel.answerCallback(message);
    case 'release-fn':
      return engine.releaseFunction(message.fn);
    case 'complete':
      return channel.send({ t: 'completions', id: message.id, items: complete(message.text) });
    default:
  }
}

function execute({ id, source }: Extract<ToIsolate, { t: 'execute' }>): void {
  try {
    channel.send({ t: 'executed', id, ...engine.execute(source) });
  } catch (thrown) {
    channel.send({ t: 'executed', id, error: errorToData(toLlmspellError(thrown, 'script.error')) });
  }
}

function complete(text: string): string[] {
  try {
    return engine.complete(text);
  } catch {
    return [];
  }
}

/** Reached from outside while the script runs, through the inspector; the one name in this thread's global scope. */
Object.assign(globalThis, { llmspellInterrupt: () => engine.interrupt() });

async function main(): Promise<void> {
  engine = await startEngine();
  setup.port.on('message', receive);
  channel.send({ t: 'ready' });
}

void main();
