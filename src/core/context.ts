import type { Budget } from './budget.js';
import type { Effects } from './effects.js';
import type { Capability, ComponentKind, EventBody } from './events.js';
import type { Interceptor } from './invoke.js';

/** Decides whether a run may touch something outside. Implemented by `security/`. */
export interface Permissions {
  /**
   * Throws `permission.<capability>` unless `target` is granted; every decision is journaled through `context`.
   * Targets: an absolute real path (read, write), `host:port` (net), a program (run), a variable name (env).
   */
  require(capability: Capability, target: string, context: ExecutionContext): void;
  /** Whether `target` is granted, without a journal entry. */
  allows(capability: Capability, target: string): boolean;
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
  readonly permissions: Permissions;
  readonly budget: Budget;
  readonly effects: Effects;
  /** What looks at every invocation, outermost first (hooks, tracing, metrics). */
  readonly interceptors: readonly Interceptor[];
  /** Appends an event to the run's journal at this path. */
  emit(event: EventBody): void;
  /** A context for a step inside this one; `step` is unique among its siblings or gets an ordinal. */
  child(kind: ComponentKind, name: string, options?: ChildOptions): ExecutionContext;
}

/** What a child context may narrow. */
export interface ChildOptions {
  /** Milliseconds after which the child's signal aborts with `component.timeout`. */
  timeoutMs?: number | undefined;
  /** A further signal that ends the child. */
  signal?: AbortSignal | undefined;
}

/** The parts from which {@link createContext} makes a context. */
export type ContextParts = Omit<ExecutionContext, 'path' | 'emit' | 'child'> & {
  path?: string;
  /** Appends to the journal of the run. */
  append(path: string, event: EventBody): void;
};

/** The context of a run; its children share journal, budget and permissions. */
export function createContext(parts: ContextParts): ExecutionContext {
  const { append, path = 'run', ...rest } = parts;
  const ordinals = new Map<string, number>();
  return {
    ...rest,
    path,
    emit: (event) => append(path, event),
    child(kind, name, options = {}) {
      const step = `${kind}:${name}`;
      const ordinal = (ordinals.get(step) ?? 0) + 1;
      ordinals.set(step, ordinal);
      const childPath = `${path}/${step}${ordinal > 1 ? `[${ordinal}]` : ''}`;
      return createContext({ ...parts, path: childPath, signal: narrow(parts.signal, options) });
    },
  };
}

function narrow(signal: AbortSignal, options: ChildOptions): AbortSignal {
  const signals = [signal];
  if (options.signal) signals.push(options.signal);
  if (options.timeoutMs !== undefined) signals.push(AbortSignal.timeout(options.timeoutMs));
  return signals.length === 1 ? signal : AbortSignal.any(signals);
}
