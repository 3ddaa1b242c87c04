import { Budget, type BudgetLimits } from './budget.js';
import type { HookGate } from './component.js';
import { createContext, type ExecutionContext, type Permissions } from './context.js';
import { type Effects, systemEffects } from './effects.js';
import { errorToData } from './errors.js';
import type { JournalEvent } from './events.js';
import type { Interceptor } from './invoke.js';
import { Journal } from './journal.js';

/** What a test may choose about its context; everything else is permissive and real. */
export interface TestContextOptions {
  /** {@link allowAll} when absent. */
  permissions?: Permissions;
  /** A signal that never aborts when absent. */
  signal?: AbortSignal;
  /** No limits when absent. */
  limits?: BudgetLimits;
  /** Replaces single effects, e.g. a fixed clock. */
  effects?: Partial<Effects>;
  interceptors?: readonly Interceptor[];
  /** Nobody listens when absent. */
  hooks?: HookGate;
}

/** An execution context for tests, and the list that collects every event of its journal. */
export function testContext(options: TestContextOptions = {}): {
  context: ExecutionContext;
  events: JournalEvent[];
} {
  const effects: Effects = { ...systemEffects(), ...options.effects };
  const journal = new Journal('test-run', () => effects.now());
  const events: JournalEvent[] = [];
  journal.subscribe((event) => events.push(event));
  const context = createContext({
    runId: journal.run,
    sessionId: 'test-session',
    tenant: 'default',
    correlationId: 'test-correlation',
    signal: options.signal ?? new AbortController().signal,
    permissions: options.permissions ?? allowAll(),
    budget: new Budget(
      options.limits ?? {},
      () => effects.now(),
      (error) => journal.append('run', { type: 'budget.crossed', error: errorToData(error) }),
    ),
    effects,
    interceptors: options.interceptors ?? [],
    hooks: options.hooks,
    append: (path, event) => void journal.append(path, event),
  });
  return { context, events };
}

/** Grants everything and journals every decision, as the real permissions do. */
export function allowAll(): Permissions {
  return {
    allows: () => true,
    require: async (capability, target, context) =>
      context.emit({ type: 'permission', capability, target, granted: true }),
  };
}
