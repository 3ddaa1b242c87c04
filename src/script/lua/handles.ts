import { fail } from '../../core/errors.js';
import { type Reference, reference, type ScriptValue } from '../../core/values.js';
import type { EngineHost } from '../engine.js';
import type { HandleBinding } from '../manifest.js';
import type { Natives } from './natives.js';
import { type LuaStack, REGISTRY, UPVALUE } from './stack.js';
import type { LuaValues, ReferenceTable } from './values.js';
import type { LuaState } from './wasm.js';

const MAX_FUNCTIONS = 100_000;

/**
 * References on the Lua side. Functions that a script hands out are kept in the registry; kernel objects are
 * userdata whose metatable knows an explicit list of methods and fields. A userdata says nothing about itself:
 * what it stands for is known by its address here, so it cannot be forged.
 */
export class LuaHandles implements ReferenceTable {
  /** `received` counts how often the kernel sent it: a release gives exactly that many back. */
  private readonly byAddress = new Map<number, { text: string; received: number }>();
  private readonly methodIds = new Map<string, number>();
  private readonly metatables = new Map<string, bigint>();
  /** Registry slot of a table with weak values: reference text → userdata. */
  private readonly cache: bigint;
  /** Registry slots of the functions handed out and not released; each costs memory on the other side too. */
  private readonly functions = new Set<number>();
  values!: LuaValues;

  constructor(
    private readonly stack: LuaStack,
    private readonly natives: Natives,
    private readonly host: EngineHost,
    L: LuaState,
  ) {
    this.cache = this.makeWeakTable(L);
  }

  keepFunction(L: LuaState, index: number): Reference {
    if (this.functions.size >= MAX_FUNCTIONS)
      throw fail('limit.memory', `A script may hand out at most ${MAX_FUNCTIONS} functions`);
    this.stack.lua.lua_pushvalue(L, index);
    const ref = this.stack.lua.luaL_ref(L, REGISTRY);
    this.functions.add(ref);
    return reference('fn', ref);
  }

  /** Forgets a function handed out before. */
  releaseFunction(L: LuaState, ref: number): void {
    if (this.functions.delete(ref)) this.stack.lua.luaL_unref(L, REGISTRY, ref);
  }

  handleAt(L: LuaState, index: number): Reference | undefined {
    const text = this.textAt(L, index);
    return text === undefined ? undefined : (Object(text) as Reference);
  }

  /** Names of the methods and fields of the kernel object at `index`. */
  membersAt(L: LuaState, index: number): string[] {
    const kind = this.textAt(L, index)?.split(':')[0];
    const binding = kind === undefined ? undefined : this.host.manifest.handles[kind];
    return binding ? [...binding.methods, ...binding.fields, ...Object.keys(binding.aliases)] : [];
  }

  push(L: LuaState, ref: Reference): void {
    const { lua } = this.stack;
    const text = ref.toString();
    if (text.startsWith('fn:')) {
      lua.lua_rawgeti(L, REGISTRY, BigInt(text.slice(3)));
      return;
    }
    this.stack.reserve(L, 6);
    if (!this.pushCached(L, text)) this.pushNew(L, text);
    this.byAddress.get(lua.lua_topointer(L, -1))!.received++;
  }

  private pushCached(L: LuaState, text: string): boolean {
    const { lua } = this.stack;
    lua.lua_rawgeti(L, REGISTRY, this.cache);
    this.stack.pushText(L, text);
    const found = lua.lua_rawget(L, -2) !== 0;
    lua.lua_rotate(L, -2, found ? 1 : 0);
    lua.lua_settop(L, found ? -2 : -3);
    return found;
  }

  private pushNew(L: LuaState, text: string): void {
    const { lua } = this.stack;
    lua.lua_newuserdatauv(L, 1, 0);
    this.byAddress.set(lua.lua_topointer(L, -1), { text, received: 0 });
    lua.lua_rawgeti(L, REGISTRY, this.metatable(L, text.slice(0, text.indexOf(':'))));
    lua.lua_setmetatable(L, -2);
    lua.lua_rawgeti(L, REGISTRY, this.cache);
    this.stack.pushText(L, text);
    lua.lua_pushvalue(L, -3);
    lua.lua_rawset(L, -3);
    lua.lua_settop(L, -2);
  }

  private metatable(L: LuaState, kind: string): bigint {
    const known = this.metatables.get(kind);
    if (known !== undefined) return known;
    const { lua } = this.stack;
    const binding = this.host.manifest.handles[kind] ?? { methods: [], fields: [], aliases: {} };
    lua.lua_createtable(L, 0, 5);
    this.setFunction(L, '__index', (state) => this.index(state, kind, binding));
    this.setFunction(L, '__gc', (state) => this.collect(state));
    this.setFunction(L, '__tostring', (state) => {
      this.stack.pushText(state, this.textAt(state, 1) ?? kind);
      return 1;
    });
    this.stack.pushText(L, '__name');
    this.stack.pushText(L, kind);
    lua.lua_rawset(L, -3);
    this.stack.pushText(L, '__metatable');
    lua.lua_pushboolean(L, 0);
    lua.lua_rawset(L, -3);
    const slot = BigInt(lua.luaL_ref(L, REGISTRY));
    this.metatables.set(kind, slot);
    return slot;
  }

  private setFunction(L: LuaState, name: string, fn: (L: LuaState) => number): void {
    this.stack.pushText(L, name);
    this.natives.push(L, this.natives.add(fn));
    this.stack.lua.lua_rawset(L, -3);
  }

  private collect(L: LuaState): number {
    const address = this.stack.lua.lua_topointer(L, 1);
    const entry = this.byAddress.get(address);
    this.byAddress.delete(address);
    if (entry) this.host.release(entry.text, entry.received);
    return 0;
  }

  /** `handle.key`: a method bound to this handle, or the value of a field, or nil. */
  private index(L: LuaState, kind: string, binding: HandleBinding): number {
    const key = this.stack.readText(L, 2);
    const name = Object.hasOwn(binding.aliases, key) ? binding.aliases[key]! : key;
    if (binding.fields.includes(name)) {
      this.values.push(L, this.host.call(`${kind}.${name}`, this.liveText(kind, this.textAt(L, 1)), []));
    } else if (binding.methods.includes(name)) {
      this.stack.lua.lua_pushvalue(L, 1);
      this.natives.push(L, this.methodId(kind, name), 1);
    } else {
      this.stack.lua.lua_pushnil(L);
    }
    return 1;
  }

  /** One native per method; the handle it belongs to is the closure's second upvalue. */
  private methodId(kind: string, name: string): number {
    const member = `${kind}.${name}`;
    const known = this.methodIds.get(member);
    if (known !== undefined) return known;
    const id = this.natives.add((L) => this.callMethod(L, member));
    this.methodIds.set(member, id);
    return id;
  }

  /** Accepts `handle:method(…)` and `handle.method(…)`: the handle is bound already. */
  private callMethod(L: LuaState, member: string): number {
    const { lua } = this.stack;
    const self = lua.lua_topointer(L, UPVALUE - 1);
    const isColonCall = lua.lua_gettop(L) > 0 && lua.lua_topointer(L, 1) === self;
    const args: ScriptValue[] = this.values.readArguments(L, isColonCall ? 2 : 1);
    const text = this.liveText(member, this.byAddress.get(self)?.text);
    const value = this.host.call(member, text, args);
    this.values.push(L, value);
    return 1;
  }

  /** A finalizer of the script can bring back a handle that was collected already. */
  private liveText(what: string, text: string | undefined): string {
    if (text === undefined) throw fail('handle.released', `${what}: the object behind this handle is gone`);
    return text;
  }

  private textAt(L: LuaState, index: number): string | undefined {
    return this.byAddress.get(this.stack.lua.lua_topointer(L, index))?.text;
  }

  private makeWeakTable(L: LuaState): bigint {
    const { lua } = this.stack;
    lua.lua_createtable(L, 0, 0);
    lua.lua_createtable(L, 0, 1);
    this.stack.pushText(L, '__mode');
    this.stack.pushText(L, 'v');
    lua.lua_rawset(L, -3);
    lua.lua_setmetatable(L, -2);
    return BigInt(lua.luaL_ref(L, REGISTRY));
  }
}
