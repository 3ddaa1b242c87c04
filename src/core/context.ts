import type { ChildOptions, ExecutionContext } from './component.js';
import type { EventBody } from './events.js';

export type { ChildOptions, ExecutionContext, Permissions } from './component.js';

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
      const deadline = earlier(parts.deadline, options.timeoutMs && parts.effects.now() + options.timeoutMs);
      return createContext({ ...parts, path: childPath, deadline, signal: narrow(parts.signal, options) });
    },
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function narrow(signal: AbortSignal, options: ChildOptions): AbortSignal {
  const signals = [signal];
  if (options.signal) signals.push(options.signal);
  if (options.timeoutMs !== undefined) signals.push(AbortSignal.timeout(options.timeoutMs));
  return signals.length === 1 ? signal : AbortSignal.any(signals);
}
