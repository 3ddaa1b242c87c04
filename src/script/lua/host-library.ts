import { fail } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';
import type { EngineHost } from '../engine.js';
import { formatDate, timeOf } from './dates.js';
import type { NativeFunction, Natives } from './natives.js';
import baseLua from './prelude/base.lua';
import debugLua from './prelude/debug.lua';
import globalsLua from './prelude/globals.lua';
import ioLua from './prelude/io.lua';
import { type LuaStack, REGISTRY, TYPE } from './stack.js';
import type { Stopper } from './stopper.js';
import type { LuaValues } from './values.js';
import type { LuaState } from './wasm.js';

/** What the library is built on. */
export interface HostLibraryParts {
  stack: LuaStack;
  natives: Natives;
  values: LuaValues;
  stopper: Stopper;
  host: EngineHost;
  L: LuaState;
  /** Ends the script with an exit code. */
  exit(code: number): void;
  /** Loads a chunk onto the stack; returns Lua's status. */
  load(L: LuaState, code: string, name: string): number;
  /** Where the running script lies, if it is a file. */
  directory(): string | undefined;
}

/**
 * The table `host` that the prelude is written against, and the prelude itself: `print`, `require`, `io`, `os`,
 * builders and streams. The table is an argument of the prelude's chunks and reachable from nowhere else.
 */
export function installHostLibrary(parts: HostLibraryParts): void {
  const { stack, natives, L } = parts;
  const { lua } = stack;
  const library = { ...plainFunctions(parts), ...nativeFunctions(parts) };
  lua.lua_createtable(L, 0, 32);
  for (const [name, fn] of Object.entries(library)) {
    stack.pushText(L, name);
    natives.push(L, natives.add(fn));
    lua.lua_rawset(L, -3);
  }
  setField(parts, 'builders', buildersOf(parts.host));
  setPrint(parts);
  lua.lua_pushvalue(L, -1);
  const slot = BigInt(lua.luaL_ref(L, REGISTRY));
  setLoader(parts, slot);
  runPrelude(parts, slot, 'base');
  runPrelude(parts, slot, 'globals');
  lua.lua_settop(L, 0);
}

/** The chunks of the prelude. */
const PRELUDE = { base: baseLua, globals: globalsLua, io: ioLua, debug: debugLua };
type PreludePart = keyof typeof PRELUDE;

/** `host.part(name)`: loads a part of the prelude unless it is there. The host table is on top. */
function setLoader(parts: HostLibraryParts, library: bigint): void {
  const { stack, natives, L } = parts;
  const loaded = new Set<string>();
  const load = natives.add((state) => {
    const name = stack.readText(state, 1) as PreludePart;
    if (!loaded.has(name)) runPrelude({ ...parts, L: state }, library, name);
    loaded.add(name);
    return 0;
  });
  stack.pushText(L, 'part');
  natives.push(L, load);
  stack.lua.lua_rawset(L, -3);
}

/** Functions of values, written without the stack. */
function plainFunctions(parts: HostLibraryParts): Record<string, NativeFunction> {
  const { host } = parts;
  const call = (member: string, args: ScriptValue[]) => host.call(member, undefined, args);
  const now = () => Math.floor(host.effect('clock', () => Date.now()) / 1000);
  const functions: Record<string, (...args: ScriptValue[]) => ScriptValue | undefined> = {
    call: (member, ...args) => call(String(member), args),
    directory: () => parts.directory() ?? null,
    exists: (path) => call('@host.exists', [path ?? null]),
    getenv: (name) => call('@host.getenv', [name ?? null]),
    input: (all) => call('@host.input', [all ?? false]),
    tmpname: () => call('@host.tmpname', []),
    execute: (command) => call('@host.execute', [command ?? null]),
    write: (stream, text) => {
      host.write(
        stream === 'stderr' ? 'stderr' : 'stdout',
        typeof text === 'string' ? text : decodeLossy(text),
      );
      return null;
    },
    time: (table) => (table === undefined || table === null ? now() : timeOf(table)),
    date: (format, time) => formatDate(String(format ?? '%c'), time == null ? now() : Number(time)),
    clock: () => host.effect('cpu', () => performance.now() / 1000),
  };
  return mapValues(functions, (fn) => plain(parts, fn));
}

function plain(
  parts: HostLibraryParts,
  fn: (...args: ScriptValue[]) => ScriptValue | undefined,
): NativeFunction {
  return (L) => {
    parts.values.push(L, fn(...parts.values.readArguments(L, 1)));
    return 1;
  };
}

/** Functions that need the stack, or give several results. */
function nativeFunctions(parts: HostLibraryParts): Record<string, NativeFunction> {
  const { stack, values, stopper, host } = parts;
  const { lua } = stack;
  const pushAll = (L: LuaState, results: ScriptValue[]) => {
    for (const result of results) values.push(L, result);
    return results.length;
  };
  /** File functions answer `nil, message, number` like the standard library's. */
  const file = (member: string) => (L: LuaState) => {
    const answer = host.call(`@host.${member}`, undefined, values.readArguments(L, 1));
    return pushAll(L, answer as ScriptValue[]);
  };
  return {
    read_file: file('read_file'),
    write_file: file('write_file'),
    remove: file('remove'),
    rename: file('rename'),
    source: (L) =>
      pushAll(L, host.call('@host.source', undefined, values.readArguments(L, 1)) as ScriptValue[]),
    enter: (L) => {
      stopper.enter(lua.lua_tothread(L, 1));
      return 0;
    },
    leave: () => {
      stopper.leave();
      return 0;
    },
    stopping: (L) => {
      lua.lua_pushboolean(L, stopper.stopping === undefined ? 0 : 1);
      return 1;
    },
    exit: (L) => {
      parts.exit(exitCode(stack, L));
      throw fail('script.error', 'exit');
    },
    traceback: (L) => {
      lua.luaL_traceback(L, L, 0, 1);
      return 1;
    },
    frames: (L) => pushAll(L, [readFrames(stack, values, L)]),
  };
}

function exitCode(stack: LuaStack, L: LuaState): number {
  const type = stack.lua.lua_type(L, 1);
  if (type === TYPE.boolean) return stack.lua.lua_toboolean(L, 1) ? 0 : 1;
  if (type <= TYPE.nil) return 0;
  const code = type === TYPE.number || type === TYPE.string ? Number(stack.readText(L, 1)) : Number.NaN;
  if (Number.isSafeInteger(code)) return Number(BigInt.asUintN(8, BigInt(code)));
  throw fail('input.invalid', "bad argument #1 to 'exit' (an integer or a boolean expected)");
}

function setPrint({ stack, natives, host, L }: HostLibraryParts): void {
  const { lua } = stack;
  const print = natives.add((state) => {
    const count = lua.lua_gettop(state);
    let line = '';
    for (let i = 1; i <= count; i++) line += (i > 1 ? '\t' : '') + stack.describe(state, i);
    host.write('stdout', `${line}\n`);
    return 0;
  });
  natives.push(L, print);
  stack.withBytes(new TextEncoder().encode('print'), (address) => lua.lua_setglobal(L, address));
}

/** Runs a part of the prelude with the host table, which is kept in a registry slot, as its argument. */
function runPrelude({ stack, L, load }: HostLibraryParts, library: bigint, name: PreludePart): void {
  const { lua } = stack;
  const status = load(L, PRELUDE[name], `llmspell.${name}`);
  if (status === 0) {
    lua.lua_rawgeti(L, REGISTRY, library);
    if (lua.lua_pcallk(L, 1, 0, 0, 0, 0) === 0) return;
  }
  throw fail('internal.error', `Lua prelude '${name}': ${stack.describe(L, -1)}`);
}

function setField({ stack, values, L }: HostLibraryParts, name: string, value: ScriptValue): void {
  stack.pushText(L, name);
  values.push(L, value);
  stack.lua.lua_rawset(L, -3);
}

function buildersOf(host: EngineHost): ScriptValue {
  const builders: Record<string, ScriptValue> = {};
  for (const [name, binding] of Object.entries(host.manifest.globals)) {
    if (binding.builders) builders[name] = binding.builders as unknown as ScriptValue;
  }
  return builders;
}

/** Offsets inside `lua_Debug` of Lua 5.4 on wasm32. */
const DEBUG = { name: 4, what: 12, source: 16, currentLine: 24, lineDefined: 28, shortSource: 44, size: 128 };

/** The call stack of the calling script as data, innermost first; native frames included. */
function readFrames(stack: LuaStack, values: LuaValues, L: LuaState): ScriptValue {
  const { lua } = stack;
  const record = lua.malloc(DEBUG.size);
  const what = lua.malloc(8);
  stack.heap().set(new TextEncoder().encode('nSl\0'), what);
  const frames: ScriptValue[] = [];
  try {
    for (let level = 1; level <= 200 && lua.lua_getstack(L, level, record); level++) {
      lua.lua_getinfo(L, what, record);
      frames.push({ ...frameAt(stack, record), locals: localsOf(stack, values, L, record) });
    }
  } finally {
    lua.free(record);
    lua.free(what);
  }
  return frames;
}

function frameAt(stack: LuaStack, record: number): Record<string, ScriptValue> {
  const view = new DataView(stack.lua.memory.buffer);
  const text = (offset: number) => {
    const address = view.getUint32(record + offset, true);
    return address === 0 ? null : stack.cString(address);
  };
  return {
    name: text(DEBUG.name),
    what: text(DEBUG.what),
    source: stack.cString(record + DEBUG.shortSource),
    line: view.getInt32(record + DEBUG.currentLine, true),
    line_defined: view.getInt32(record + DEBUG.lineDefined, true),
  };
}

function localsOf(
  stack: LuaStack,
  _values: LuaValues,
  L: LuaState,
  record: number,
): Record<string, ScriptValue> {
  const { lua } = stack;
  const locals: Record<string, ScriptValue> = {};
  for (let n = 1; n <= 200; n++) {
    const name = lua.lua_getlocal(L, record, n);
    if (name === 0) break;
    const key = stack.cString(name);
    if (!key.startsWith('(')) locals[key] = stack.describe(L, -1);
    lua.lua_settop(L, -2);
  }
  return locals;
}

function decodeLossy(value: ScriptValue | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value ?? '');
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
