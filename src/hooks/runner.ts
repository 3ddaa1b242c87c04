import type { ExecutionContext } from '../core/context.js';
import { Countdown } from '../core/countdown.js';
import { errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import { redactSecrets } from '../core/redact.js';
import { untilAborted } from '../core/until-aborted.js';
import type { JsonValue } from '../core/values.js';
import type { HookCache, HookContext, HookResult, HookServices } from './contract.js';
import type { HookEntry } from './entry.js';
import { ruleOf } from './point-rules.js';

/** Handlers that may stand inside each other. */
const MAX_DEPTH = 8;

/** What the runner needs of the session. */
export interface RunnerParts {
  readonly cache: HookCache;
  /** Tells that a handler has run for so long; answers whether slow ones are of concern. */
  load(durationMs: number, now: number): boolean;
}

/** The words for results in the names of events. */
const EVENT_NAMES: Readonly<Record<HookResult['kind'], string>> = {
  continue: 'success',
  modified: 'modified',
  cancel: 'cancelled',
  redirect: 'redirected',
  replace: 'replaced',
  retry: 'retried',
  fork: 'forked',
  cache: 'cached',
  skipped: 'skipped',
};

const GO_ON: HookResult = { kind: 'continue' };

/** Calls single handlers: within their limits, counted, journaled. */
export class Runner {
  constructor(private readonly parts: RunnerParts) {}

  /**
   * What one handler answers.
   * @throws `hook.failed`, `hook.timeout`, `hook.unsupported_result` and what is like them, where the handler is binding.
   */
  async run(entry: HookEntry, given: HookContext, context: ExecutionContext): Promise<HookResult> {
    const now = context.effects.now();
    if (entry.breaker?.state(now) === 'open') return this.leaveOut(entry, given, context);
    if (isOwnFork(entry, context)) return GO_ON;
    try {
      this.admit(entry, now, context);
      const result = await this.call(entry, given, context);
      this.succeed(entry, given, result, now, context);
      return result;
    } catch (thrown) {
      context.signal.throwIfAborted();
      const error = explain(thrown, entry, given);
      this.fail(entry, given, error, now, context);
      if (entry.isBinding || isRunOver(error)) throw error;
      return GO_ON;
    }
  }

  private admit(entry: HookEntry, now: number, context: ExecutionContext): void {
    if (depthOf(context) >= MAX_DEPTH)
      throw fail('hook.recursion', `Hooks stand ${MAX_DEPTH} deep inside each other at '${entry.name}'`, {
        hint: 'A handler that calls tools or agents is called for those too: let it look at component_id first.',
        details: { path: context.path },
      });
    if (!entry.rate.take(now))
      throw fail('limit.rate', `Hook '${entry.name}' ran more than ${entry.rate.perMinute} times a minute`, {
        hint: 'Raise hooks.rate_limit_per_minute, or look for a hook that sets off itself.',
      });
  }

  /**
   * What a handler answers within its time limit; nothing is counted or journaled.
   * @throws what {@link run} throws for a binding handler.
   */
  async answer(entry: HookEntry, given: HookContext, context: ExecutionContext): Promise<HookResult> {
    try {
      return await this.call(entry, given, context);
    } catch (thrown) {
      context.signal.throwIfAborted();
      throw explain(thrown, entry, given);
    }
  }

  private async call(entry: HookEntry, given: HookContext, context: ExecutionContext): Promise<HookResult> {
    const limit = new Countdown(entry.timeoutMs, () => timedOut(entry, given));
    const own = context.child('hook', entry.name, { countdown: limit });
    const services: HookServices = { context: own, cache: this.parts.cache, hold: () => limit.hold() };
    try {
      const work = Promise.resolve(entry.registration.handler(given, services));
      const result = await untilAborted(work, own.signal);
      requireSupported(entry, given, result);
      return result;
    } finally {
      own.end();
    }
  }

  private leaveOut(entry: HookEntry, given: HookContext, context: ExecutionContext): HookResult {
    entry.statistics.addLeftOut();
    const reason = `Circuit breaker open for hook: ${entry.name}`;
    context.emit({
      type: 'hook.executed',
      ...whoAndWhere(entry, given),
      result: 'skipped',
      durationMs: 0,
      output: { reason },
    });
    return { kind: 'skipped', reason };
  }

  private succeed(
    entry: HookEntry,
    given: HookContext,
    result: HookResult,
    started: number,
    context: ExecutionContext,
  ): void {
    const now = context.effects.now();
    const durationMs = now - started;
    entry.statistics.add(durationMs, true);
    const slowMatters = this.parts.load(durationMs, now);
    this.watchBreaker(entry, context, () => entry.breaker?.succeeded(durationMs, now, slowMatters));
    const { kind } = result;
    context.emit({
      type: 'hook.executed',
      ...whoAndWhere(entry, given),
      result: EVENT_NAMES[kind],
      durationMs,
      input: redactSecrets(given.data),
      ...(kind !== 'continue' && { output: redactSecrets(result as never) }),
    });
  }

  private fail(
    entry: HookEntry,
    given: HookContext,
    error: LlmspellError,
    started: number,
    context: ExecutionContext,
  ): void {
    const now = context.effects.now();
    entry.statistics.add(now - started, false);
    this.parts.load(now - started, now);
    this.watchBreaker(entry, context, () => entry.breaker?.failed(now));
    context.emit({
      type: 'hook.executed',
      ...whoAndWhere(entry, given),
      result: 'error',
      durationMs: now - started,
      input: redactSecrets(given.data),
      error: errorToData(error),
    });
  }

  /** A handler that is left out from now on is worth a word: what it should have watched goes on without it. */
  private watchBreaker(entry: HookEntry, context: ExecutionContext, change: () => void): void {
    const now = context.effects.now();
    const before = entry.breaker?.state(now);
    change();
    if (before === 'open' || entry.breaker?.state(now) !== 'open') return;
    const message = `Hook '${entry.name}' fails or is slow again and again and is left out for a while`;
    context.emit({ type: 'log', level: 'warn', message, module: 'hooks' });
  }
}

function whoAndWhere({ id, name }: HookEntry, { point, component_id }: HookContext) {
  return { point, hook: id, name, component: { type: component_id.type, name: component_id.name } };
}

function requireSupported(entry: HookEntry, { point }: HookContext, result: HookResult): void {
  const { takes } = ruleOf(point);
  if (takes.includes(result.kind)) return;
  throw fail('hook.unsupported_result', `Hook '${entry.name}' answered '${result.kind}' at ${point}`, {
    hint: `${point} takes: ${takes.join(', ')}.`,
    details: { point, kind: result.kind as JsonValue, hook: entry.name },
  });
}

/** Errors of a handler keep their code only where it says more than that a handler failed. */
function explain(thrown: unknown, entry: HookEntry, { point }: HookContext): LlmspellError {
  const error = toLlmspellError(thrown);
  if (/^(?:hook\.(?!cancelled|not_found|failed)|limit\.rate|budget\.)/.test(error.code))
    return named(error, entry);
  return fail('hook.failed', `Hook '${entry.name}' at ${point} failed: ${error.message}`, {
    ...(error.hint && { hint: error.hint }),
    details: { hook: entry.name, point, code: error.code },
    cause: error,
  });
}

function named(error: LlmspellError, entry: HookEntry): LlmspellError {
  if (error.code !== 'hook.invalid_result') return error;
  return fail(error.code, `${error.message} (hook '${entry.name}')`, {
    ...(error.hint && { hint: error.hint }),
    details: { ...error.details, hook: entry.name },
    cause: error,
  });
}

/** What ends the whole run is no handler's business. */
function isRunOver(error: LlmspellError): boolean {
  return error.code.startsWith('budget.');
}

function depthOf({ path }: ExecutionContext): number {
  return path.split('/hook:').length - 1;
}

/** What a handler has started beside the work does not come past that handler again. */
function isOwnFork(entry: HookEntry, { path }: ExecutionContext): boolean {
  return path.includes(`/hook:${entry.forkStep}`);
}

function timedOut(entry: HookEntry, { point }: HookContext): LlmspellError {
  return fail('hook.timeout', `Hook '${entry.name}' at ${point} ran longer than ${entry.timeoutMs} ms`, {
    hint: 'Raise hooks.timeout_ms, or give the hook a timeout_ms of its own.',
    details: { hook: entry.name, point, timeout_ms: entry.timeoutMs },
  });
}
