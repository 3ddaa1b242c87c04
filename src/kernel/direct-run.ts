import { Budget, type BudgetLimits } from '../core/budget.js';
import { createContext, type ExecutionContext } from '../core/context.js';
import { errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { JournalEvent, Usage } from '../core/events.js';
import { Journal } from '../core/journal.js';
import { workEnded } from '../core/unfinished.js';
import type { ExecutionSurroundings } from './execution.js';
import { type Watched, watch } from './watched.js';

/** A piece of work that no script asks for, e.g. `llmspell tool invoke`. */
export interface DirectRequest {
  /** What runs, for the journal. */
  name: string;
  /** What kind of run it is; `tool` when absent. */
  kind?: 'tool' | 'system' | undefined;
  /** Ends the work; its reason is the error. */
  signal: AbortSignal;
  budget?: BudgetLimits | undefined;
  /** Contract: called in order for every event of the run's journal; must not throw. */
  onEvent?: ((event: JournalEvent) => void) | undefined;
}

/** How such work ended. */
export interface DirectOutcome<T> {
  /** The id of the run in the journal. */
  run: string;
  value?: T;
  error?: LlmspellError;
  durationMs: number;
  usage: Usage;
  calls: number;
}

/**
 * Does work in a run of its own, with journal, budget and signal as a script's run has them. Never rejects: what
 * went wrong is in the outcome.
 */
export async function runDirectly<T>(
  surroundings: ExecutionSurroundings,
  request: DirectRequest,
  work: (context: ExecutionContext) => Promise<T>,
): Promise<DirectOutcome<T>> {
  const { context, end, watched } = openRun(surroundings, request);
  const started = context.effects.now();
  context.emit({ type: 'run.started', kind: request.kind ?? 'tool', name: request.name });
  const stopClock = watchClock(context.budget);
  const ready = surroundings.hooks.ready?.();
  const result = await settle(ready ? () => ready.then(() => work(context)) : work, context);
  stopClock();
  end();
  await workEnded(context.budget);
  const spent = { durationMs: context.effects.now() - started, usage: context.budget.usage };
  const { error } = result;
  context.emit({
    type: 'run.finished',
    ok: !error,
    ...spent,
    ...(error && { error: errorToData(error) }),
  });
  await watched.end();
  return { run: context.runId, ...result, ...spent, calls: context.budget.calls };
}

/** A run that is going on outside of any execution. */
export interface OpenRun {
  readonly context: ExecutionContext;
  readonly watched: Watched;
  /** Ends everything that is still going on in it. */
  end(): void;
}

/** The context of a new run, and what ends everything that is still going on in it. */
export function openRun(surroundings: ExecutionSurroundings, request: DirectRequest): OpenRun {
  const now = () => surroundings.effects.now();
  const journal = new Journal(`run_${surroundings.effects.id()}`, now, surroundings.secrets);
  if (request.onEvent) journal.subscribe(request.onEvent);
  const { sessionId: session, tenant, observers } = surroundings;
  const watched = watch(journal, { run: journal.run, session, tenant }, observers);
  const ended = new AbortController();
  const budget = new Budget(request.budget ?? {}, now, (error) => {
    journal.append('run', { type: 'budget.crossed', error: errorToData(error) });
    // The call that crossed the limit fails by itself first; then everything else is stopped.
    setImmediate(() => ended.abort(error));
  });
  const context = createContext({
    ...surroundings,
    runId: journal.run,
    correlationId: journal.run,
    signal: AbortSignal.any([request.signal, ended.signal]),
    budget,
    append: (path, event) => journal.append(path, event),
  });
  return { context, watched, end: () => ended.abort(fail('component.cancelled', 'The run has ended')) };
}

async function settle<T>(
  work: (context: ExecutionContext) => Promise<T>,
  context: ExecutionContext,
): Promise<{ value?: T; error?: LlmspellError }> {
  try {
    return { value: await work(context) };
  } catch (thrown) {
    return { error: context.budget.crossed ?? toLlmspellError(thrown) };
  }
}

/** Crosses the wall-time limit when it passes; the returned function ends the watch. */
function watchClock(budget: Budget): () => void {
  const left = budget.remainingMs;
  if (left === undefined) return () => {};
  const timer = setTimeout(() => budget.expire(), left);
  return () => clearTimeout(timer);
}
