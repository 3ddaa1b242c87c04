import type { GlobalVariable } from '../protocol.js';
import { GLOBALS, type LuaStack, REGISTRY, TYPE } from './stack.js';
import type { ReferenceTable } from './values.js';
import type { LuaState } from './wasm.js';

const NAMES: Record<number, string> = Object.fromEntries(
  Object.entries(TYPE).map(([name, type]) => [type, name]),
);

/** Tells the globals that scripts have defined from those of the environment. */
export class LuaGlobalVariables {
  private readonly builtIn: ReadonlySet<string>;

  /** Made when the environment is complete and no script has run. */
  constructor(
    private readonly stack: LuaStack,
    private readonly references: ReferenceTable,
    L: LuaState,
  ) {
    const present = this.read(L, () => '');
    this.builtIn = new Set([...present.map(({ name }) => name), 'ARGS', 'args', 'arg']);
  }

  /** What scripts have added, sorted by name. */
  defined(L: LuaState): GlobalVariable[] {
    return this.read(L, () => this.typeAt(L))
      .filter(({ name }) => !this.builtIn.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The string keys of the global table; `type` is asked while the value is on top. */
  private read(L: LuaState, type: () => string): GlobalVariable[] {
    const { lua } = this.stack;
    const found: GlobalVariable[] = [];
    lua.lua_rawgeti(L, REGISTRY, GLOBALS);
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2)) {
      if (lua.lua_type(L, -2) === TYPE.string) found.push({ name: this.stack.readText(L, -2), type: type() });
      lua.lua_settop(L, -2);
    }
    lua.lua_settop(L, -2);
    return found;
  }

  private typeAt(L: LuaState): string {
    const type = this.stack.lua.lua_type(L, -1);
    const handle = type === TYPE.userdata ? this.references.handleAt(L, -1) : undefined;
    return handle?.toString().split(':')[0] ?? NAMES[type] ?? 'unknown';
  }
}
