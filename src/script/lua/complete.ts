import { GLOBALS, type LuaStack, REGISTRY, TYPE } from './stack.js';
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

/** How many `__index` tables are followed from one value. */
const MAX_CLASSES = 8;

/** Names of the methods and fields of the kernel object at `index`. */
export type HandleMembers = (L: LuaState, index: number) => string[];

/**
 * Names that could continue the last word of `text`: keywords and globals, or what a path (`a.b.`) holds. Only
 * raw keys are read: completion never runs script code.
 */
export function completeLua(
  stack: LuaStack,
  handleMembers: HandleMembers,
  L: LuaState,
  text: string,
): string[] {
  const match = /([A-Za-z_][\w]*(?:[.:][A-Za-z_]\w*)*[.:])?([A-Za-z_]\w*)?$/.exec(text);
  const path = match?.[1] ?? '';
  const prefix = match?.[2] ?? '';
  if (!path && !prefix) return [];
  const top = stack.lua.lua_gettop(L);
  try {
    if (!pushPath(stack, L, path)) return [];
    const names = namesAt(stack, handleMembers, L).concat(path ? [] : KEYWORDS);
    return [...new Set(names)]
      .filter((name) => name.startsWith(prefix))
      .sort()
      .map((name) => path + name);
  } finally {
    stack.lua.lua_settop(L, top);
  }
}

/** Pushes the value that `path` names, if there is one. */
function pushPath(stack: LuaStack, L: LuaState, path: string): boolean {
  const { lua } = stack;
  lua.lua_rawgeti(L, REGISTRY, GLOBALS);
  for (const name of path.split(/[.:]/).filter(Boolean)) {
    if (lua.lua_type(L, -1) !== TYPE.table) return false;
    stack.pushText(L, name);
    lua.lua_rawget(L, -2);
  }
  return true;
}

/** What can follow the value on top and a dot or colon. */
function namesAt(stack: LuaStack, handleMembers: HandleMembers, L: LuaState): string[] {
  switch (stack.lua.lua_type(L, -1)) {
    case TYPE.table:
      return keysAndClasses(stack, L);
    case TYPE.string:
      return pushPath(stack, L, 'string') ? keysAndClasses(stack, L) : [];
    case TYPE.userdata:
      return handleMembers(L, -1);
    default:
      return [];
  }
}

/** The keys of the table on top, and of the tables that its metatables name as `__index`. */
function keysAndClasses(stack: LuaStack, L: LuaState): string[] {
  const { lua } = stack;
  const names: string[] = [];
  for (let depth = 0; depth < MAX_CLASSES && lua.lua_type(L, -1) === TYPE.table; depth++) {
    names.push(...keysAt(stack, L));
    if (!lua.lua_getmetatable(L, -1)) break;
    stack.pushText(L, '__index');
    lua.lua_rawget(L, -2);
  }
  return names;
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
