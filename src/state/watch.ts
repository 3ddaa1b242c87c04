import type { ExecutionContext } from '../core/context.js';
import { toLlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { matchesGlob } from './glob.js';
import { keyInScope, scopePrefix } from './keys.js';

/** Changes that may wait for a slow handler; then the oldest are left out. */
const MAX_WAITING = 1000;
/** Milliseconds one call of a handler may take before its subscription ends. */
const HANDLER_MS = 30_000;
/** How often a handler may be called because of what it did itself when it was called. */
const MAX_DEPTH = 16;

/** A change as watchers see it. */
export interface StateChange {
  readonly scope: string;
  /** As `load(scope, key)` finds it. */
  readonly key: string;
  readonly operation: 'set' | 'delete' | 'expire';
  /** The new value; absent when there is none any more. */
  readonly value?: ScriptValue | undefined;
  /** Changes that were left out before this one, because the handler was slow. */
  readonly missed: number;
}

/**
 * Is told of changes, one at a time and in order.
 * Contract: may fail, which is journaled as a warning and changes nothing.
 */
export type ChangeHandler = (change: StateChange) => Promise<unknown>;

/** A change that happened. */
export interface HappenedChange {
  readonly name: string;
  readonly operation: StateChange['operation'];
  readonly value?: ScriptValue | undefined;
  /** The kernel session that made it; nobody's when its time had come. */
  readonly session?: string | undefined;
}

/** One `watch`: what it is about, and what waits for its handler. */
export class StateWatch {
  private readonly prefix: string;
  private readonly waiting: { change: Omit<StateChange, 'missed'>; depth: number }[] = [];
  private missed = 0;
  /** How deep the running call lies in a chain of calls that caused each other; undefined while none runs. */
  private depth: number | undefined;
  private ended = false;

  /** @param onEnd contract: is called once, when the subscription ends, and must not throw. */
  constructor(
    readonly scope: string,
    readonly glob: string,
    private readonly handler: ChangeHandler,
    private readonly context: ExecutionContext,
    private readonly onEnd: (watch: StateWatch) => void,
  ) {
    this.prefix = scopePrefix(scope);
  }

  /** Whether the handler is still called. */
  get active(): boolean {
    return !this.ended;
  }

  /** Tells the handler, as soon as it is free, if the change is one of those that are watched. */
  offer({ name, operation, value, session }: HappenedChange): void {
    if (this.ended || !name.startsWith(this.prefix)) return;
    const key = keyInScope(name, this.prefix);
    if (key === undefined || !matchesGlob(this.glob, key)) return;
    const own = this.depth !== undefined && session === this.context.sessionId;
    const depth = own ? this.depth! + 1 : 0;
    if (depth > MAX_DEPTH) return this.endWith(`it went on causing changes that it watches`);
    if (this.waiting.length >= MAX_WAITING) {
      this.waiting.shift();
      this.missed++;
    }
    const change = { scope: this.scope, key, operation };
    this.waiting.push({ change: value === undefined ? change : { ...change, value }, depth });
    if (this.depth === undefined) void this.drain();
  }

  /** Ends the subscription; whether it was active. */
  unsubscribe(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.waiting.length = 0;
    this.onEnd(this);
    return true;
  }

  /** The first call is made before this returns: a script hears of its own change before the call that made it ends. */
  private async drain(): Promise<void> {
    for (let next = this.waiting.shift(); next && !this.ended; next = this.waiting.shift()) {
      const change = { ...next.change, missed: this.missed };
      [this.depth, this.missed] = [next.depth, 0];
      await this.call(change);
    }
    this.depth = undefined;
  }

  private async call(change: StateChange): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), HANDLER_MS);
      timer.unref();
    });
    const called = this.handler(change).then(
      () => undefined,
      (thrown) => this.failed(thrown),
    );
    const outcome = await Promise.race([called, late]);
    clearTimeout(timer);
    if (outcome === 'late') this.endWith(`it did not return within ${HANDLER_MS / 1000} seconds`);
  }

  private failed(thrown: unknown): void {
    const { code, message } = toLlmspellError(thrown, 'script.error');
    if (GONE.has(code)) this.unsubscribe();
    else this.warn(`A handler of State.watch failed: ${message}`, code);
  }

  private endWith(reason: string): void {
    if (this.unsubscribe()) this.warn(`A State.watch subscription was ended: ${reason}`, 'hook.timeout');
  }

  private warn(message: string, code: string): void {
    const data = { code, scope: this.scope, pattern: this.glob };
    this.context.emit({ type: 'log', level: 'warn', module: 'state', message, data });
  }
}

/** The script engine with the handler is no more. */
const GONE: ReadonlySet<string> = new Set(['session.closed', 'execution.killed', 'limit.memory']);

/** All watches of one tenant's state. */
export class WatchHub {
  private readonly watches = new Set<StateWatch>();

  /** Whether anybody watches anything. */
  get idle(): boolean {
    return this.watches.size === 0;
  }

  /**
   * Begins to tell `handler` of changes in `scope` to keys that match `glob`.
   * @param onEnd contract: is called once, when the subscription ends, and must not throw.
   * @throws `state.invalid_key`
   */
  watch(
    scope: string,
    glob: string,
    handler: ChangeHandler,
    context: ExecutionContext,
    onEnd: () => void = () => {},
  ): StateWatch {
    const watch = new StateWatch(scope, glob, handler, context, (ended) => {
      this.watches.delete(ended);
      onEnd();
    });
    this.watches.add(watch);
    return watch;
  }

  /** Tells whoever watches it. */
  notify(change: HappenedChange): void {
    for (const watch of this.watches) watch.offer(change);
  }
}
