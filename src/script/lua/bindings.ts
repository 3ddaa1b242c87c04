import type { EngineHost } from '../engine.js';
import type { GlobalBinding } from '../manifest.js';
import type { Natives } from './natives.js';
import type { LuaStack } from './stack.js';
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
    for (const member of binding.kernel)
      this.setMember(L, member, binding, this.kernelMember(`${name}.${member}`));
    for (const member of binding.local)
      this.setMember(L, member, binding, this.localMember(`${name}.${member}`));
    if (binding.index) this.setIndex(L, `${name}.${binding.index}`);
    lua.lua_settop(L, -2);
  }

  private setMember(L: LuaState, member: string, binding: GlobalBinding, id: number): void {
    const spellings = Object.keys(binding.aliases).filter((alias) => binding.aliases[alias] === member);
    for (const key of [member, ...spellings]) {
      this.stack.pushText(L, key);
      this.natives.push(L, id);
      this.stack.lua.lua_rawset(L, -3);
    }
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

  /** `Tool.calculator` asks the kernel for the member that the table itself lacks. */
  private setIndex(L: LuaState, member: string): void {
    const { lua } = this.stack;
    lua.lua_createtable(L, 0, 1);
    this.stack.pushText(L, '__index');
    const id = this.natives.add((state) => {
      this.values.push(state, this.host.call(member, undefined, [this.stack.readText(state, 2)]));
      return 1;
    });
    this.natives.push(L, id);
    lua.lua_rawset(L, -3);
    lua.lua_setmetatable(L, -2);
  }
}
