import { fail, type LlmspellError } from '../core/errors.js';
import { writeJson } from '../core/json-text.js';
import type { JsonValue } from '../core/values.js';
import { callText, crossingText, endText, firstDifference, shortened } from './crossing-text.js';
import type { Recording } from './recording.js';
import type { Entry } from './recording-lines.js';
import type { ExecutionEnd, StreamName } from './tape.js';

/** A call, its arguments tagged. */
export interface Called {
  readonly member: string;
  readonly handle: string | undefined;
  readonly args: JsonValue[];
}

/** What a script does where the recording has something else. */
export interface Doings {
  /** The call that it makes. */
  readonly call: Called | undefined;
  /** The call whose answer it waits for. */
  readonly waiting: Called | undefined;
  readonly printed: Readonly<Record<StreamName, string>>;
  /** What callbacks that have ended gave; undefined where they failed. */
  readonly returned: ReadonlyMap<number, JsonValue | undefined>;
  readonly ending: ExecutionEnd | undefined;
}

/** Says how a script differs from its recording at entry `at`. */
export function divergence({ entries, secrets }: Recording, at: number, doings: Doings): LlmspellError {
  const entry = entries[at];
  const crossing = crossingAt(entries, at);
  const [expected, actual] = [entry ? crossingText(entry) : 'nothing more', actualText(entry, doings)];
  const where = argumentDifference(entry, doings);
  const message = `Crossing ${crossing}: expected ${expected}, but got ${actual}${where ? ` (${where})` : ''}`;
  const hint = secrets.length > 0 ? ' What it does with a secret shows here too.' : '';
  return fail('replay.diverged', message, {
    hint: `The script, its input or llmspell changed since the recording was made.${hint}`,
    details: { crossing, expected, actual },
  });
}

/** The number of what the recording has here: of the call or callback, or of the last one before. */
function crossingAt(entries: readonly Entry[], at: number): number {
  const begun = entries.slice(0, at + 1).filter(({ t }) => t === 'call' || t === 'callback').length;
  return at < entries.length ? begun : begun + 1;
}

function actualText(entry: Entry | undefined, { call, waiting, printed, returned, ending }: Doings): string {
  const stream = entry?.t === 'output' ? entry.stream : printed.stdout ? 'stdout' : 'stderr';
  if (printed[stream] !== '') return crossingText({ t: 'output', stream, text: firstLine(printed[stream]) });
  if (call) return callText(call.member, call.handle, call.args);
  if (entry?.t === 'result' && returned.has(entry.id)) return callbackText(returned.get(entry.id));
  if (waiting) return `a script that waits for ${callText(waiting.member, waiting.handle, waiting.args)}`;
  return ending ? endText(ending) : 'nothing';
}

function callbackText(gave: JsonValue | undefined): string {
  return gave === undefined ? 'a callback that failed' : `a callback that gave ${shortened(writeJson(gave))}`;
}

function argumentDifference(entry: Entry | undefined, { call, printed }: Doings): string | undefined {
  if (entry?.t !== 'call' || call?.member !== entry.member || printed.stdout || printed.stderr)
    return undefined;
  return firstDifference(entry.args, call.args);
}

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n') + 1 || text.length);
}
