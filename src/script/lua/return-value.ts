import { MAX_DEPTH, type ScriptValue, setOwn } from '../../core/values.js';
import { type LuaStack, TYPE } from './stack.js';
import { MAX_NODES, type ReferenceTable } from './values.js';
import type { LuaState } from './wasm.js';

/**
 * The value a script returns, in a form that always exists: functions, threads and foreign userdata become
 * their names, cycles and what is too deep or too much become a note. A table is an array only if its keys are exactly
 * `1..n`; otherwise it is an object of its string keys.
 */
export function readReturnValue(
  stack: LuaStack,
  references: ReferenceTable,
  L: LuaState,
  index: number,
): ScriptValue {
  const { lua } = stack;
  const path: number[] = [];

  let nodes = 0;

  const read = (at: number): ScriptValue => {
    if (++nodes > MAX_NODES) return '<too large>';
    switch (lua.lua_type(L, at)) {
      case TYPE.boolean:
        return lua.lua_toboolean(L, at) !== 0;
      case TYPE.number:
        return readNumber(at);
      case TYPE.string:
        return stack.read(L, at);
      case TYPE.table:
        return readTable(lua.lua_absindex(L, at));
      case TYPE.userdata:
        return `<${references.handleAt(L, at)?.toString() ?? 'userdata'}>`;
      case TYPE.function:
        return '<function>';
      case TYPE.thread:
        return '<thread>';
      default:
        return null;
    }
  };

  const readNumber = (at: number): ScriptValue => {
    const value = lua.lua_tonumberx(L, at, 0);
    if (lua.lua_isinteger(L, at)) return Number.isSafeInteger(value) ? value : lua.lua_tointegerx(L, at, 0);
    return Number.isInteger(value) ? (Object(value) as ScriptValue) : value;
  };

  const readTable = (at: number): ScriptValue => {
    const address = lua.lua_topointer(L, at);
    if (path.includes(address)) return '<circular reference>';
    if (path.length >= MAX_DEPTH) return '<too deep>';
    path.push(address);
    stack.reserve(L, 6);
    const value = isSequence(at) ? readArray(at) : readRecord(at);
    path.pop();
    return value;
  };

  const isSequence = (at: number): boolean => {
    let count = 0;
    let allIntegers = true;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, at)) {
      count++;
      if (lua.lua_type(L, -2) !== TYPE.number) allIntegers = false;
      lua.lua_settop(L, -2);
    }
    return count > 0 && allIntegers && Number(lua.lua_rawlen(L, at)) === count;
  };

  const readArray = (at: number): ScriptValue[] => {
    const items: ScriptValue[] = [];
    for (let i = 1; i <= Number(lua.lua_rawlen(L, at)) && nodes <= MAX_NODES; i++) {
      lua.lua_rawgeti(L, at, BigInt(i));
      items.push(read(-1));
      lua.lua_settop(L, -2);
    }
    return items;
  };

  const readRecord = (at: number): ScriptValue => {
    const record: Record<string, ScriptValue> = {};
    lua.lua_pushnil(L);
    while (lua.lua_next(L, at)) {
      if (nodes > MAX_NODES) {
        lua.lua_settop(L, -3);
        break;
      }
      if (lua.lua_type(L, -2) === TYPE.string) setOwn(record, stack.readText(L, -2), read(-1));
      lua.lua_settop(L, -2);
    }
    return record;
  };

  return read(index);
}
