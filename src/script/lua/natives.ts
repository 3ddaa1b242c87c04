import type { ErrorCode } from '../../core/error-codes.js';
import { fail, type LlmspellError, toLlmspellError } from '../../core/errors.js';
import { type LuaStack, UPVALUE } from './stack.js';
import { LONGJMP, type LuaMachine, type LuaState, MachineDead } from './wasm.js';

/**
 * A function that Lua can call: arguments from index 1 of `L`, returns how many results it pushed.
 * Contract: may throw `LlmspellError`s, which Lua sees as strings; must let everything else through.
 */
export type NativeFunction = (L: LuaState) => number;

/** Prelude functions call each other less deeply than this. */
const PRELUDE_LEVELS = 10;

/** Our functions as Lua sees them. All share one C function; a closure's first upvalue says which is meant. */
export class Natives {
  private readonly functions: NativeFunction[] = [];
  /** The last error given to Lua, so that its code can be found again when the script lets it pass. */
  lastRaised: { text: string; error: LlmspellError } | undefined;

  constructor(
    private readonly machine: LuaMachine,
    private readonly stack: LuaStack,
  ) {}

  /** Registers a function; the number is for {@link push}. */
  add(fn: NativeFunction): number {
    return this.functions.push(fn) - 1;
  }

  /** Pushes a registered function; `upvalues` values on top of the stack become its further upvalues. */
  push(L: LuaState, id: number, upvalues = 0): void {
    const { lua } = this.stack;
    lua.lua_pushnumber(L, id);
    if (upvalues > 0) lua.lua_rotate(L, -upvalues - 1, 1);
    lua.lua_pushcclosure(L, this.machine.callIndex, upvalues + 1);
  }

  /** The entry from C. */
  dispatch(L: LuaState): number {
    const id = this.stack.lua.lua_tonumberx(L, UPVALUE, 0);
    try {
      return this.functions[id]!(L);
    } catch (thrown) {
      if (isFatal(thrown)) throw thrown;
      this.pushError(L, toLlmspellError(thrown, isExhaustion(thrown) ? 'limit.memory' : undefined));
    }
    return this.stack.lua.lua_error(L);
  }

  /**
   * Runs `body` where Lua errors are caught: they are thrown as `LlmspellError`s, and what `body` itself throws
   * comes out unchanged. Everything that may allocate in the machine runs inside one of these.
   */
  protect<T>(L: LuaState, body: () => T): T {
    const { lua } = this.stack;
    const top = lua.lua_gettop(L);
    const outcome: { value?: T; thrown?: unknown } = {};
    const previous = this.functions[0];
    this.functions[0] = () => {
      this.functions[0] = previous!;
      try {
        outcome.value = body();
      } catch (thrown) {
        if (isFatal(thrown)) throw thrown;
        outcome.thrown = thrown;
      }
      return 0;
    };
    this.push(L, 0);
    const status = lua.lua_pcallk(L, 0, 0, 0, 0, 0);
    const message = status === 0 ? '' : this.stack.describe(L, -1);
    lua.lua_settop(L, top);
    if (status !== 0) throw fail(codeOfMessage(message), message);
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value as T;
  }

  /** Where in the script it happened: the first level that is not part of the prelude. */
  private position(L: LuaState): string {
    for (let level = 1; level < PRELUDE_LEVELS; level++) {
      this.stack.lua.luaL_where(L, level);
      const position = this.stack.readText(L, -1);
      this.stack.lua.lua_settop(L, -2);
      if (!position.startsWith('llmspell.')) return position;
    }
    return '';
  }

  private pushError(L: LuaState, error: LlmspellError): void {
    const text = this.position(L) + error.message;
    this.lastRaised = { text, error };
    this.stack.pushText(L, text);
  }
}

/** What must never be turned into a Lua error: C's own jumps, and a machine that is broken. */
export function isFatal(thrown: unknown): boolean {
  if (thrown === LONGJMP || thrown instanceof MachineDead) return true;
  return isStackOverflow(thrown) || thrown instanceof WebAssembly.RuntimeError;
}

/** Whether the thread's own stack ran out, which may have happened in the middle of C code. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes('call stack');
}

/** Whether a text or buffer would have been larger than the platform allows. */
function isExhaustion(thrown: unknown): boolean {
  return thrown instanceof RangeError && /string length|array length|allocation failed/i.test(thrown.message);
}

/** The code of an error that Lua itself raised: its own limits and a missing module are known by their wording. */
export function codeOfMessage(message: string): ErrorCode {
  if (message.includes('not enough memory')) return 'limit.memory';
  if (message.includes('stack overflow')) return 'limit.stack';
  return /module '.*' not found:\n/.test(message) ? 'script.module_not_found' : 'script.error';
}
