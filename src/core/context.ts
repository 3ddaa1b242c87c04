import type { ChildOptions, ExecutionContext, HookGate } from './component.js';
import { Countdown, holdAll } from './countdown.js';
import type { EventBody } from './events.js';
import { NO_HOOKS } from './no-hooks.js';
import { Secrets } from './secrets.js';

export type { ChildOptions, ExecutionContext, Permissions } from './component.js';

/** The parts from which {@link createContext} makes a context. */
export type ContextParts = Omit<
  ExecutionContext,
  'path' | 'emit' | 'child' | 'limit' | 'hold' | 'end' | 'secrets' | 'hooks'
> & {
  path?: string;
  /** None are known when absent. */
  secrets?: Secrets | undefined;
  /** Nobody listens when absent. */
  hooks?: HookGate | undefined;
  /** The time limits around the work. */
  countdowns?: readonly Countdown[];
  /** Undoes what was set up for this context alone. */
  release?: (() => void) | undefined;
  /** Appends to the journal of the run. */
  append(path: string, event: EventBody): void;
};

type Parts = ContextParts & { secrets: Secrets };

/** The context of a run; its children share journal, budget and permissions. */
export function createContext(parts: ContextParts): ExecutionContext {
  return makeContext({ ...parts, secrets: parts.secrets ?? new Secrets() });
}

/** Fields are written out one by one: every invocation makes a context, and copying by spread is many times slower. */
function makeContext(parts: Parts, ordinals: Ordinals = { counts: undefined }): ExecutionContext {
  const { path = 'run', countdowns = [], release } = parts;
  return {
    runId: parts.runId,
    path,
    sessionId: parts.sessionId,
    tenant: parts.tenant,
    correlationId: parts.correlationId,
    signal: parts.signal,
    deadline: parts.deadline,
    permissions: parts.permissions,
    secrets: parts.secrets,
    budget: parts.budget,
    effects: parts.effects,
    hooks: parts.hooks ?? NO_HOOKS,
    interceptors: parts.interceptors,
    emit: (event) => parts.append(path, event),
    hold: () => holdAll(countdowns),
    end: () => release?.(),
    child: (kind, name, options = {}) => {
      const step = `${kind}:${name}`;
      const ordinal = next(ordinals, step);
      return makeContext(inside(parts, `${path}/${step}${ordinal > 1 ? `[${ordinal}]` : ''}`, options));
    },
    limit: (timeoutMs) => makeContext(inside(parts, path, { timeoutMs }), ordinals),
  };
}

/** How often each step was taken in a piece of work, however many contexts it has. */
interface Ordinals {
  counts: Map<string, number> | undefined;
}

function next(ordinals: Ordinals, step: string): number {
  ordinals.counts ??= new Map();
  const ordinal = (ordinals.counts.get(step) ?? 0) + 1;
  ordinals.counts.set(step, ordinal);
  return ordinal;
}

function inside(parts: Parts, path: string, options: ChildOptions): Parts {
  const narrowed = narrow(parts, options);
  return {
    runId: parts.runId,
    path,
    sessionId: parts.sessionId,
    tenant: parts.tenant,
    correlationId: options.correlationId ?? parts.correlationId,
    signal: narrowed.signal,
    deadline: narrowed.deadline,
    permissions: parts.permissions,
    secrets: parts.secrets,
    budget: parts.budget,
    effects: parts.effects,
    hooks: parts.hooks,
    interceptors: parts.interceptors,
    countdowns: narrowed.countdowns,
    release: narrowed.release,
    append: parts.append,
  };
}

/** What a child may take less of: its own time limit and signal beside those around it. */
function narrow(parts: Parts, { timeoutMs, signal, countdown }: ChildOptions) {
  const { deadline, countdowns = [] } = parts;
  if (timeoutMs === undefined && !signal && !countdown)
    return { deadline, countdowns, signal: parts.signal, release: undefined };
  const own = countdown ?? new Countdown(timeoutMs, timedOut);
  return {
    deadline: earlier(deadline, timeoutMs && parts.effects.now() + timeoutMs),
    countdowns: [...countdowns, own],
    signal: own.signal,
    release: follow(own, signal ? [parts.signal, signal] : [parts.signal]),
  };
}

/** Aborts with whichever of the signals does so first; the result ends that, and the clock. */
function follow(countdown: Countdown, signals: readonly AbortSignal[]): () => void {
  const stops = signals.map((signal) => {
    const stop = () => countdown.abort(signal.reason);
    allowListeners(signal);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  });
  return () => {
    countdown.cancel();
    for (const stop of stops) stop();
  };
}

/** Signals that any number of calls may listen to. */
const crowded = new WeakSet<AbortSignal>();

/** Any number of calls may run inside one, and each listens to its signal; that is no leak to warn of. */
export function allowListeners(signal: AbortSignal): void {
  if (crowded.has(signal)) return;
  crowded.add(signal);
  process.getBuiltinModule('node:events').setMaxListeners(0, signal);
}

function timedOut(): DOMException {
  return new DOMException('The time limit has passed', 'TimeoutError');
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
