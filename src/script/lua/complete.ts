import { type LuaStack, TYPE } from './stack.js';
import type { LuaState } from './wasm.js';

const KEYWORDS = [
  'and',
  'break',
  'do',
  'else',
  'elseif',
  'end',
  'false',
  'for',
  'function',
  'goto',
  'if',
  'in',
  'local',
  'nil',
  'not',
  'or',
  'repeat',
  'return',
  'then',
  'true',
  'until',
  'while',
]; // prettier-ignore

/** Names that could continue the last word of `text`: keywords and globals, or the keys of a table path. */
export function completeLua(stack: LuaStack, L: LuaState, text: string): string[] {
  const match = /([A-Za-z_][\w]*(?:[.:][A-Za-z_]\w*)*[.:])?([A-Za-z_]\w*)?$/.exec(text);
  const path = match?.[1] ?? '';
  const prefix = match?.[2] ?? '';
  if (!path && !prefix) return [];
  const top = stack.lua.lua_gettop(L);
  try {
    if (!pushPath(stack, L, path)) return [];
    const names = keysAt(stack, L).concat(path ? [] : KEYWORDS);
    return [...new Set(names)]
      .filter((name) => name.startsWith(prefix))
      .sort()
      .map((name) => path + name);
  } finally {
    stack.lua.lua_settop(L, top);
  }
}

/** Pushes the table that `path` (`a.b.`) names, reading raw keys only: completion never runs script code. */
function pushPath(stack: LuaStack, L: LuaState, path: string): boolean {
  const { lua } = stack;
  lua.lua_rawgeti(L, -1_001_000, 2n);
  for (const name of path.split(/[.:]/).filter(Boolean)) {
    if (lua.lua_type(L, -1) !== TYPE.table) return false;
    stack.pushText(L, name);
    lua.lua_rawget(L, -2);
  }
  return lua.lua_type(L, -1) === TYPE.table;
}

function keysAt(stack: LuaStack, L: LuaState): string[] {
  const { lua } = stack;
  const names: string[] = [];
  lua.lua_pushnil(L);
  while (lua.lua_next(L, -2)) {
    lua.lua_settop(L, -2);
    if (lua.lua_type(L, -1) !== TYPE.string) continue;
    const name = stack.readText(L, -1);
    if (/^[A-Za-z]\w*$/.test(name)) names.push(name);
  }
  return names;
}
