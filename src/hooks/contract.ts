import type { ExecutionContext } from '../core/context.js';
import type { ErrorData } from '../core/errors.js';
import type { HookPoint } from '../core/hook-points.js';
import type { ForkOperation } from '../core/hooks.js';
import type { JsonObject, JsonValue } from '../core/values.js';

export type { ForkOperation } from '../core/hooks.js';

/** What a point speaks of, in both spellings that scripts use. */
export interface HookComponentId {
  /** `System`, `Agent`, `Tool`, `Workflow`, `State`, `Session`, `Artifact` or `Event`. */
  readonly type: string;
  readonly name: string;
  /** Same as `name`. */
  readonly id: string;
  /** Same as `type`. */
  readonly component_type: string;
}

/** The piece of work that a point belongs to. */
export interface HookOperationInfo {
  /** What is done: `tool`, `agent`, `workflow`, or the kind of the subject in lower case. */
  readonly operation_type: string;
  /** The same at every point of one piece of work. */
  readonly operation_id: string;
  /** What the work was given. */
  readonly parameters: JsonValue;
  /** What it gave; null before it is done. */
  readonly result: JsonValue;
  /** Why it failed; null otherwise. */
  readonly error: JsonValue;
}

/** Where the work stands that a point belongs to. */
export interface HookParentContext {
  readonly run_id: string;
  /** Step path inside the run. */
  readonly path: string;
  readonly session_id: string;
  readonly tenant: string;
}

/** What a handler is given. A script gets a copy; a handler of the kernel must not change `data` in place. */
export interface HookContext {
  readonly point: HookPoint;
  /** Same as `point`. */
  readonly hook_point: HookPoint;
  readonly component_id: HookComponentId;
  readonly correlation_id: string;
  /** The handler's own language: `lua`, `javascript`, or `kernel`. */
  readonly language: string;
  /**
   * Notes that handlers leave for one another: shared by all points of one piece of work. Handlers of the kernel
   * write into it; those of scripts answer with a table that has `metadata`.
   */
  readonly metadata: Record<string, string>;
  /** What the point is about (`input`, `output`, `error` …), as the handlers before this one left it. */
  readonly data: JsonObject;
  /** When the point was reached; ISO 8601. */
  readonly timestamp: string;
  readonly operation: HookOperationInfo;
  readonly parent_context: HookParentContext;
}

/** What a handler answers. Which of these a point takes is declared in `hooks/point-rules.ts`. */
export type HookResult =
  /** Go on. */
  | { kind: 'continue' }
  /**
   * Go on with other data. A table is laid over the present data, key by key; anything else stands in for the one
   * value that the point is about (`input`, `output` …).
   */
  | { kind: 'modified'; data: JsonValue }
  /** Do not do it: whoever asked gets `hook.cancelled`. */
  | { kind: 'cancel'; reason: string }
  /** Let another component of this kind do it, or do it to another key. */
  | { kind: 'redirect'; target: string }
  /** Take this as the result. */
  | { kind: 'replace'; data: JsonValue }
  /** Before the work: wait and ask the handlers again. After it: wait and repeat the work. */
  | { kind: 'retry'; delayMs: number; maxAttempts: number }
  /** Do this beside it; the results are in `data.forks[id]` afterwards. */
  | { kind: 'fork'; operations: readonly ForkOperation[] }
  /** Take the result kept under this key, or keep the one that the work gives. */
  | { kind: 'cache'; key: string; ttlMs: number }
  /** This handler did nothing. */
  | { kind: 'skipped'; reason: string };

/** The kinds of results. */
export type HookResultKind = HookResult['kind'];

/** What a handler of the kernel may use. */
export interface HookServices {
  /**
   * Surrounds the handler: its `signal` aborts when the handler's time is up, its `effects` are the clock and the
   * randomness to use, its `emit` writes into the journal of the run.
   */
  readonly context: ExecutionContext;
  readonly cache: HookCache;
  /** Stops the handler's own clock until the result is called, for as long as it waits for its turn. */
  hold(): () => void;
}

/** Results that handlers keep; one for each kernel session, bounded. */
export interface HookCache {
  /** What is kept under a key and still fresh at `now` (milliseconds since the Unix epoch). */
  get(key: string, now: number): JsonValue | undefined;
  set(key: string, value: JsonValue, ttlMs: number, now: number): void;
}

/**
 * Looks at a point and says what shall happen.
 * Contract: settles; stops within 100 ms of `services.context.signal`; leaves nothing running. What it throws fails
 * the work (`hook.failed`) unless it was registered with `onError: 'continue'`, and counts against its breaker.
 */
export type HookHandler = (context: HookContext, services: HookServices) => HookResult | Promise<HookResult>;

/** The words for priorities, first to be called first. */
export const PRIORITIES = {
  highest: -2_147_483_648,
  high: -100,
  normal: 0,
  low: 100,
  lowest: 2_147_483_647,
} as const;
/** A word for a priority. */
export type PriorityName = keyof typeof PRIORITIES;

/** When a breaker opens and closes. Counts are of calls, times in milliseconds. */
export interface BreakerSettings {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** Failures and slow calls older than this are forgotten. */
  readonly failureWindowMs: number;
  readonly openMs: number;
  readonly slowCallThreshold: number;
  readonly slowCallMs: number;
}

/** A handler and where it wants to be called. */
export interface HookRegistration {
  /** One of `point` and `points` is given. */
  readonly point?: HookPoint | undefined;
  readonly points?: readonly HookPoint[] | undefined;
  /** A word or an integer, the lower the earlier; `normal` (0) when absent. Equal ones in order of registration. */
  readonly priority?: PriorityName | number | undefined;
  /** Shown in lists, journal and errors; made from the id when absent. */
  readonly name?: string | undefined;
  /** `kernel` when absent. */
  readonly language?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** `1.0.0` when absent. */
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  /** Milliseconds one call may take; as configured in `hooks.timeout_ms` when absent. */
  readonly timeoutMs?: number | undefined;
  /** Calls in a minute; as configured in `hooks.rate_limit_per_minute` when absent. */
  readonly ratePerMinute?: number | undefined;
  /** What a failure, a time-out or a rate limit of the handler means for the work; `fail` when absent. */
  readonly onError?: 'fail' | 'continue' | undefined;
  /** When failing and slow handlers are left out for a while; `false` never leaves this one out. */
  readonly breaker?: BreakerSettings | false | undefined;
  readonly handler: HookHandler;
  /** Called once, when the handler is gone: what it holds can be let go. Contract: must not throw. */
  readonly removed?: (() => void) | undefined;
}

/** A handler that is registered. */
export interface RegisteredHook {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly points: readonly HookPoint[];
  readonly priority: number;
  readonly language: string;
  /** Whether it is called; see {@link HookRegistry.enable}. */
  readonly enabled: boolean;
  /** Takes it away; false when it was gone already. */
  unregister(): boolean;
}

/** Where handlers are registered: one for each kernel session. */
export interface HookRegistry {
  /** @throws `hook.invalid_point`, `input.invalid` */
  register(registration: HookRegistration): RegisteredHook;
  /** The handler of that id. */
  find(id: string): RegisteredHook | undefined;
  /** Lets a handler be called or not, without taking it away. @throws `hook.not_found` */
  enable(id: string, enabled: boolean): void;
}

/** The error of a failed operation as error points show it in `data.error`. */
export type HookErrorData = Pick<ErrorData, 'code' | 'message' | 'hint' | 'details'>;
