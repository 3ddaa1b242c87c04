import type { ErrorData } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';

type HookExecuted = Extract<JournalEvent, { type: 'hook.executed' }>;

/** One call of a hook's handler, as the journal has it. */
export interface RecordedHook {
  readonly run: string;
  /** The session in which the run worked then. */
  readonly session: string | undefined;
  /** Step path at which the point was reached. */
  readonly path: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly durationMs: number;
  readonly point: string;
  /** The handler's id and name. */
  readonly hook: string;
  readonly name: string;
  /** How many handlers were called before it at the same reaching of the point. */
  readonly place: number;
  readonly component: { readonly type: string; readonly name: string };
  readonly input: JsonObject;
  /** What it answered; `{error: <code>}` when it failed. */
  readonly answer: JsonValue;
  readonly error?: ErrorData;
}

/** What has to be known of the journal to find the recorded hooks: names of events. */
export const HOOK_EVENTS = ['hook.*', 'session.started', 'session.left'] as const;

/**
 * The calls of handlers among the events of runs. One of which the journal does not hold the input is left out.
 * @param events in any order, those of a session's changes among them.
 */
export function recordedHooks(events: readonly JournalEvent[]): RecordedHook[] {
  const reached = new Map<string, Set<string>>();
  const sessions = new Map<string, string | undefined>();
  const ordered = events.toSorted((a, b) => (a.run === b.run ? a.seq - b.seq : a.time - b.time));
  return ordered.flatMap((event) => {
    if (event.type === 'session.changed') note(event, sessions);
    if (event.type !== 'hook.executed') return [];
    const place = placeOf(event, reached);
    const session = sessions.get(event.run);
    return isRecord(event.input) ? [{ ...recordedHook(event, event.input, place), session }] : [];
  });
}

function note(
  { run, session, change }: Extract<JournalEvent, { type: 'session.changed' }>,
  sessions: Map<string, string | undefined>,
): void {
  if (change === 'started') sessions.set(run, session);
  if (change === 'left') sessions.delete(run);
}

function recordedHook(event: HookExecuted, input: JsonObject, place: number): Omit<RecordedHook, 'session'> {
  const { run, path, time, durationMs, point, hook, error } = event;
  return {
    run,
    path,
    time,
    durationMs,
    point,
    hook,
    name: event.name ?? hook,
    place,
    component: event.component ?? { type: 'System', name: '' },
    input,
    answer: error ? { error: error.code } : (event.output ?? { kind: 'continue' }),
    ...(error && { error }),
  };
}

/** A handler that was called already means that the point was reached once more. */
function placeOf({ run, path, point, hook }: HookExecuted, reached: Map<string, Set<string>>): number {
  const key = `${run} ${path} ${point}`;
  const called = reached.get(key);
  const now = called && !called.has(hook) ? called : new Set<string>();
  const place = now.size;
  reached.set(key, now.add(hook));
  return place;
}
