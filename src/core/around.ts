import type { ExecutionContext } from './component.js';
import { toLlmspellError } from './errors.js';
import type { HookPoint } from './hook-points.js';
import type { HookSubject } from './hooks.js';
import { type Around, cancelledByHook, pass } from './passage.js';
import type { JsonObject, JsonValue } from './values.js';

export type { Around } from './passage.js';

/**
 * Does a piece of a lifecycle (a state write, the save of a session) between its hook points. Handlers before it
 * may change `data`, cancel (`hook.cancelled`), or give the result themselves; handlers after it get the data
 * with `result` and may change that, or have the work done again. Without handlers it only does the work.
 * @param work gets the data as the handlers left it; its result is JSON when a point after it is named.
 */
export function around<R extends JsonValue | undefined>(
  points: Around,
  data: JsonObject,
  context: ExecutionContext,
  work: (data: JsonObject) => Promise<R>,
): Promise<R> {
  return pass(
    { ...points, resultKey: 'result', work, show: (result) => result ?? null, adopt: (value) => value as R },
    data,
    context,
  );
}

/** Tells the handlers of a point that something happened; what they answer changes nothing, except that `cancel` is raised. */
export async function announce(
  point: HookPoint,
  subject: HookSubject,
  data: JsonObject,
  context: ExecutionContext,
): Promise<void> {
  if (!context.hooks.has(point)) return;
  const outcome = await context.hooks.fire(point, subject, data, context);
  if (outcome.kind === 'cancel') throw cancelledByHook(point, outcome.reason, outcome.hook);
  if (outcome.kind === 'continue') await outcome.forks;
}

/** Tells handlers of something that they cannot change: a handler that fails is noted in the journal, and that is all. */
export async function notice(
  point: HookPoint,
  subject: HookSubject,
  data: JsonObject,
  context: ExecutionContext,
): Promise<void> {
  try {
    await announce(point, subject, data, context);
  } catch (thrown) {
    const { message } = toLlmspellError(thrown);
    context.emit({ type: 'log', level: 'warn', message, module: 'hooks' });
  }
}
