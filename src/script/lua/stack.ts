import { fail } from '../../core/errors.js';
import type { LuaExports, LuaState } from './wasm.js';

/** Lua's type tags. */
export const TYPE = {
  none: -1,
  nil: 0,
  boolean: 1,
  lightuserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;
/** Pseudo-index of the registry. */
export const REGISTRY = -1_001_000;
/** Slot of the global table in the registry. */
export const GLOBALS = 2n;
/** Pseudo-index of a C closure's first upvalue. */
export const UPVALUE = REGISTRY - 1;

const SCRATCH = 65_536;
const SHORT = 48;

/** Strings and scratch memory of one machine: the part of the C API that needs care with bytes. */
export class LuaStack {
  private readonly scratch: number;
  private readonly sizeSlot: number;
  private readonly encoder = new TextEncoder();
  private readonly strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly lossy = new TextDecoder('utf-8', { ignoreBOM: true });
  private bytes: Uint8Array;

  constructor(readonly lua: LuaExports) {
    this.scratch = lua.malloc(SCRATCH);
    this.sizeSlot = lua.malloc(8);
    this.bytes = new Uint8Array(lua.memory.buffer);
  }

  /** The memory as bytes; made anew after the memory has grown. */
  heap(): Uint8Array {
    if (this.bytes.buffer !== this.lua.memory.buffer) this.bytes = new Uint8Array(this.lua.memory.buffer);
    return this.bytes;
  }

  /** Pushes a string as UTF-8. */
  pushText(L: LuaState, text: string): void {
    if (text.length < SHORT && this.pushAscii(L, text)) return;
    if (text.length * 3 <= SCRATCH) {
      const { written } = this.encoder.encodeInto(
        text,
        this.heap().subarray(this.scratch, this.scratch + SCRATCH),
      );
      this.lua.lua_pushlstring(L, this.scratch, written);
      return;
    }
    this.pushBytes(L, this.encoder.encode(text));
  }

  /** Pushes bytes as a Lua string. */
  pushBytes(L: LuaState, bytes: Uint8Array): void {
    this.withBytes(bytes, (address, size) => this.lua.lua_pushlstring(L, address, size));
  }

  /** Puts bytes into the machine's memory for the duration of `use`, with a NUL behind them. */
  withBytes<T>(bytes: Uint8Array, use: (address: number, size: number) => T): T {
    const address = bytes.length < SCRATCH ? this.scratch : this.lua.malloc(bytes.length + 1);
    if (address === 0) throw fail('limit.memory', 'not enough memory');
    try {
      const heap = this.heap();
      heap.set(bytes, address);
      heap[address + bytes.length] = 0;
      return use(address, bytes.length);
    } finally {
      if (address !== this.scratch) this.lua.free(address);
    }
  }

  /** Makes room for `slots` more values. @throws `limit.stack` */
  reserve(L: LuaState, slots: number): void {
    if (!this.lua.lua_checkstack(L, slots)) throw fail('limit.stack', 'stack overflow');
  }

  /** The string at `index` as text, or as bytes where it is not UTF-8. The value must be a string or number. */
  read(L: LuaState, index: number): string | Uint8Array {
    const address = this.lua.lua_tolstring(L, index, this.sizeSlot);
    return this.decode(address, this.size());
  }

  /** The string at `index` as text, with U+FFFD for what is not UTF-8. */
  readText(L: LuaState, index: number): string {
    const text = this.read(L, index);
    return typeof text === 'string' ? text : this.lossy.decode(text);
  }

  /** The value at `index` as `tostring` would show it. */
  describe(L: LuaState, index: number): string {
    const address = this.lua.luaL_tolstring(L, index, this.sizeSlot);
    const text = this.decode(address, this.size());
    this.lua.lua_settop(L, -2);
    return typeof text === 'string' ? text : this.lossy.decode(text);
  }

  /** A NUL-terminated C string. */
  cString(address: number): string {
    const heap = this.heap();
    return this.lossy.decode(heap.subarray(address, heap.indexOf(0, address)));
  }

  private size(): number {
    return new DataView(this.lua.memory.buffer).getUint32(this.sizeSlot, true);
  }

  private decode(address: number, size: number): string | Uint8Array {
    const heap = this.heap();
    if (size < SHORT) {
      const short = asciiAt(heap, address, size);
      if (short !== undefined) return short;
    }
    const bytes = heap.subarray(address, address + size);
    try {
      return this.strict.decode(bytes);
    } catch {
      return bytes.slice();
    }
  }

  private pushAscii(L: LuaState, text: string): boolean {
    const heap = this.heap();
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      heap[this.scratch + i] = code;
    }
    this.lua.lua_pushlstring(L, this.scratch, text.length);
    return true;
  }
}

function asciiAt(heap: Uint8Array, address: number, size: number): string | undefined {
  let text = '';
  for (let i = address; i < address + size; i++) {
    const code = heap[i]!;
    if (code > 127) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}
