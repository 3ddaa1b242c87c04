import type { ExecutionContext } from './component.js';
import { errorFromData, errorToData, fail, type LlmspellError, toLlmspellError } from './errors.js';
import type { HookPoint } from './hook-points.js';
import type { HookOperation, HookOutcome, HookSubject } from './hooks.js';
import type { JsonObject, JsonValue } from './values.js';

/** However often handlers ask for another attempt, work is done no more often than this. */
export const MAX_ATTEMPTS = 100;

/** The points around one piece of a lifecycle. */
export interface Around {
  readonly before?: HookPoint;
  readonly after?: HookPoint;
  /** Fired when the work fails; a handler may give a result in place of the error. */
  readonly error?: HookPoint;
  readonly subject: HookSubject;
}

/** A piece of work that goes past handlers. */
export interface Passage<R> extends Around {
  /** What the result is called in the data of the points after the work. */
  readonly resultKey: string;
  /** Does the work, once for each attempt. */
  work(data: JsonObject): Promise<R>;
  /** The result as handlers see it. */
  show(result: R): JsonValue;
  /** Takes what a handler put in the place of the result. */
  adopt(value: JsonValue): R;
  /** Has another do the work. */
  redirect?(target: string, data: JsonObject): Promise<R>;
}

type Ending<R> = { readonly result: R } | { readonly thrown: unknown };

/**
 * The one way of work past its hook points: the handlers before it, the work, the handlers after it or those for its
 * failure, and all of that again as often as these ask for another attempt.
 */
export async function pass<R>(passage: Passage<R>, data: JsonObject, context: ExecutionContext): Promise<R> {
  const operation: HookOperation = { id: context.effects.uuid(), metadata: {} };
  const before = await fire(passage, passage.before, data, context, operation);
  if (before.kind !== 'continue') return decided(passage, passage.before!, before);
  for (let attempt = 1; ; attempt++) {
    const started = context.effects.now();
    const ending = await attemptOf(passage, before.data);
    const facts: JsonObject = { ...before.data, attempt, duration_ms: context.effects.now() - started };
    const forks = await before.forks;
    const verdict = await judge(passage, ending, forks ? { ...facts, forks } : facts, context, operation);
    if (verdict.kind === 'retry' && attempt < Math.min(verdict.maxAttempts, MAX_ATTEMPTS)) {
      await context.effects.sleep(verdict.delayMs, context.signal);
      continue;
    }
    const result = await conclude(passage, ending, verdict);
    before.keep?.(passage.show(result));
    return result;
  }
}

/** What the handlers made of how the work ended. */
type Verdict = HookOutcome & { point?: HookPoint; shown?: JsonValue };

async function judge<R>(
  passage: Passage<R>,
  ending: Ending<R>,
  data: JsonObject,
  context: ExecutionContext,
  operation: HookOperation,
): Promise<Verdict> {
  const point = 'thrown' in ending ? passage.error : passage.after;
  // Work that is stopped from outside is over; there is nothing to be decided about it any more.
  if (!point || !context.hooks.has(point) || context.signal.aborted) return { kind: 'continue', data };
  const shown = 'thrown' in ending ? errorData(toLlmspellError(ending.thrown)) : passage.show(ending.result);
  const key = 'thrown' in ending ? 'error' : passage.resultKey;
  const outcome = await fire(passage, point, { ...data, [key]: shown }, context, operation);
  return { ...outcome, point, shown };
}

async function conclude<R>(passage: Passage<R>, ending: Ending<R>, verdict: Verdict): Promise<R> {
  const { point, shown } = verdict;
  if (verdict.kind !== 'continue' && verdict.kind !== 'retry') return decided(passage, point!, verdict);
  if ('thrown' in ending) {
    const { error = null } = verdict.data;
    throw point && error !== shown ? changedError(error, toLlmspellError(ending.thrown)) : ending.thrown;
  }
  const value = verdict.data[passage.resultKey] ?? null;
  const result = point && value !== shown ? passage.adopt(value) : ending.result;
  if (verdict.kind === 'continue') verdict.keep?.(passage.show(result));
  return result;
}

function fire<R>(
  { subject }: Passage<R>,
  point: HookPoint | undefined,
  data: JsonObject,
  context: ExecutionContext,
  operation: HookOperation,
): HookOutcome | Promise<HookOutcome> {
  if (!point || !context.hooks.has(point)) return { kind: 'continue', data };
  return context.hooks.fire(point, subject, data, context, operation);
}

async function attemptOf<R>(passage: Passage<R>, data: JsonObject): Promise<Ending<R>> {
  try {
    return { result: await passage.work(data) };
  } catch (thrown) {
    return { thrown };
  }
}

function decided<R>(
  passage: Passage<R>,
  point: HookPoint,
  outcome: Exclude<HookOutcome, { kind: 'continue' }>,
): R | Promise<R> {
  if (outcome.kind === 'cancel') throw cancelledByHook(point, outcome.reason, outcome.hook);
  if (outcome.kind === 'replace') return passage.adopt(outcome.value);
  if (outcome.kind === 'redirect' && passage.redirect) return passage.redirect(outcome.target, outcome.data);
  throw fail('hook.unsupported_result', `Nothing at ${point} can do '${outcome.kind}'`, {
    details: { point, kind: outcome.kind, hook: outcome.hook },
  });
}

function errorData(error: LlmspellError): JsonObject {
  const { code, message, hint, details } = errorToData(error);
  return { code, message, hint: hint ?? null, details: (details as JsonObject) ?? null };
}

/** The error as handlers left it. */
function changedError(changed: JsonValue, error: LlmspellError): LlmspellError {
  if (typeof changed === 'string') return fail(error.code, changed, { cause: error });
  const { code, message, hint, details } = { ...errorToData(error), ...(changed as object) };
  return errorFromData({
    code,
    message: String(message),
    ...(hint && { hint }),
    ...(details && { details }),
  });
}

/** The error of work that a handler refused. */
export function cancelledByHook(point: HookPoint, reason: string, hook: string) {
  return fail('hook.cancelled', `A hook at ${point} cancelled this: ${reason}`, {
    details: { point, reason, hook },
  });
}
