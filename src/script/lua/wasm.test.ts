import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LuaExports, type LuaMachine, startMachine } from './wasm.js';

const LIBRARIES = ['coroutine', 'table', 'string'] as const;
const bytes = readFileSync(new URL('../../../dist/lua.wasm', import.meta.url));

/** What the build exports besides what the engine uses. */
type WithStack = LuaExports & { emscripten_stack_get_base(): number; emscripten_stack_get_end(): number };

/** A bare machine whose global `probe` notes how deep the C stack is. */
function machine(memoryBytes = 64 * 1024 * 1024) {
  const depth = { most: 0 };
  const made: LuaMachine = startMachine(new WebAssembly.Module(bytes), () => memoryBytes, {
    call: () => {
      depth.most = Math.max(depth.most, base - made.lua.stackSave());
      return 0;
    },
    hook: () => {},
    write: () => {},
  });
  const lua = made.lua as WithStack;
  const base = lua.emscripten_stack_get_base();
  const size = base - lua.emscripten_stack_get_end();
  return { ...made, lua, depth, size };
}

function cString(lua: LuaExports, text: string): number {
  const encoded = new TextEncoder().encode(`${text}\0`);
  const address = lua.malloc(encoded.length);
  new Uint8Array(lua.memory.buffer).set(encoded, address);
  return address;
}

/** Runs a chunk and gives Lua's status. */
function run({ lua, callIndex }: LuaMachine, code: string): number {
  const L = lua.luaL_newstate();
  lua.luaopen_base(L);
  for (const name of LIBRARIES) {
    lua[`luaopen_${name}`](L);
    lua.lua_setglobal(L, cString(lua, name));
  }
  lua.lua_pushcclosure(L, callIndex, 0);
  lua.lua_setglobal(L, cString(lua, 'probe'));
  const name = cString(lua, '=chunk');
  const status = lua.luaL_loadbufferx(L, cString(lua, code), new TextEncoder().encode(code).length, name, 0);
  return status || lua.lua_pcallk(L, 0, 0, 0, 0, 0);
}

/** Ways to stand C functions inside each other, each without end. */
const NESTED = {
  gsub: 'local function r() probe() return (("a"):gsub(".", r)) end r()',
  'string.format':
    'local m = {} m.__tostring = function(t) probe() return ("%s%s"):format(t, t) end tostring(setmetatable({}, m))',
  'gsub and format':
    'local function r() probe() return ("%s"):format(setmetatable({}, { __tostring = function() return (("a"):gsub(".", r)) end })) end r()',
  'table.concat':
    'local m = {} m.__index = function(t) probe() return table.concat(t, ",", 1, 2) end table.concat(setmetatable({}, m), ",", 1, 2)',
  sort: 'local function r() probe() table.sort({ 1, 2, 3 }, r) end r()',
  coroutines: 'local function r() probe() coroutine.wrap(r)() end r()',
  load: 'local function r() probe() assert(load(r)) end r()',
  pcall: 'local function r() probe() local ok, why = pcall(r) if not ok then error(why, 0) end end r()',
  'the parser':
    'probe() local ok, why = load("return " .. ("("):rep(1000) .. "1" .. (")"):rep(1000)) assert(ok, why)',
}; // prettier-ignore

describe('the C stack', () => {
  test.each(Object.entries(NESTED))('is never half full: %s', (_, code) => {
    const made = machine();
    expect(run(made, code), 'an error, not a crash').not.toBe(0);
    expect(made.depth.most).toBeGreaterThan(0);
    expect(made.depth.most).toBeLessThan(made.size / 2);
  });
});

describe('the memory', () => {
  test('grows to its limit and no further', () => {
    const made = machine(24 * 1024 * 1024);
    expect(run(made, 'local s = "x" while true do s = s .. s end')).not.toBe(0);
    expect(made.lua.memory.buffer.byteLength).toBeLessThanOrEqual(24 * 1024 * 1024);
    expect(run(made, 'return 1')).toBe(0);
  });
});
