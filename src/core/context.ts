import type { ChildOptions, ExecutionContext } from './component.js';
import { Countdown, holdAll } from './countdown.js';
import type { EventBody } from './events.js';
import { Secrets } from './secrets.js';

export type { ChildOptions, ExecutionContext, Permissions } from './component.js';

/** The parts from which {@link createContext} makes a context. */
export type ContextParts = Omit<ExecutionContext, 'path' | 'emit' | 'child' | 'hold' | 'secrets'> & {
  path?: string;
  /** None are known when absent. */
  secrets?: Secrets | undefined;
  /** The time limits around the work. */
  countdowns?: readonly Countdown[];
  /** Appends to the journal of the run. */
  append(path: string, event: EventBody): void;
};

/** The context of a run; its children share journal, budget and permissions. */
export function createContext(parts: ContextParts): ExecutionContext {
  const { append, path = 'run', countdowns = [], secrets = new Secrets(), ...rest } = parts;
  const ordinals = new Map<string, number>();
  return {
    ...rest,
    path,
    secrets,
    emit: (event) => append(path, event),
    hold: () => holdAll(countdowns),
    child(kind, name, options = {}) {
      const step = `${kind}:${name}`;
      const ordinal = (ordinals.get(step) ?? 0) + 1;
      ordinals.set(step, ordinal);
      const childPath = `${path}/${step}${ordinal > 1 ? `[${ordinal}]` : ''}`;
      return createContext({ ...parts, secrets, path: childPath, ...narrow(parts, options) });
    },
  };
}

/** What a child may take less of: its own time limit and signal beside those around it. */
function narrow(parts: ContextParts, { timeoutMs, signal }: ChildOptions) {
  const own = timeoutMs === undefined ? [] : [new Countdown(timeoutMs, timedOut)];
  const signals = [parts.signal, ...(signal ? [signal] : []), ...own.map((countdown) => countdown.signal)];
  return {
    deadline: earlier(parts.deadline, timeoutMs && parts.effects.now() + timeoutMs),
    countdowns: [...(parts.countdowns ?? []), ...own],
    signal: signals.length === 1 ? parts.signal : AbortSignal.any(signals),
  };
}

function timedOut(): DOMException {
  return new DOMException('The time limit has passed', 'TimeoutError');
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
