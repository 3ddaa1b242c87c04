import type { z } from 'zod';
import type { Budget } from './budget.js';
import type { Countdown } from './countdown.js';
import type { Effects } from './effects.js';
import type { Capability, ComponentKind, EventBody } from './events.js';
import type { HookPoint } from './hook-points.js';
import type { HookOperation, HookOutcome, HookSubject } from './hooks.js';
import type { Secrets } from './secrets.js';
import type { JsonObject, JsonValue } from './values.js';

/** Something that can be invoked: a tool, an agent, a workflow. */
export interface Component<Input = unknown, Output = unknown> {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly description: string;
  /** Checks and completes the input; its JSON Schema is what models and MCP clients see. */
  readonly input: z.ZodType<Input>;
  /** Checks the output where the component promises a shape. */
  readonly output?: z.ZodType<Output> | undefined;
  /** Milliseconds after which an attempt at the work is ended; no limit when absent. */
  readonly timeoutMs?: number | undefined;
  /**
   * Does the work.
   * Contract: stops within 100 ms of `context.signal`; leaves nothing running; throws `LlmspellError`s.
   */
  run(input: Input, context: ExecutionContext): Promise<Output>;
  /** Makes its result of what a hook handler puts in the place of one; as it is when absent. */
  adopt?(value: JsonValue, input: JsonValue): Output;
}

/** Decides whether a run may touch something outside. Implemented by `security/`. */
export interface Permissions {
  /**
   * Rejects with `permission.<capability>` unless `target` is granted; every decision is journaled through
   * `context`. May ask a person first: the time limits of `context` stand still meanwhile.
   * Targets: an absolute real path (read, write), `host:port` (net), the real path of a program (run), a variable
   * name (env), `sqlite:/path` or `postgres://host:port/name` (db).
   */
  require(capability: Capability, target: string, context: ExecutionContext): Promise<void>;
  /** Whether `target` is granted, without a journal entry. */
  allows(capability: Capability, target: string): boolean;
}

/** Where hook points are fired. Implemented by `hooks/`; the ground floor knows only this much. */
export interface HookGate {
  /** Whether anybody listens; asked before anything is prepared, so that a point without handlers costs next to nothing. */
  has(point: HookPoint): boolean;
  /**
   * Runs the handlers of a point, in order of priority.
   * Contract: rejects only if a handler fails or answers with something that the point does not take (`hook.*`).
   */
  fire(
    point: HookPoint,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
    operation?: HookOperation,
  ): Promise<HookOutcome>;
}

/** What surrounds a piece of work: who it is for, how long it may take, what it may touch, what it may spend. */
export interface ExecutionContext {
  readonly runId: string;
  /** Step path of this work inside its run. */
  readonly path: string;
  readonly sessionId: string;
  readonly tenant: string;
  /** Ties together what different runs and services did for one request. */
  readonly correlationId: string;
  /** Aborts when the work must stop; long work listens and stops within 100 ms. */
  readonly signal: AbortSignal;
  /** When the work has to be done, in milliseconds since the Unix epoch; no limit when absent. */
  readonly deadline?: number | undefined;
  readonly permissions: Permissions;
  /** What must never be shown; the journal and every error of a component are masked with it. */
  readonly secrets: Secrets;
  readonly budget: Budget;
  readonly effects: Effects;
  /** Where the moments of lifecycles are announced, for handlers to look and change what happens. */
  readonly hooks: HookGate;
  /** What looks at every invocation, outermost first (hooks, tracing, metrics). */
  readonly interceptors: readonly Interceptor[];
  /** Appends an event to the run's journal at this path. */
  emit(event: EventBody): void;
  /** Stops the clocks of every time limit around this work, for as long as a person thinks; the result starts them again. */
  hold(): () => void;
  /** Lets go of the clock and of whatever it listens to: the work is over. Its signal never aborts afterwards. */
  end(): void;
  /** A context for a step inside this one; `step` is unique among its siblings or gets an ordinal. */
  child(kind: StepKind, name: string, options?: ChildOptions): ExecutionContext;
  /** This very work under a time limit of its own, in milliseconds. */
  limit(timeoutMs: number): ExecutionContext;
}

/** What a step may be: a component at work, or a handler that deals with an event or a hook point. */
export type StepKind = ComponentKind | 'event' | 'hook';

/** What a child context may narrow. */
export interface ChildOptions {
  /** Ties the step to another request than what is around it. */
  correlationId?: string | undefined;
  /** Milliseconds after which the child's signal aborts with `component.timeout`. */
  timeoutMs?: number | undefined;
  /** A further signal that ends the child. */
  signal?: AbortSignal | undefined;
  /** A time limit that whoever makes the child minds himself, in place of `timeoutMs`. */
  countdown?: Countdown | undefined;
}

/** One invocation as the interceptors see it; they may replace `input` and what `next` returns. */
export interface Invocation {
  readonly component: Component;
  readonly input: unknown;
  readonly context: ExecutionContext;
}

/**
 * Stands around every invocation: hooks, spans, metrics, caches.
 * Contract: calls `next` at most once per attempt and returns or rethrows what it gives, unless replacing it on purpose.
 */
export type Interceptor = (
  invocation: Invocation,
  next: (invocation: Invocation) => Promise<unknown>,
) => Promise<unknown>;
