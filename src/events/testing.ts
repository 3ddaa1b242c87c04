import { DEFAULT_CONFIG } from '../config/defaults.js';
import { Budget } from '../core/budget.js';
import type { HookGate } from '../core/component.js';
import { createContext, type ExecutionContext } from '../core/context.js';
import { systemEffects } from '../core/effects.js';
import type { JournalEvent } from '../core/events.js';
import { Journal } from '../core/journal.js';
import { allowAll } from '../core/testing.js';
import type { JsonValue } from '../core/values.js';
import { EventBus } from './bus.js';
import type { NewEvent } from './event.js';
import type { EventsConfig } from './options.js';
import type { EventOwner } from './subscription.js';

/** What a test may choose; everything else is as the defaults have it. */
export interface TestBusOptions {
  config?: Partial<EventsConfig>;
  hooks?: HookGate;
  signal?: AbortSignal;
}

/** A bus with one run that it watches, and a clock that stands still until it is moved. */
export function testBus({ config, hooks, signal }: TestBusOptions = {}) {
  const clock = { now: 1_700_000_000_000 };
  const effects = { ...systemEffects(), now: () => clock.now };
  const bus = new EventBus({ ...(DEFAULT_CONFIG.events as EventsConfig), ...config }, effects);
  const journal = new Journal('run_1', () => clock.now);
  const events: JournalEvent[] = [];
  const info = { run: journal.run, session: 'session_1', tenant: 'default' };
  journal.subscribe((event) => events.push(event));
  journal.subscribe((event) => bus.observe(event, info));
  const context = createContext({
    runId: journal.run,
    sessionId: info.session,
    tenant: info.tenant,
    correlationId: journal.run,
    signal: signal ?? new AbortController().signal,
    permissions: allowAll(),
    budget: new Budget({}, effects.now, () => {}),
    effects,
    hooks,
    interceptors: [],
    append: (path, event) => void journal.append(path, event),
  });
  return {
    bus,
    clock,
    context,
    events,
    owner: testOwner(context),
    publish: (name: string, data?: JsonValue, more: Partial<NewEvent> = {}) =>
      bus.publish({ name, ...(data !== undefined && { data }), ...more }, context),
  };
}

/** A session whose handlers work in the given run. */
export function testOwner(context: ExecutionContext, session = 'session_1'): EventOwner {
  return {
    session,
    language: 'lua',
    context: () => context,
    idle: () => {},
    emit: (event) => context.emit(event),
  };
}
