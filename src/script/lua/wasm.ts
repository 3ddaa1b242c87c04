/**
 * Loads the WebAssembly build of Lua 5.4 with an environment of our own: no file system, no processes, no
 * clock. What a script can reach is decided here first; everything above only adds to it on purpose.
 */

/** Address of a `lua_State`. */
export type LuaState = number;

/** The raw C API, as far as we use it. Addresses, indices and flags are numbers; Lua integers are bigints. */
export interface LuaExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  malloc(size: number): number;
  free(address: number): void;
  setThrew(threw: number, value: number): void;
  stackSave(): number;
  stackRestore(sp: number): void;
  luaL_newstate(): LuaState;
  luaopen_base(L: LuaState): number;
  luaopen_coroutine(L: LuaState): number;
  luaopen_table(L: LuaState): number;
  luaopen_string(L: LuaState): number;
  luaopen_math(L: LuaState): number;
  luaopen_utf8(L: LuaState): number;
  luaL_loadbufferx(L: LuaState, text: number, size: number, name: number, mode: number): number;
  luaL_traceback(L: LuaState, of: LuaState, message: number, level: number): void;
  luaL_where(L: LuaState, level: number): void;
  luaL_ref(L: LuaState, table: number): number;
  luaL_unref(L: LuaState, table: number, ref: number): void;
  luaL_tolstring(L: LuaState, index: number, size: number): number;
  lua_newthread(L: LuaState): LuaState;
  lua_resetthread(L: LuaState): number;
  lua_xmove(from: LuaState, to: LuaState, count: number): void;
  lua_checkstack(L: LuaState, slots: number): number;
  lua_absindex(L: LuaState, index: number): number;
  lua_gettop(L: LuaState): number;
  lua_settop(L: LuaState, index: number): void;
  lua_rotate(L: LuaState, index: number, by: number): void;
  lua_pushvalue(L: LuaState, index: number): void;
  lua_type(L: LuaState, index: number): number;
  lua_isinteger(L: LuaState, index: number): number;
  lua_tonumberx(L: LuaState, index: number, ok: number): number;
  lua_tointegerx(L: LuaState, index: number, ok: number): bigint;
  lua_toboolean(L: LuaState, index: number): number;
  lua_tolstring(L: LuaState, index: number, size: number): number;
  lua_tothread(L: LuaState, index: number): LuaState;
  lua_topointer(L: LuaState, index: number): number;
  lua_rawlen(L: LuaState, index: number): bigint;
  lua_pushnil(L: LuaState): void;
  lua_pushnumber(L: LuaState, value: number): void;
  lua_pushinteger(L: LuaState, value: bigint): void;
  lua_pushboolean(L: LuaState, value: number): void;
  lua_pushlstring(L: LuaState, address: number, size: number): number;
  lua_pushlightuserdata(L: LuaState, address: number): void;
  lua_pushcclosure(L: LuaState, fn: number, upvalues: number): void;
  lua_createtable(L: LuaState, array: number, record: number): void;
  lua_newuserdatauv(L: LuaState, size: number, values: number): number;
  lua_getglobal(L: LuaState, name: number): number;
  lua_setglobal(L: LuaState, name: number): void;
  lua_rawget(L: LuaState, index: number): number;
  lua_rawset(L: LuaState, index: number): void;
  lua_rawgeti(L: LuaState, index: number, key: bigint): number;
  lua_rawseti(L: LuaState, index: number, key: bigint): void;
  lua_gettable(L: LuaState, index: number): number;
  lua_getmetatable(L: LuaState, index: number): number;
  lua_setmetatable(L: LuaState, index: number): number;
  lua_next(L: LuaState, index: number): number;
  lua_pcallk(L: LuaState, args: number, results: number, handler: number, ctx: number, k: number): number;
  lua_resume(L: LuaState, from: LuaState, args: number, results: number): number;
  lua_yieldk(L: LuaState, results: number, ctx: number, k: number): number;
  lua_isyieldable(L: LuaState): number;
  lua_sethook(L: LuaState, fn: number, mask: number, count: number): void;
  lua_getstack(L: LuaState, level: number, record: number): number;
  lua_getinfo(L: LuaState, what: number, record: number): number;
  lua_getlocal(L: LuaState, record: number, n: number): number;
  lua_error(L: LuaState): number;
}

/** What C code calls back. */
export interface WasmCallbacks {
  /** A `lua_CFunction`: arguments on the stack of `L`, returns the number of results. */
  call(L: LuaState): number;
  /** A debug hook. */
  hook(L: LuaState, record: number): void;
  /** Bytes that C code wrote to standard output (1) or error (2), e.g. by `warn`. */
  write(fd: number, bytes: Uint8Array): void;
}

/** A running machine. */
export interface LuaMachine {
  readonly lua: LuaExports;
  /** Function-table index of {@link WasmCallbacks.call}, for `lua_pushcclosure`. */
  readonly callIndex: number;
  /** Function-table index of {@link WasmCallbacks.hook}, for `lua_sethook`. */
  readonly hookIndex: number;
}

/** Thrown through our own frames when C does a `longjmp`; whoever catches it must throw it on. */
export const LONGJMP = Symbol('longjmp');

/** The machine stopped for good (`abort`, `exit`); nothing may call it again. */
export class MachineDead extends Error {}

const NOT_SUPPORTED = -52;
const BAD_FILE = 8;
const PAGE = 65_536;

/** Starts a machine that can never hold more than `memoryBytes()`, which is asked whenever it wants more. */
export function startMachine(
  module: WebAssembly.Module,
  memoryBytes: () => number,
  callbacks: WasmCallbacks,
): LuaMachine {
  const state: { lua?: LuaExports } = {};
  const instance = new WebAssembly.Instance(module, environment(state, memoryBytes, callbacks));
  const lua = instance.exports as unknown as LuaExports;
  state.lua = lua;
  lua.__wasm_call_ctors();
  const table = lua.__indirect_function_table;
  const callIndex = table.grow(2);
  const trampolines = makeTrampolines(callbacks);
  table.set(callIndex, trampolines.call);
  table.set(callIndex + 1, trampolines.hook);
  return { lua, callIndex, hookIndex: callIndex + 1 };
}

function environment(
  state: { lua?: LuaExports },
  memoryBytes: () => number,
  callbacks: WasmCallbacks,
): WebAssembly.Imports {
  const refuse = () => NOT_SUPPORTED;
  const nothing = () => 0;
  const die = (): never => {
    throw new MachineDead('The Lua machine stopped');
  };
  return {
    env: {
      abort: die,
      exit: die,
      invoke_vii: protectedCall(state),
      _emscripten_throw_longjmp: () => {
        throw LONGJMP;
      },
      emscripten_resize_heap: (bytes: number) => grow(state.lua!.memory, bytes >>> 0, memoryBytes()),
      // Lua mixes the time into its hash seed; a constant makes table order the same in every run.
      emscripten_date_now: nothing,
      _emscripten_get_now_is_monotonic: () => 1,
      strftime: nothing,
      system: () => -1,
      __syscall_openat: refuse,
      __syscall_fcntl64: refuse,
      __syscall_ioctl: refuse,
      __syscall_dup3: refuse,
      __syscall_unlinkat: refuse,
      __syscall_rmdir: refuse,
      __syscall_renameat: refuse,
      __syscall_readlinkat: refuse,
      _mktime_js: nothing,
      _localtime_js: nothing,
      _gmtime_js: nothing,
      _tzset_js: nothing,
    },
    wasi_snapshot_preview1: {
      fd_write: (fd: number, vectors: number, count: number, written: number) =>
        writeVectors(state.lua!.memory, callbacks, fd, vectors, count, written),
      fd_read: () => BAD_FILE,
      fd_close: () => BAD_FILE,
      fd_seek: () => BAD_FILE,
      environ_sizes_get: nothing,
      environ_get: nothing,
    },
  };
}

/** C's `setjmp`: runs a table function and turns a `longjmp` below it into the flag that the C side tests. */
function protectedCall(state: { lua?: LuaExports }) {
  const cache: ((a: number, b: number) => void)[] = [];
  return (index: number, a: number, b: number) => {
    const lua = state.lua!;
    const sp = lua.stackSave();
    const fn = (cache[index] ??= lua.__indirect_function_table.get(index) as (a: number, b: number) => void);
    try {
      fn(a, b);
    } catch (thrown) {
      lua.stackRestore(sp);
      if (thrown !== LONGJMP) throw thrown;
      lua.setThrew(1, 0);
    }
  };
}

/** Grows the memory for C's allocator, or says no: Lua then raises its ordinary "not enough memory". */
function grow(memory: WebAssembly.Memory, wanted: number, limit: number): number {
  const present = memory.buffer.byteLength;
  if (wanted > limit) return 0;
  const generous = Math.min(limit, Math.max(wanted, present + Math.min(present / 2, 32 * 1024 * 1024)));
  try {
    memory.grow(Math.ceil((generous - present) / PAGE));
    return 1;
  } catch {
    return 0;
  }
}

function writeVectors(
  memory: WebAssembly.Memory,
  callbacks: WasmCallbacks,
  fd: number,
  vectors: number,
  count: number,
  written: number,
): number {
  const view = new DataView(memory.buffer);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const address = view.getUint32(vectors + i * 8, true);
    const size = view.getUint32(vectors + i * 8 + 4, true);
    if (size > 0) callbacks.write(fd, new Uint8Array(memory.buffer, address, size));
    total += size;
  }
  view.setUint32(written, total, true);
  return 0;
}

/**
 * A function table only takes WebAssembly functions. This module imports two JavaScript functions and exports
 * them again, which makes them such: `call: (i32) -> i32` and `hook: (i32, i32) -> ()`.
 */
const TRAMPOLINES = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x0b, 0x02, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x60, 0x02,
  0x7f, 0x7f, 0x00, 0x02, 0x0d, 0x02, 0x01, 0x68, 0x01, 0x63, 0x00, 0x00, 0x01, 0x68, 0x01, 0x6b, 0x00, 0x01,
  0x07, 0x09, 0x02, 0x01, 0x63, 0x00, 0x00, 0x01, 0x6b, 0x00, 0x01,
]); // prettier-ignore

function makeTrampolines(callbacks: WasmCallbacks): { call: unknown; hook: unknown } {
  const module = new WebAssembly.Module(TRAMPOLINES);
  const imports = { h: { c: callbacks.call, k: callbacks.hook } };
  const { c, k } = new WebAssembly.Instance(module, imports).exports;
  return { call: c, hook: k };
}
