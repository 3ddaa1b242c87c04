import { fail, type LlmspellError, toLlmspellError } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';
import type { Engine, EngineHost, ExecutionValue } from '../engine.js';
import { type Completeness, type GlobalVariable, type ScriptArgs, type Source, STOP } from '../protocol.js';
import { LuaBindings } from './bindings.js';
import { completeLua } from './complete.js';
import { LuaGlobalVariables } from './global-variables.js';
import { LuaHandles } from './handles.js';
import { installHostLibrary } from './host-library.js';
import { codeOfMessage, isFatal, isStackOverflow, Natives } from './natives.js';
import { ReturnValueReader } from './return-value.js';
import { LuaStack, REGISTRY, TYPE } from './stack.js';
import { Stopper } from './stopper.js';
import { LuaValues } from './values.js';
import { type LuaMachine, type LuaState, startMachine } from './wasm.js';

const OK = 0;
const YIELD = 1;
/** How Lua's message ends when a chunk stops before it is whole. */
const END_OF_CODE = 'near <eof>';

/** Lua 5.4 in WebAssembly, on the raw C API. */
export class LuaEngine implements Engine {
  private readonly machine: LuaMachine;
  private readonly stack: LuaStack;
  private readonly natives: Natives;
  private readonly handles: LuaHandles;
  private readonly values: LuaValues;
  private readonly stopper: Stopper;
  private variables!: LuaGlobalVariables;
  private readonly L: LuaState;
  private exitCode: number | undefined;
  /** Where the running script lies; `require` looks there first. */
  private directory: string | undefined;
  private lastTraceback = '';
  private tracebackHandler = 0;
  private collector = 0n;
  /** For each running callback how many threads ran before it, innermost last. */
  private readonly callbackDepths: number[] = [];

  constructor(
    module: WebAssembly.Module,
    private readonly host: EngineHost,
  ) {
    const decoder = new TextDecoder();
    this.machine = startMachine(module, () => host.memoryBytes(), {
      call: (L) => this.natives.dispatch(L),
      hook: (L) => this.stopper.onHook(L),
      write: (fd, bytes) => host.write(fd === 2 ? 'stderr' : 'stdout', decoder.decode(bytes)),
    });
    this.stack = new LuaStack(this.machine.lua);
    this.natives = new Natives(this.machine, this.stack);
    this.natives.add(() => 0);
    this.stopper = new Stopper(
      () => this.machine,
      (L, text) => this.raise(L, text),
    );
    this.L = this.machine.lua.luaL_newstate();
    this.handles = new LuaHandles(this.stack, this.natives, host, this.L);
    this.values = new LuaValues(this.stack, this.handles, this.L);
    this.handles.values = this.values;
    this.natives.protect(this.L, () => this.openLibraries());
  }

  setUp(): void {
    this.natives.protect(this.L, () => {
      this.seedRandom(this.host.seed());
      for (const name of this.host.withheld()) {
        this.machine.lua.lua_pushnil(this.L);
        this.setGlobal(this.L, name);
      }
    });
  }

  execute(source: Source): ExecutionValue {
    if (this.host.stopReason() === STOP.none) this.stopper.reset();
    return this.guarded(source.name, () => {
      if (source.args) this.setArguments(source.args);
      this.directory = source.interactive ? undefined : source.directory;
      return this.run(source);
    });
  }

  callFunction(fn: number, args: ScriptValue[]): ScriptValue {
    const { lua } = this.machine;
    const L = this.stopper.current ?? this.L;
    return this.guarded('callback', () => {
      const depth = this.stopper.depth;
      this.callbackDepths.push(depth);
      this.stopper.enter(L);
      try {
        const status = this.pushAndCall(L, fn, args);
        if (status !== OK) throw this.scriptError(L, this.lastTraceback);
        return this.values.read(L, -1);
      } finally {
        this.callbackDepths.pop();
        this.stopper.leaveTo(depth);
        lua.lua_settop(L, -2);
      }
    });
  }

  releaseFunction(fn: number): void {
    this.handles.releaseFunction(this.L, fn);
  }

  interrupt(callback?: number): void {
    if (callback === undefined) this.stopper.stop('interrupted!');
    else if (callback === this.callbackDepths.length)
      this.stopper.stop('interrupted!', this.callbackDepths.at(-1));
  }

  complete(text: string): string[] {
    const members = (L: LuaState, index: number) => this.handles.membersAt(L, index);
    return this.natives.protect(this.L, () => completeLua(this.stack, members, this.L, text));
  }

  isComplete(text: string): Completeness {
    return this.natives.protect(this.L, () => {
      // A newline ends an open short string, which no further line could complete.
      const attempts = [`return ${text}\n`, `${text}\n`].map((code) => this.loadError(code));
      if (attempts.includes(undefined)) return 'complete';
      return attempts.some((message) => message?.endsWith(END_OF_CODE)) ? 'incomplete' : 'invalid';
    });
  }

  globals(): GlobalVariable[] {
    return this.natives.protect(this.L, () => this.variables.defined(this.L));
  }

  private openLibraries(): void {
    const { lua } = this.machine;
    const L = this.L;
    lua.luaopen_base(L);
    this.collector = this.keepCollector(L);
    for (const name of ['coroutine', 'table', 'string', 'math', 'utf8'] as const) {
      lua[`luaopen_${name}`](L);
      this.setGlobal(L, name);
    }
    lua.lua_settop(L, 0);
    this.tracebackHandler = this.natives.add((state) => this.onError(state));
    new LuaBindings(this.stack, this.natives, this.values, this.host).install(L);
    installHostLibrary({
      stack: this.stack,
      natives: this.natives,
      values: this.values,
      stopper: this.stopper,
      host: this.host,
      L,
      exit: (code) => {
        this.exitCode = code;
        this.stopper.stop('exit');
      },
      load: (state, code, name) => this.load(state, code, `=${name}`),
      directory: () => this.directory,
    });
    this.variables = new LuaGlobalVariables(this.stack, this.handles, L);
  }

  memoryUsed(): number {
    const { lua } = this.machine;
    const L = this.stopper.current ?? this.L;
    lua.lua_checkstack(L, 4);
    lua.lua_rawgeti(L, REGISTRY, this.collector);
    this.stack.pushText(L, 'count');
    const kilobytes = lua.lua_pcallk(L, 1, 1, 0, 0, 0) === OK ? lua.lua_tonumberx(L, -1, 0) : 0;
    lua.lua_settop(L, -2);
    return Math.round(kilobytes * 1024);
  }

  /** Registry slot of the library's own `collectgarbage`, whatever scripts put in its place. */
  private keepCollector(L: LuaState): bigint {
    const { lua } = this.machine;
    this.stack.withBytes(new TextEncoder().encode('collectgarbage'), (address) =>
      lua.lua_getglobal(L, address),
    );
    return BigInt(lua.luaL_ref(L, REGISTRY));
  }

  /** `math.random` starts from the session's seed, so that a recorded run replays. */
  private seedRandom(seed: number): void {
    const { lua } = this.machine;
    const L = this.L;
    lua.lua_rawgeti(L, REGISTRY, 2n);
    this.stack.pushText(L, 'math');
    lua.lua_rawget(L, -2);
    this.stack.pushText(L, 'randomseed');
    lua.lua_rawget(L, -2);
    lua.lua_pushinteger(L, BigInt(seed));
    lua.lua_pcallk(L, 1, 0, 0, 0, 0);
  }

  /** Runs `body` in a protected call and explains what comes out of it. */
  private guarded<T>(name: string, body: () => T): T {
    try {
      return this.natives.protect(this.stopper.current ?? this.L, body);
    } catch (thrown) {
      if (isFatal(thrown)) throw fatalError(thrown, name);
      throw toLlmspellError(thrown, 'script.error');
    }
  }

  private run(source: Source): ExecutionValue {
    const { lua } = this.machine;
    const thread = lua.lua_newthread(this.L);
    this.exitCode = undefined;
    this.loadSource(thread, source);
    const depth = this.stopper.depth;
    this.stopper.enter(thread, true);
    try {
      const status = this.resume(thread);
      if (this.exitCode !== undefined) return { value: undefined, exitCode: this.exitCode };
      if (status !== OK) throw this.scriptError(thread, this.tracebackOf(thread));
      return this.returned(thread);
    } finally {
      this.stopper.leaveTo(depth);
    }
  }

  private loadSource(thread: LuaState, source: Source): void {
    if (source.interactive && this.load(thread, `return ${source.code}`, `=${source.name}`) === OK) return;
    if (source.interactive) this.machine.lua.lua_settop(thread, 0);
    if (this.load(thread, withoutShebang(source.code), `@${source.name}`) === OK) return;
    throw fail('script.syntax', this.stack.readText(thread, -1), { details: { file: source.name } });
  }

  /** Why code cannot be loaded, or undefined when it can. */
  private loadError(code: string): string | undefined {
    const failed = this.load(this.L, code, '=repl') !== OK;
    const message = failed ? this.stack.readText(this.L, -1) : undefined;
    this.machine.lua.lua_settop(this.L, -2);
    return message;
  }

  private load(L: LuaState, code: string, name: string): number {
    const encoder = new TextEncoder();
    const names = encoder.encode(`${name}\0t\0`);
    const nameSize = names.indexOf(0);
    const address = this.machine.lua.malloc(names.length);
    this.stack.heap().set(names, address);
    try {
      return this.stack.withBytes(encoder.encode(code), (text, size) =>
        this.machine.lua.luaL_loadbufferx(L, text, size, address, address + nameSize + 1),
      );
    } finally {
      this.machine.lua.free(address);
    }
  }

  /** Resumes until the chunk ends; the yields in between come from warming up. */
  private resume(thread: LuaState): number {
    const { lua } = this.machine;
    const results = lua.malloc(4);
    try {
      let status = YIELD;
      while (status === YIELD) {
        status = lua.lua_resume(thread, this.L, 0, results);
        if (status === YIELD && !this.stopper.tookYield()) {
          throw fail('script.error', 'attempt to yield from outside a coroutine');
        }
      }
      return status;
    } finally {
      lua.free(results);
    }
  }

  private returned(thread: LuaState): ExecutionValue {
    const { lua } = this.machine;
    if (lua.lua_gettop(thread) === 0) return { value: undefined };
    const type = lua.lua_type(thread, 1);
    const reader = new ReturnValueReader(this.stack, this.handles, thread);
    const value = reader.read(1);
    if (type === TYPE.nil) return { value };
    const asData = type === TYPE.table && !this.describesItself(thread);
    return { value, text: asData ? reader.textOf(value) : this.stack.describe(thread, 1) };
  }

  /** Whether the table that a thread returned has a text of its own. */
  private describesItself(thread: LuaState): boolean {
    const { lua } = this.machine;
    if (!lua.lua_getmetatable(thread, 1)) return false;
    this.stack.pushText(thread, '__tostring');
    const found = lua.lua_rawget(thread, -2) !== TYPE.nil;
    lua.lua_settop(thread, -3);
    return found;
  }

  private pushAndCall(L: LuaState, fn: number, args: ScriptValue[]): number {
    const { lua } = this.machine;
    this.stack.reserve(L, args.length + 8);
    this.natives.push(L, this.tracebackHandler);
    lua.lua_rawgeti(L, REGISTRY, BigInt(fn));
    for (const arg of args) this.values.push(L, arg);
    const status = lua.lua_pcallk(L, args.length, 1, -args.length - 2, 0, 0);
    lua.lua_rotate(L, -2, 1);
    lua.lua_settop(L, -2);
    return status;
  }

  /** Message handler: notes where the error happened and passes it on. */
  private onError(L: LuaState): number {
    this.lastTraceback = this.tracebackOf(L);
    this.machine.lua.lua_settop(L, 1);
    return 1;
  }

  private tracebackOf(L: LuaState): string {
    const { lua } = this.machine;
    lua.luaL_traceback(this.L, L, 0, 0);
    const text = this.stack.readText(this.L, -1);
    lua.lua_settop(this.L, -2);
    return text;
  }

  /** The error on top of `L`: ours again if the script let it pass unchanged, else the script's own. */
  private scriptError(L: LuaState, traceback: string): LlmspellError {
    const text = this.stack.describe(L, -1);
    const raised = this.natives.lastRaised;
    const error =
      raised && text === raised.text
        ? fail(raised.error.code, text, {
            hint: raised.error.hint!,
            details: raised.error.details!,
            cause: raised.error,
          })
        : fail(codeOfMessage(text), text);
    error.traceback = traceback;
    return error;
  }

  private raise(L: LuaState, text: string): number {
    this.stack.pushText(L, text);
    return this.machine.lua.lua_error(L);
  }

  private setGlobal(L: LuaState, name: string): void {
    this.stack.withBytes(new TextEncoder().encode(name), (address) =>
      this.machine.lua.lua_setglobal(L, address),
    );
  }

  private setArguments(args: ScriptArgs): void {
    const named: Record<string, ScriptValue> = { ...args.named };
    const all: Record<string, ScriptValue> = { ...args.named };
    [args.script, ...args.positional].forEach((value, index) => {
      all[String(index)] = value;
    });
    this.values.push(this.L, named);
    this.setGlobal(this.L, 'args');
    this.pushPositional(args, all);
    this.setGlobal(this.L, 'ARGS');
    this.pushPositional(args, {});
    this.setGlobal(this.L, 'arg');
  }

  /** Positional arguments have integer keys too, `0` being the script. */
  private pushPositional(args: ScriptArgs, base: Record<string, ScriptValue>): void {
    const { lua } = this.machine;
    this.values.push(this.L, base);
    [args.script, ...args.positional].forEach((value, index) => {
      this.stack.pushText(this.L, value);
      lua.lua_rawseti(this.L, -2, BigInt(index));
    });
  }
}

function withoutShebang(code: string): string {
  return code.startsWith('#') ? `--${code}` : code;
}

function fatalError(thrown: unknown, name: string): LlmspellError {
  if (isStackOverflow(thrown)) {
    return fail('limit.stack', `${name}: the script recursed deeper than the stack allows`, {
      details: { fatal: true },
    });
  }
  return fail('limit.memory', `${name}: the script engine ran out of memory and was ended`, {
    details: { fatal: true },
  });
}
