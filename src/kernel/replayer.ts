import { errorFromData, fail } from '../core/errors.js';
import { writeJson } from '../core/json-text.js';
import { fromTagged, toTagged } from '../core/tagged-json.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { Entry, Recording } from './recording.js';
import type { CallTape } from './tape.js';

/**
 * Answers from a recording: nothing is called, read or asked. A script that does something else than it did
 * then fails with the first difference.
 */
export class Replayer implements CallTape {
  private at = 0;

  /** @param runCallback runs a function of the script with recorded arguments. */
  constructor(
    private readonly recording: Recording,
    private readonly runCallback: (fn: number, args: ScriptValue[]) => Promise<ScriptValue>,
  ) {}

  async call(member: string, handle: string | undefined, args: ScriptValue[]): Promise<ScriptValue> {
    const entry = this.next();
    const wanted = canonical([member, handle ?? null, toTagged(args)]);
    const found =
      entry?.t === 'call' ? canonical([entry.member, entry.handle ?? null, entry.args]) : undefined;
    if (wanted !== found) throw this.diverged(wanted, found ?? entry?.t ?? 'the end of the recording');
    return this.untilResult();
  }

  callback(_fn: number, _args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue> {
    return run();
  }

  effect(): void {}

  close(): void {}

  /** Plays the callbacks that happened during the call, then its result. */
  private async untilResult(): Promise<ScriptValue> {
    for (;;) {
      const entry = this.next();
      if (entry?.t === 'callback') await this.playCallback(entry);
      else if (entry?.t === 'result' && entry.error) throw errorFromData(entry.error);
      else if (entry?.t === 'result') return fromTagged(entry.value ?? null);
      else throw this.diverged('a result', entry?.t ?? 'the end of the recording');
    }
  }

  private async playCallback(entry: Extract<Entry, { t: 'callback' }>): Promise<void> {
    await this.runCallback(entry.fn, fromTagged(entry.args) as ScriptValue[]).catch(() => null);
    if (this.next()?.t !== 'result') throw this.diverged('the end of a callback', 'something else');
  }

  private next(): Entry | undefined {
    return this.recording.entries[this.at++];
  }

  private diverged(script: string, recorded: string): Error {
    const show = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
    return fail(
      'replay.diverged',
      `Step ${this.at}: the script does ${show(script)}, the recording has ${show(recorded)}`,
      {
        hint: 'The script or its input changed since the recording was made.',
      },
    );
  }
}

/** Key order is not part of a value. */
function canonical(value: JsonValue): string {
  return writeJson(value, { sortKeys: true });
}
