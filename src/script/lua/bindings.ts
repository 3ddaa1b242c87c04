import type { EngineHost } from '../engine.js';
import type { GlobalBinding } from '../manifest.js';
import type { Natives } from './natives.js';
import { type LuaStack, TYPE } from './stack.js';
import type { LuaValues } from './values.js';
import type { LuaState } from './wasm.js';

/** Makes the global tables from the manifest: real tables with plain string keys, as scripts that list `_G` expect. */
export class LuaBindings {
  constructor(
    private readonly stack: LuaStack,
    private readonly natives: Natives,
    private readonly values: LuaValues,
    private readonly host: EngineHost,
  ) {}

  /** Sets every global. Builders are added by the prelude through `host.builder`. */
  install(L: LuaState): void {
    for (const [name, binding] of Object.entries(this.host.manifest.globals)) {
      if (!name.startsWith('@')) this.installGlobal(L, name, binding);
    }
  }

  private installGlobal(L: LuaState, name: string, binding: GlobalBinding): void {
    const { lua } = this.stack;
    this.stack.withBytes(Buffer.from(name), (address) => {
      lua.lua_createtable(L, 0, binding.kernel.length + binding.local.length);
      lua.lua_pushvalue(L, -1);
      lua.lua_setglobal(L, address);
    });
    for (const member of binding.kernel) this.setMember(L, member, this.kernelMember(`${name}.${member}`));
    for (const member of binding.local) this.setMember(L, member, this.localMember(`${name}.${member}`));
    this.setIndex(L, name, binding);
    lua.lua_settop(L, -2);
  }

  private setMember(L: LuaState, member: string, id: number): void {
    this.stack.pushText(L, member);
    this.natives.push(L, id);
    this.stack.lua.lua_rawset(L, -3);
  }

  private kernelMember(member: string): number {
    return this.natives.add((L) => {
      this.values.push(L, this.host.call(member, undefined, this.values.readArguments(L, 1)));
      return 1;
    });
  }

  private localMember(member: string): number {
    return this.natives.add((L) => {
      this.values.push(L, this.host.local(member, this.values.readArguments(L, 1)));
      return 1;
    });
  }

  /**
   * What the table itself lacks: other spellings of a member, which are then kept in the table, and for
   * `Tool.calculator` what the kernel knows of that name. Most spells use few of either.
   */
  private setIndex(L: LuaState, name: string, binding: GlobalBinding): void {
    const { lua } = this.stack;
    lua.lua_createtable(L, 0, 2);
    this.stack.pushText(L, '__index');
    this.natives.push(
      L,
      this.natives.add((state) => this.lookUp(state, name, binding)),
    );
    lua.lua_rawset(L, -3);
    this.stack.pushText(L, '__metatable');
    lua.lua_pushboolean(L, 0);
    lua.lua_rawset(L, -3);
    lua.lua_setmetatable(L, -2);
  }

  private lookUp(L: LuaState, name: string, binding: GlobalBinding): number {
    const { lua } = this.stack;
    const isName = lua.lua_type(L, 2) === TYPE.string;
    const key = isName ? this.stack.readText(L, 2) : '';
    if (isName && Object.hasOwn(binding.aliases, key)) return this.keepAlias(L, binding.aliases[key]!);
    if (isName && binding.index) {
      this.values.push(L, this.host.call(`${name}.${binding.index}`, undefined, [key]));
    } else lua.lua_pushnil(L);
    return 1;
  }

  /** The member under its other spelling, from now on without asking. */
  private keepAlias(L: LuaState, member: string): number {
    const { lua } = this.stack;
    this.stack.pushText(L, member);
    lua.lua_rawget(L, 1);
    lua.lua_pushvalue(L, 2);
    lua.lua_pushvalue(L, -2);
    lua.lua_rawset(L, 1);
    return 1;
  }
}
