import type { LuaMachine, LuaState } from './wasm.js';

const MASK_CALL = 1;
const MASK_RETURN = 2;
const MASK_LINE = 4;
const MASK_COUNT = 8;
const EVERYTHING = MASK_CALL | MASK_RETURN | MASK_LINE | MASK_COUNT;

/** Instructions between two yields while the machine warms up. */
const WARM_PERIOD = 100_000;
/** Milliseconds after which the interpreter loop has long been compiled with optimisation. */
const WARM_MS = 400;

/**
 * Debug hooks, for two purposes and never both at once.
 *
 * Warming up: V8 does not replace a running WebAssembly function by its optimised code, so a long-running
 * interpreter loop would stay slow for ever. In the first moments the main chunk, which runs as a coroutine,
 * yields now and then and is resumed at once: the loop is entered anew, in optimised code by then.
 *
 * Stopping: a count-1 hook on every running thread raises at each instruction, so that no `pcall` of the script
 * can swallow it, until the outermost call has unwound, or the innermost callback where only that is stopped.
 */
export class Stopper {
  private warm = false;
  private warmFrom = 0;
  private main: LuaState = 0;
  private yielded = false;
  private stopText: string | undefined;
  /** How many threads go on running when what is being stopped has unwound. */
  private survivors = 0;
  /** Threads that are running now, outermost first; their addresses are valid because each is on the stack of the one before. */
  private readonly running: LuaState[] = [];

  constructor(
    private readonly machine: () => LuaMachine,
    private readonly raise: (L: LuaState, text: string) => number,
  ) {}

  /** The message every instruction raises now, if the script is being stopped. */
  get stopping(): string | undefined {
    return this.stopText;
  }

  /** The innermost running thread. */
  get current(): LuaState | undefined {
    return this.running.at(-1);
  }

  /** `L` begins to run. The outermost coroutine of an execution also warms the machine up. */
  enter(L: LuaState, isMain = false): void {
    this.running.push(L);
    if (this.stopText !== undefined) this.hookAll(L);
    else if (isMain && !this.warm) this.startWarming(L);
  }

  /** The innermost thread no longer runs. When the outermost one of what is being stopped leaves, stopping is over. */
  leave(): void {
    const L = this.running.pop();
    if (this.running.length > this.survivors) return;
    if (L !== undefined) this.unhook(L);
    if (this.survivors > 0) this.spareSurvivors();
    this.stopText = undefined;
    this.survivors = 0;
  }

  /** How many threads are running; for {@link leaveTo}. */
  get depth(): number {
    return this.running.length;
  }

  /** Leaves until `depth` threads run: an interrupt may have unwound past the calls that would have left. */
  leaveTo(depth: number): void {
    while (this.running.length > depth) this.leave();
  }

  /** An execution begins that nobody has told to stop: forgets a stop that came when the one before had ended. */
  reset(): void {
    if (this.running.length === 0) this.stopText = undefined;
  }

  /** From now on every instruction raises `text`, until no more than `survivors` threads are running. */
  stop(text: string, survivors = 0): void {
    if (this.stopText !== undefined) {
      this.survivors = Math.min(this.survivors, survivors);
      return;
    }
    this.stopText = text;
    this.survivors = survivors;
    for (const L of this.running) this.hookAll(L);
  }

  /** The hook itself. */
  onHook(L: LuaState): void {
    if (this.stopText !== undefined) {
      this.hookAll(L);
      this.raise(L, this.stopText);
      return;
    }
    const { lua } = this.machine();
    if (performance.now() - this.warmFrom > WARM_MS) this.finishWarming(L);
    if (L !== this.main || !lua.lua_isyieldable(L)) return;
    this.yielded = true;
    lua.lua_yieldk(L, 0, 0, 0);
  }

  /** Whether the last yield of the main chunk was ours; asks once. */
  tookYield(): boolean {
    const ours = this.yielded;
    this.yielded = false;
    return ours;
  }

  private startWarming(L: LuaState): void {
    this.main = L;
    this.warmFrom = performance.now();
    const { lua, hookIndex } = this.machine();
    lua.lua_sethook(L, hookIndex, MASK_COUNT, WARM_PERIOD);
  }

  private finishWarming(L: LuaState): void {
    this.warm = true;
    this.unhook(L);
    // An interrupt may strike between any two lines here; its hook must not be the one that was taken away.
    if (this.stopText !== undefined) this.hookAll(L);
  }

  private spareSurvivors(): void {
    const { lua, hookIndex } = this.machine();
    for (const L of this.running) this.unhook(L);
    if (!this.warm && this.running.includes(this.main))
      lua.lua_sethook(this.main, hookIndex, MASK_COUNT, WARM_PERIOD);
  }

  private hookAll(L: LuaState): void {
    const { lua, hookIndex } = this.machine();
    lua.lua_sethook(L, hookIndex, EVERYTHING, 1);
  }

  private unhook(L: LuaState): void {
    this.machine().lua.lua_sethook(L, 0, 0, 0);
  }
}
