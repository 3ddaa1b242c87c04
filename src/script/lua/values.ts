import { fail } from '../../core/errors.js';
import {
  float,
  isFloat,
  isReference,
  MAX_DEPTH,
  type Reference,
  reference,
  type ScriptValue,
  setOwn,
} from '../../core/values.js';
import { type LuaStack, REGISTRY, TYPE } from './stack.js';
import type { LuaState } from './wasm.js';

/** Most values that may cross in one call. */
export const MAX_NODES = 2_000_000;
/** Most bytes of text that may cross from the script in one call; what a table mentions twice counts twice. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Characters from which on a text is worth remembering. */
const LARGE_TEXT = 16_384;

/** Where references live on the Lua side: functions in the registry, handles as userdata. */
export interface ReferenceTable {
  /** Keeps the function at `index` and names it. */
  keepFunction(L: LuaState, index: number): Reference;
  /** The handle that the userdata at `index` stands for, if it is one. */
  handleAt(L: LuaState, index: number): Reference | undefined;
  /** Pushes the userdata (or function) for a reference. */
  push(L: LuaState, reference: Reference): void;
}

/**
 * Copies values between Lua and the kernel's value model.
 *
 * A table with a sequence part is an array of `1..#t` and loses its other keys; any other table is an object
 * whose number keys become text. Empty tables are objects unless they came from an empty array.
 */
export class LuaValues {
  /** Registry slot of the metatable that marks a table as an (empty) array. */
  private readonly arrayMark: bigint;
  private readonly arrayMarkAddress: number;
  /** The last large text of the value that is being pushed. */
  private large: { text: string; slot: bigint } | undefined;

  constructor(
    private readonly stack: LuaStack,
    private readonly references: ReferenceTable,
    L: LuaState,
  ) {
    const { lua } = stack;
    lua.lua_createtable(L, 0, 1);
    stack.pushText(L, '__name');
    stack.pushText(L, 'array');
    lua.lua_rawset(L, -3);
    this.arrayMarkAddress = lua.lua_topointer(L, -1);
    this.arrayMark = BigInt(lua.luaL_ref(L, REGISTRY));
  }

  /** The value at `index`. Raises `value.*` for what cannot cross. */
  read(L: LuaState, index: number): ScriptValue {
    return new Reader(this.stack, this.references, this.arrayMarkAddress).read(L, index, 0);
  }

  /** The values `from..top`. */
  readArguments(L: LuaState, from: number): ScriptValue[] {
    const top = this.stack.lua.lua_gettop(L);
    const reader = new Reader(this.stack, this.references, this.arrayMarkAddress);
    const args: ScriptValue[] = [];
    for (let index = from; index <= top; index++) args.push(reader.read(L, index, 0));
    return args;
  }

  /** Pushes a value. Must run inside a protected call: running out of memory is a Lua error. */
  push(L: LuaState, value: ScriptValue | undefined): void {
    try {
      this.pushAt(L, value, 0);
    } finally {
      this.forgetLarge(L);
    }
  }

  private pushAt(L: LuaState, value: ScriptValue | undefined, depth: number): void {
    const { lua } = this.stack;
    switch (typeof value) {
      case 'string':
        return value.length < LARGE_TEXT ? this.stack.pushText(L, value) : this.pushLarge(L, value);
      case 'number':
        return this.pushNumber(L, value);
      case 'boolean':
        return lua.lua_pushboolean(L, value ? 1 : 0);
      case 'bigint':
        return lua.lua_pushinteger(L, BigInt.asIntN(64, value));
      case 'object':
        return value === null ? lua.lua_pushnil(L) : this.pushObject(L, value, depth);
      default:
        return lua.lua_pushnil(L);
    }
  }

  /** A result often mentions one large text under several names; Lua then holds it once. */
  private pushLarge(L: LuaState, text: string): void {
    const { lua } = this.stack;
    if (this.large?.text === text) return void lua.lua_rawgeti(L, REGISTRY, this.large.slot);
    this.forgetLarge(L);
    this.stack.reserve(L, 2);
    this.stack.pushText(L, text);
    lua.lua_pushvalue(L, -1);
    this.large = { text, slot: BigInt(lua.luaL_ref(L, REGISTRY)) };
  }

  private forgetLarge(L: LuaState): void {
    if (this.large) this.stack.lua.luaL_unref(L, REGISTRY, Number(this.large.slot));
    this.large = undefined;
  }

  private pushNumber(L: LuaState, value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0))
      this.stack.lua.lua_pushinteger(L, BigInt(value));
    else this.stack.lua.lua_pushnumber(L, value);
  }

  private pushObject(L: LuaState, value: object, depth: number): void {
    if (depth > MAX_DEPTH) throw tooDeep();
    if (Array.isArray(value)) return this.pushArray(L, value as ScriptValue[], depth);
    if (isFloat(value)) return this.stack.lua.lua_pushnumber(L, value.valueOf());
    if (isReference(value)) return this.references.push(L, value);
    if (value instanceof Uint8Array) return this.stack.pushBytes(L, value);
    this.pushRecord(L, value as Record<string, ScriptValue>, depth);
  }

  private pushArray(L: LuaState, items: ScriptValue[], depth: number): void {
    const { lua } = this.stack;
    this.stack.reserve(L, 4);
    lua.lua_createtable(L, items.length, 0);
    for (let i = 0; i < items.length; i++) {
      this.pushAt(L, items[i], depth + 1);
      lua.lua_rawseti(L, -2, BigInt(i + 1));
    }
    if (items.length > 0) return;
    lua.lua_rawgeti(L, REGISTRY, this.arrayMark);
    lua.lua_setmetatable(L, -2);
  }

  private pushRecord(L: LuaState, record: Record<string, ScriptValue>, depth: number): void {
    const { lua } = this.stack;
    const keys = Object.keys(record);
    this.stack.reserve(L, 4);
    lua.lua_createtable(L, 0, keys.length);
    for (const key of keys) {
      this.stack.pushText(L, key);
      this.pushAt(L, record[key], depth + 1);
      lua.lua_rawset(L, -3);
    }
  }
}

/** One reading pass; counts what it reads and remembers where it is. */
class Reader {
  private nodes = 0;
  private bytes = 0;
  private readonly path: number[] = [];

  constructor(
    private readonly stack: LuaStack,
    private readonly references: ReferenceTable,
    private readonly arrayMark: number,
  ) {}

  read(L: LuaState, index: number, depth: number): ScriptValue {
    const { lua } = this.stack;
    if (++this.nodes > MAX_NODES) throw fail('value.too_large', `A value holds more than ${MAX_NODES} parts`);
    switch (lua.lua_type(L, index)) {
      case TYPE.boolean:
        return lua.lua_toboolean(L, index) !== 0;
      case TYPE.number:
        return this.readNumber(L, index);
      case TYPE.string:
        return this.readString(L, index);
      case TYPE.table:
        return this.readTable(L, lua.lua_absindex(L, index), depth + 1);
      case TYPE.function:
        return this.references.keepFunction(L, index);
      case TYPE.userdata:
        return this.readUserdata(L, index);
      case TYPE.thread:
        throw unsupported('thread');
      default:
        return null;
    }
  }

  private readString(L: LuaState, index: number): string | Uint8Array {
    this.bytes += Number(this.stack.lua.lua_rawlen(L, index));
    if (this.bytes > MAX_BYTES)
      throw fail('value.too_large', `A value holds more than ${MAX_BYTES} bytes of text`);
    return this.stack.read(L, index);
  }

  private readNumber(L: LuaState, index: number): ScriptValue {
    const { lua } = this.stack;
    const value = lua.lua_tonumberx(L, index, 0);
    if (lua.lua_isinteger(L, index))
      return Number.isSafeInteger(value) ? value : lua.lua_tointegerx(L, index, 0);
    return Number.isInteger(value) ? float(value) : value;
  }

  private readUserdata(L: LuaState, index: number): ScriptValue {
    const handle = this.references.handleAt(L, index);
    if (!handle) throw unsupported('userdata');
    return handle;
  }

  private readTable(L: LuaState, index: number, depth: number): ScriptValue {
    const { lua } = this.stack;
    this.path.push(lua.lua_topointer(L, index));
    if (depth > MAX_DEPTH) throw this.tooDeep();
    this.stack.reserve(L, 6);
    const length = Number(lua.lua_rawlen(L, index));
    const isArray = length > 0 || this.isMarked(L, index);
    const value = isArray ? this.readArray(L, index, length, depth) : this.readRecord(L, index, depth);
    this.path.pop();
    return value;
  }

  private isMarked(L: LuaState, index: number): boolean {
    const { lua } = this.stack;
    if (!lua.lua_getmetatable(L, index)) return false;
    const marked = lua.lua_topointer(L, -1) === this.arrayMark;
    lua.lua_settop(L, -2);
    return marked && !this.hasKeys(L, index);
  }

  private hasKeys(L: LuaState, index: number): boolean {
    const { lua } = this.stack;
    lua.lua_pushnil(L);
    if (!lua.lua_next(L, index)) return false;
    lua.lua_settop(L, -3);
    return true;
  }

  private readArray(L: LuaState, index: number, length: number, depth: number): ScriptValue[] {
    const { lua } = this.stack;
    const items: ScriptValue[] = [];
    for (let i = 1; i <= length; i++) {
      lua.lua_rawgeti(L, index, BigInt(i));
      items.push(this.read(L, -1, depth));
      lua.lua_settop(L, -2);
    }
    return items;
  }

  private readRecord(L: LuaState, index: number, depth: number): ScriptValue {
    const { lua } = this.stack;
    const record: Record<string, ScriptValue> = {};
    lua.lua_pushnil(L);
    while (lua.lua_next(L, index)) {
      const key = this.readKey(L, -2);
      if (key !== undefined) setOwn(record, key, this.read(L, -1, depth));
      lua.lua_settop(L, -2);
    }
    return record;
  }

  /** Number keys become text without touching the key itself: `lua_next` needs it unchanged. */
  private readKey(L: LuaState, index: number): string | undefined {
    const { lua } = this.stack;
    const type = lua.lua_type(L, index);
    if (type === TYPE.string) return this.stack.readText(L, index);
    if (type !== TYPE.number) return undefined;
    if (lua.lua_isinteger(L, index)) return lua.lua_tointegerx(L, index, 0).toString();
    return String(lua.lua_tonumberx(L, index, 0));
  }

  private tooDeep(): Error {
    const here = this.path.at(-1)!;
    if (this.path.indexOf(here) < this.path.length - 1) {
      return fail('value.cyclic', 'Circular reference detected: a table contains itself');
    }
    return tooDeep();
  }
}

function tooDeep(): Error {
  return fail('value.too_deep', `A table is nested deeper than ${MAX_DEPTH} levels`);
}

function unsupported(type: string): Error {
  return fail('value.unsupported', `Unsupported Lua type for JSON conversion: ${type}`);
}

/** The name of a kept function. */
export function functionReference(ref: number): Reference {
  return reference('fn', ref);
}
