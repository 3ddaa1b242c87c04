/** The entry of an isolate's thread: one script engine, one wire to the kernel. */
import { workerData } from 'node:worker_threads';
import { errorToData, toLlmspellError } from './core/errors.js';
import type { ScriptValue } from './core/values.js';
import { SyncChannel } from './script/channel.js';
import type { Engine, EngineHost } from './script/engine.js';
import { localMembers, runLocal } from './script/local/index.js';
import { LuaEngine } from './script/lua/engine.js';
import { MANIFEST } from './script/manifest.generated.js';
import { type IsolateSetup, STOP, type ThreadSetup, type ToIsolate } from './script/protocol.js';

const { language, port, control: shared, engine: code } = workerData as ThreadSetup;
const control = new Int32Array(shared);
/** Enough for every engine to start. */
const STARTING_MEMORY = 64 * 1024 * 1024;

let engine: Engine;
let setup: IsolateSetup = { memoryBytes: STARTING_MEMORY, seed: 0, recording: false };

const channel = new SyncChannel(
  port,
  control,
  (fn, args) => engine.callFunction(fn, args),
  (message) => receive(message),
);

const locals = localMembers({
  now: () => host.effect('clock', () => Date.now()),
  elapsed: () => host.effect('cpu', () => performance.now()),
  memory: () => host.effect('memory', () => engine.memoryUsed()),
  log: (entry) => channel.sendPaced({ t: 'log', ...entry }),
  lastError: () => lastError,
  level: () => setup.logLevel ?? 'info',
});

const host: EngineHost = {
  manifest: MANIFEST,
  memoryBytes: () => setup.memoryBytes,
  seed: () => setup.seed,
  withheld: () => setup.withhold ?? [],
  call: (member, handle, args) => remembering(() => stoppable(() => channel.call(member, handle, args))),
  local: (member, args) => remembering(() => runLocal(locals, member, args)),
  write: (stream, text) => channel.sendPaced({ t: 'output', stream, text }),
  release: (handle, count) => channel.send({ t: 'release', handle, count }),
  effect,
  stopReason: () => channel.stopReason(),
};

/** What the last call that failed raised, for `Debug.last_error()`. */
let lastError: ScriptValue | undefined;

function remembering<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    lastError = { ...errorToData(toLlmspellError(thrown)) } as ScriptValue;
    throw thrown;
  }
}

/** A script that was told to stop while it waited must not go on because it caught what the wait ended with. */
function stoppable<T>(wait: () => T): T {
  try {
    return wait();
  } finally {
    interrupt();
  }
}

/** Readings of a clock are sent along while recording, and come from the recording while replaying. */
function effect<T extends ScriptValue>(name: string, read: () => T): T {
  const value = setup.effects && setup.effects.length > 0 ? (setup.effects.shift() as T) : read();
  if (setup.recording) channel.sendPaced({ t: 'effect', name, value });
  return value;
}

async function startEngine(): Promise<Engine> {
  if (language === 'lua') return new LuaEngine(code as WebAssembly.Module, host);
  const { startJavaScriptEngine } = await import('./script/javascript/engine.js');
  return startJavaScriptEngine(code as string, host);
}

function receive(message: ToIsolate): void {
  switch (message.t) {
    case 'setup':
      setup = message;
      return engine.setUp?.();
    case 'execute':
      return execute(message);
    case 'callback':
      return channel.answerCallback(message);
    case 'release-fn':
      return engine.releaseFunction(message.fn);
    case 'inquire':
      return channel.send({ t: 'answer', id: message.id, answer: inquire(message) });
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

function inquire({ name, text }: Extract<ToIsolate, { t: 'inquire' }>) {
  try {
    return engine[name](text);
  } catch {
    return undefined;
  }
}

/** An interrupt that comes too late, when what it was meant for has ended, must not strike what runs next. */
function interrupt(): void {
  const reason = channel.stopReason();
  if (reason !== STOP.none) engine.interrupt(reason === STOP.callback ? channel.runningCallbacks : undefined);
}

/** Reached from outside while the script runs, through the inspector; the one name in this thread's global scope. */
Object.assign(globalThis, { llmspellInterrupt: interrupt });

async function start(): Promise<void> {
  engine = await startEngine();
  port.on('message', receive);
  channel.send({ t: 'ready' });
}

void start();
