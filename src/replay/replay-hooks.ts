import type { ErrorData } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';
import { compareJson, type Difference } from './compare.js';
import type { ReplayModeName } from './modes.js';
import { applyChange, type Change } from './modification.js';
import type { RecordedHook } from './recorded-hook.js';

/** How handlers are replayed. */
export interface HookReplayOptions {
  readonly mode: ReplayModeName;
  readonly compareResults: boolean;
  readonly stopOnError: boolean;
  /** Changes to what the handlers are given, in the mode `modified`; their paths begin with `data`. */
  readonly changes: readonly Change[];
}

/** What a handler answers now. */
export interface HookAnswer {
  readonly answer: JsonValue;
  readonly error?: ErrorData;
  readonly durationMs: number;
}

/**
 * Asks the handler that stands for a recorded one; nothing when there is none.
 * Contract: does not reject for what the handler does, only when the whole replay is to end.
 */
export type AskHook = (recorded: RecordedHook, input: JsonObject) => Promise<HookAnswer | undefined>;

/** How one handler did. */
export interface ReplayedHook {
  readonly recorded: RecordedHook;
  readonly input: JsonObject;
  readonly ok: boolean;
  /** Absent where nothing was asked. */
  readonly now?: HookAnswer;
  readonly differences: readonly Difference[];
}

/** Asks the handlers of today what recorded ones were asked, one after the other, and compares the answers. */
export async function replayHooks(
  recorded: readonly RecordedHook[],
  options: HookReplayOptions,
  ask: AskHook,
): Promise<ReplayedHook[]> {
  const replayed: ReplayedHook[] = [];
  for (const hook of recorded) {
    const one = options.mode === 'simulate' ? simulated(hook) : await replayOne(hook, options, ask);
    replayed.push(one);
    if (!one.ok && options.stopOnError) break;
  }
  return replayed;
}

/** Nothing is asked: what was answered stands. */
function simulated(recorded: RecordedHook): ReplayedHook {
  return { recorded, input: recorded.input, ok: !recorded.error, differences: [] };
}

async function replayOne(
  recorded: RecordedHook,
  { mode, compareResults, changes }: HookReplayOptions,
  ask: AskHook,
): Promise<ReplayedHook> {
  const input = mode === 'modified' ? changed(recorded.input, changes) : recorded.input;
  const now = await ask(recorded, input);
  if (!now) return { recorded, input, ok: false, differences: [noHandler(recorded)] };
  const differences = compareResults ? (compareJson(recorded.answer, now.answer).differences ?? []) : [];
  const hasFailed = now.error !== undefined && now.error.code !== recorded.error?.code;
  // Whoever changes what is asked does so to see other answers.
  const ok = mode === 'modified' ? !hasFailed : !hasFailed && differences.length === 0;
  return { recorded, input, ok, now, differences };
}

function changed(input: JsonObject, changes: readonly Change[]): JsonObject {
  const { data } = changes.reduce<JsonObject>((given, change) => applyChange(given, change) as JsonObject, {
    data: input,
  });
  return isRecord(data) ? data : {};
}

function noHandler({ point, name }: RecordedHook): Difference {
  return { path: '$', description: `no handler at ${point} stands for ${name} now`, severity: 'critical' };
}
