import type { ExecutionContext } from './component.js';
import { fail } from './errors.js';
import type { HookPoint } from './hook-points.js';
import type { HookSubject } from './hooks.js';
import type { JsonObject, JsonValue } from './values.js';

/** The points around one piece of a lifecycle. */
export interface Around {
  readonly before?: HookPoint;
  readonly after?: HookPoint;
  readonly subject: HookSubject;
}

/**
 * Does a piece of a lifecycle (a state write, the save of a session) between its hook points. Handlers before it
 * may change `data`, cancel (`hook.cancelled`), or give the result themselves; handlers after it get the data
 * with `result` and may change that. Without handlers it only does the work.
 * @param work gets the data as the handlers left it; its result is JSON when a point after it is named.
 */
export async function around<R extends JsonValue | undefined>(
  { before, after, subject }: Around,
  data: JsonObject,
  context: ExecutionContext,
  work: (data: JsonObject) => Promise<R>,
): Promise<R> {
  const { hooks } = context;
  let given = data;
  if (before && hooks.has(before)) {
    const outcome = await hooks.fire(before, subject, data, context);
    if (outcome.kind === 'cancel') throw cancelled(before, outcome.reason);
    if (outcome.kind === 'replace') return outcome.value as R;
    given = outcome.data;
  }
  const result = await work(given);
  if (!after || !hooks.has(after)) return result;
  const outcome = await hooks.fire(after, subject, { ...given, result: result ?? null }, context);
  if (outcome.kind === 'cancel') throw cancelled(after, outcome.reason);
  if (outcome.kind === 'replace') return outcome.value as R;
  return (result === undefined && outcome.data.result === null ? undefined : outcome.data.result) as R;
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
  if (outcome.kind === 'cancel') throw cancelled(point, outcome.reason);
}

function cancelled(point: HookPoint, reason: string) {
  return fail('hook.cancelled', `A hook at ${point} cancelled this: ${reason}`, {
    details: { point, reason },
  });
}
