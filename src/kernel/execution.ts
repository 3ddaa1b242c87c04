import { Budget, type BudgetLimits } from '../core/budget.js';
import type { HookGate } from '../core/component.js';
import { createContext, type ExecutionContext, type Permissions } from '../core/context.js';
import { Countdown } from '../core/countdown.js';
import type { Effects } from '../core/effects.js';
import { errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { EventBody, JournalEvent } from '../core/events.js';
import type { Interceptor } from '../core/invoke.js';
import { Journal, type RunObserver } from '../core/journal.js';
import type { Secrets } from '../core/secrets.js';
import { workEnded } from '../core/unfinished.js';
import type { ExecutionValue } from '../script/engine.js';
import type { Isolate, StopReason } from '../script/isolate-handle.js';
import type { Language, Source } from '../script/protocol.js';
import type { KernelMessage, Outcome } from './messages.js';
import type { ExecutionEnd } from './tape.js';
import { type Watched, watch } from './watched.js';

/** What to run and what it may spend. */
export interface ExecuteRequest {
  language: Language;
  source: Source;
  /** Milliseconds; no limit when absent. */
  timeoutMs?: number | undefined;
  budget?: BudgetLimits | undefined;
  /** Contract: called in order, before the outcome is known; must not throw. */
  onMessage?: ((message: KernelMessage) => void) | undefined;
  /** Contract: as {@link onMessage}, for every event of the run's journal. */
  onEvent?: ((event: JournalEvent) => void) | undefined;
  /** Contract: gives a line of input, or with `all` everything that is left; undefined at its end. */
  onInput?: ((all: boolean) => Promise<string | undefined>) | undefined;
}

/** What an execution takes from its session. */
export interface ExecutionSurroundings {
  sessionId: string;
  tenant: string;
  effects: Effects;
  permissions: Permissions;
  secrets: Secrets;
  /** May have to be made ready before work begins. */
  hooks: HookGate & { ready?(): Promise<unknown> | undefined };
  interceptors: readonly Interceptor[];
  /** Who sees every event of every run. */
  observers: readonly RunObserver[];
}

/** What an execution asks and tells its session. */
export interface ExecutionAround {
  /** It is stopped from outside. Contract: must not throw. */
  onStop?(error: LlmspellError): void;
  /**
   * The script has ended; resolves when what it left to be done is done. What it gives is how the execution failed,
   * whatever the script did.
   * Contract: settles soon after the signal aborts, and does not reject.
   */
  settled?(end: ExecutionEnd, signal: AbortSignal): Promise<LlmspellError | undefined>;
}

/** One run of a script: its journal, its budget, its limits, and the one place that can stop it. */
export class Execution {
  readonly run: string;
  readonly context: ExecutionContext;
  private readonly journal: Journal;
  private readonly budget: Budget;
  private readonly abort = new AbortController();
  private readonly started: number;
  private condemned: LlmspellError | undefined;
  private stopped: LlmspellError | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly limit: Countdown | undefined;
  private readonly watched: Watched;

  constructor(
    readonly request: ExecuteRequest,
    private readonly isolate: Isolate,
    surroundings: ExecutionSurroundings,
    private readonly around: ExecutionAround = {},
  ) {
    const { effects } = surroundings;
    this.started = effects.now();
    this.run = `run_${effects.id()}`;
    this.journal = new Journal(this.run, () => effects.now(), surroundings.secrets);
    if (request.onEvent) this.journal.subscribe(request.onEvent);
    const { sessionId: session, tenant, observers } = surroundings;
    this.watched = watch(this.journal, { run: this.run, session, tenant }, observers);
    this.budget = new Budget(
      request.budget ?? {},
      () => effects.now(),
      (error) => this.onBudgetCrossed(error),
    );
    const { timeoutMs } = request;
    this.limit =
      timeoutMs === undefined ? undefined : new Countdown(timeoutMs, () => this.outOfTime(timeoutMs));
    this.context = createContext({
      ...surroundings,
      runId: this.run,
      correlationId: this.run,
      signal: this.abort.signal,
      deadline: timeoutMs && this.started + timeoutMs,
      countdowns: this.limit ? [this.limit] : [],
      budget: this.budget,
      append: (path, event) => this.journal.append(path, event),
    });
  }

  /**
   * Runs the script to its end, and whatever it has started; never rejects.
   * @param prepare done before the script; what it fails with is what the execution fails with.
   */
  async outcome(prepare?: () => Promise<void>): Promise<Outcome> {
    const { source, language } = this.request;
    this.emit({ type: 'run.started', kind: 'script', name: source.name, language });
    this.startTimers();
    const execute = () => this.isolate.execute(source);
    const result = await (prepare ? this.prepared(prepare).then(execute) : execute()).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ error: toLlmspellError(thrown, 'script.error') }),
    );
    const value = 'value' in result ? result.value : undefined;
    const error = await this.settled(value, 'error' in result ? result.error : this.failure);
    this.timers.forEach(clearTimeout);
    this.limit?.cancel();
    const outcome = this.describe(value, error ?? ('error' in result ? result.error : this.failure));
    this.finish(outcome);
    await workEnded(this.budget);
    await this.watched.end();
    return outcome;
  }

  /** Why a script failed that ran to its end. */
  private get failure(): LlmspellError | undefined {
    return this.condemned ?? this.budget.crossed ?? this.stopped;
  }

  private async settled(
    value: ExecutionValue | undefined,
    error: LlmspellError | undefined,
  ): Promise<LlmspellError | undefined> {
    const { text, exitCode } = value ?? {};
    const end = { text, exitCode, ...(error && { error: errorToData(error) }) };
    return this.around.settled?.(end, this.abort.signal);
  }

  private async prepared(prepare: () => Promise<void>): Promise<void> {
    await prepare();
    this.context.signal.throwIfAborted();
  }

  /** Stops the script and everything it has started. */
  stop(reason: StopReason, error: LlmspellError): void {
    this.stopped ??= error;
    this.around.onStop?.(error);
    this.abort.abort(error);
    void this.isolate.stop(reason, error);
  }

  /** Stops the script, which has failed whatever it still manages to do. */
  condemn(error: LlmspellError): void {
    this.condemned = error;
    // The call that failed does so by itself first, with its place in the script.
    setImmediate(() => this.stop('interrupt', error));
  }

  /** Text that the script printed. */
  output(stream: 'stdout' | 'stderr', text: string, within?: ExecutionContext): void {
    (within ?? this).emit({ type: 'output', stream, text });
    this.request.onMessage?.({ type: 'stream', name: stream, text });
  }

  /** See {@link Watched.behind}. */
  behind(): Promise<unknown> | undefined {
    return this.watched.behind();
  }

  /** Appends to the journal. */
  emit(event: EventBody): void {
    this.journal.append('run', event);
  }

  private onBudgetCrossed(error: LlmspellError): void {
    this.emit({ type: 'budget.crossed', error: errorToData(error) });
    // At once, before the call that crossed it is answered: the script never sees that answer.
    this.stop('budget', error);
  }

  private startTimers(): void {
    const { budget } = this.request;
    if (budget?.seconds !== undefined)
      this.timers.push(setTimeout(() => this.budget.expire(), budget.seconds * 1000));
  }

  private outOfTime(timeoutMs: number): LlmspellError {
    const error = fail('execution.timeout', `The execution ran longer than its limit of ${timeoutMs} ms`, {
      hint: 'Raise it with --timeout SECONDS or runtime.script_timeout_seconds.',
    });
    this.stop('timeout', error);
    return error;
  }

  private describe(value: ExecutionValue | undefined, error: LlmspellError | undefined): Outcome {
    const code = this.reasonCode(error);
    return {
      ok: !error && (value?.exitCode ?? 0) === 0,
      run: this.run,
      value: value?.value ?? null,
      text: value?.text,
      error: error && errorToData(error),
      cancelled: code === 'execution.interrupted',
      timedOut: code === 'execution.timeout',
      budgetExceeded: code?.startsWith('budget.') ?? false,
      exitCode: value?.exitCode,
      durationMs: this.context.effects.now() - this.started,
      usage: this.budget.usage,
      calls: this.budget.calls,
    };
  }

  /** Why it ended; a killed script ended for the reason for which it was told to stop. */
  private reasonCode(error: LlmspellError | undefined): string | undefined {
    return error?.code === 'execution.killed' ? String(error.details?.reason) : error?.code;
  }

  private finish(outcome: Outcome): void {
    const { onMessage } = this.request;
    if (outcome.error) onMessage?.({ type: 'error', error: outcome.error });
    else if (outcome.text !== undefined)
      onMessage?.({ type: 'execute_result', value: outcome.value, text: outcome.text });
    const { ok, durationMs, usage, error } = outcome;
    this.emit({ type: 'run.finished', ok, durationMs, usage, ...(error && { error }) });
    this.abort.abort(fail('component.cancelled', 'The run has ended'));
  }
}
