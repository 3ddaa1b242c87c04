import { errorFromData, fail, type LlmspellError } from '../core/errors.js';
import { writeJson } from '../core/json-text.js';
import { fromTagged, toTagged } from '../core/tagged-json.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { Entry, Recording } from './recording.js';
import type { CallTape, ReplayTarget } from './tape.js';

/** A call of the script that waits for its answer. */
interface Waiting {
  readonly text: string;
  resolve(value: ScriptValue): void;
  reject(error: LlmspellError): void;
}

/**
 * Answers from a recording: nothing is called, read or asked. Calls, callbacks and results reach the script in
 * the order in which they once did, so code that was interleaved is interleaved in the same way. A script that
 * does something else than it did is ended at the first difference.
 */
export class Replayer implements CallTape {
  private at = 0;
  /** Calls of the script that the recording has not come to yet. */
  private readonly arrived: Waiting[] = [];
  private readonly calls = new Map<number, Waiting>();
  /** Callbacks that were begun, and what cuts off those that have not ended. */
  private readonly callbacks = new Map<number, AbortController | undefined>();
  private failure: LlmspellError | undefined;
  /** Set while an answer is on its way to the script. */
  private paused = false;
  private onProgress = () => {};

  constructor(
    private readonly recording: Recording,
    private readonly target: ReplayTarget,
  ) {}

  call(member: string, handle: string | undefined, args: ScriptValue[]): Promise<ScriptValue> {
    const text = canonical([member, handle ?? null, toTagged(args)]);
    return new Promise((resolve, reject) => {
      this.arrived.push({ text, resolve, reject });
      // Not before the caller waits: answers are heard in the order in which they are given.
      queueMicrotask(() => this.advance());
    });
  }

  callback(_fn: number, _args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue> {
    return run();
  }

  effect(): void {}

  stopped(): void {}

  async ended(): Promise<void> {
    this.advance();
    while (!this.failure && (this.paused || this.isRunning()))
      await new Promise<void>((resolve) => {
        this.onProgress = resolve;
      });
  }

  close(): void {}

  /** Plays as far as possible: to the next thing that the script has to do first. */
  private advance(): void {
    while (!this.paused && !this.failure && this.play(this.recording.entries[this.at])) this.at++;
    if (this.failure) for (const waiting of this.arrived.splice(0)) waiting.reject(this.failure);
    this.onProgress();
  }

  /** What follows reaches the script after the answer that was just given. */
  private pause(): void {
    if (this.recording.entries[this.at + 1]?.t !== 'callback') return;
    this.paused = true;
    setImmediate(() => {
      this.paused = false;
      this.advance();
    });
  }

  /** Plays one entry; false when it is not its turn yet. */
  private play(entry: Entry | undefined): boolean {
    switch (entry?.t) {
      case 'call':
        return this.playCall(entry);
      case 'callback':
        return this.playCallback(entry);
      case 'result':
        return this.playResult(entry);
      case 'stop':
        this.target.stopAgain(errorFromData(entry.error));
        return true;
      default:
        if (this.arrived.length > 0 || this.isStuck()) this.diverge('is at its end');
        return false;
    }
  }

  private playCall(entry: Extract<Entry, { t: 'call' }>): boolean {
    const [waiting] = this.arrived;
    if (!waiting) return false;
    const recorded = canonical([entry.member, entry.handle ?? null, entry.args]);
    if (waiting.text !== recorded) return this.diverge(`has ${shortened(recorded)}`);
    this.calls.set(entry.id, this.arrived.shift()!);
    return true;
  }

  private playCallback({ id, fn, args }: Extract<Entry, { t: 'callback' }>): boolean {
    const ended = () => {
      this.callbacks.set(id, undefined);
      this.advance();
    };
    const cut = new AbortController();
    this.callbacks.set(id, cut);
    this.target.runCallback(fn, fromTagged(args) as ScriptValue[], cut.signal).then(ended, ended);
    return true;
  }

  private playResult({ id, value, error }: Extract<Entry, { t: 'result' }>): boolean {
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (error) call?.reject(errorFromData(error));
    else call?.resolve(fromTagged(value ?? null));
    if (call) this.pause();
    if (call || (this.callbacks.has(id) && !this.callbacks.get(id))) return true;
    if (error?.details?.cut === true) this.callbacks.get(id)?.abort(errorFromData(error));
    if (this.arrived.length > 0 || this.isStuck()) this.diverge('has the end of a callback');
    return false;
  }

  /** Whether a call waits for an answer that only functions of the script could bring, and none is running. */
  private isStuck(): boolean {
    return this.calls.size > 0 && !this.isRunning();
  }

  private isRunning(): boolean {
    return [...this.callbacks.values()].some((cut) => cut !== undefined);
  }

  private diverge(recorded: string): false {
    const [waiting = [...this.calls.values()][0]!] = this.arrived;
    const does = shortened(waiting.text);
    this.failure = fail(
      'replay.diverged',
      `Step ${this.at + 1}: the script does ${does}, the recording ${recorded}`,
      {
        hint: 'The script or its input changed since the recording was made.',
        details: { step: this.at + 1 },
      },
    );
    for (const waiting of this.calls.values()) waiting.reject(this.failure);
    this.calls.clear();
    this.target.stop(this.failure);
    return false;
  }
}

/** Key order is not part of a value. */
function canonical(value: JsonValue): string {
  return writeJson(value, { sortKeys: true });
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
