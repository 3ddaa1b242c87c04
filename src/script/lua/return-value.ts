import { writeJson } from '../../core/json-text.js';
import { MAX_DEPTH, type ScriptValue, setOwn } from '../../core/values.js';
import { type LuaStack, TYPE } from './stack.js';
import { MAX_NODES, type ReferenceTable } from './values.js';
import type { LuaState } from './wasm.js';

/** Bytes of text that count as much as one value. */
const BYTES_PER_NODE = 64;
/** Values that still read well with one on each line. */
const INDENTED_NODES = 50_000;
const TOO_LARGE = '<too large>';

/**
 * The value a script returns, in a form that always exists: functions, threads and foreign userdata become
 * their names; cycles and what is too deep or too much become a note. A table is an array only if its keys are
 * exactly `1..n`; otherwise it is an object of its string keys.
 */
export class ReturnValueReader {
  private readonly path: number[] = [];
  /** How many values were read; long texts count as several. */
  private nodes = 0;

  constructor(
    private readonly stack: LuaStack,
    private readonly references: ReferenceTable,
    private readonly L: LuaState,
  ) {}

  /** The value at `index`. */
  read(index: number): ScriptValue {
    const { stack, L } = this;
    if (++this.nodes > MAX_NODES) return TOO_LARGE;
    switch (stack.lua.lua_type(L, index)) {
      case TYPE.boolean:
        return stack.lua.lua_toboolean(L, index) !== 0;
      case TYPE.number:
        return this.readNumber(index);
      case TYPE.string:
        return this.readString(index);
      case TYPE.table:
        return this.readTable(stack.lua.lua_absindex(L, index));
      case TYPE.userdata:
        return `<${this.references.handleAt(L, index)?.toString() ?? 'userdata'}>`;
      case TYPE.function:
        return '<function>';
      case TYPE.thread:
        return '<thread>';
      default:
        return null;
    }
  }

  /** How a table that was read looks on a terminal. */
  textOf(value: ScriptValue): string {
    return writeJson(value, { indent: this.nodes > INDENTED_NODES ? 0 : 2 });
  }

  private readNumber(index: number): ScriptValue {
    const { lua } = this.stack;
    const value = lua.lua_tonumberx(this.L, index, 0);
    if (lua.lua_isinteger(this.L, index))
      return Number.isSafeInteger(value) ? value : lua.lua_tointegerx(this.L, index, 0);
    return Number.isInteger(value) ? (Object(value) as ScriptValue) : value;
  }

  private readString(index: number): ScriptValue {
    this.nodes += Math.floor(Number(this.stack.lua.lua_rawlen(this.L, index)) / BYTES_PER_NODE);
    return this.nodes > MAX_NODES ? TOO_LARGE : this.stack.read(this.L, index);
  }

  private readTable(index: number): ScriptValue {
    const address = this.stack.lua.lua_topointer(this.L, index);
    if (this.path.includes(address)) return '<circular reference>';
    if (this.path.length >= MAX_DEPTH) return '<too deep>';
    this.path.push(address);
    this.stack.reserve(this.L, 6);
    const value = this.isSequence(index) ? this.readArray(index) : this.readRecord(index);
    this.path.pop();
    return value;
  }

  private isSequence(index: number): boolean {
    const { lua } = this.stack;
    const length = Number(lua.lua_rawlen(this.L, index));
    let count = 0;
    lua.lua_pushnil(this.L);
    while (lua.lua_next(this.L, index)) {
      lua.lua_settop(this.L, -2);
      if (++count <= length && lua.lua_type(this.L, -1) === TYPE.number) continue;
      lua.lua_settop(this.L, -2);
      return false;
    }
    return count > 0 && count === length;
  }

  private readArray(index: number): ScriptValue[] {
    const { lua } = this.stack;
    const length = Number(lua.lua_rawlen(this.L, index));
    const items: ScriptValue[] = [];
    for (let i = 1; i <= length && this.nodes <= MAX_NODES; i++) {
      lua.lua_rawgeti(this.L, index, BigInt(i));
      items.push(this.read(-1));
      lua.lua_settop(this.L, -2);
    }
    return items;
  }

  private readRecord(index: number): ScriptValue {
    const { lua } = this.stack;
    const record: Record<string, ScriptValue> = {};
    lua.lua_pushnil(this.L);
    while (this.nodes <= MAX_NODES && lua.lua_next(this.L, index)) {
      if (lua.lua_type(this.L, -2) === TYPE.string)
        setOwn(record, this.stack.readText(this.L, -2), this.read(-1));
      lua.lua_settop(this.L, -2);
    }
    if (this.nodes > MAX_NODES) lua.lua_settop(this.L, -2);
    return record;
  }
}
