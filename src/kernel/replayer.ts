import { errorFromData, type LlmspellError } from '../core/errors.js';
import { writeJson } from '../core/json-text.js';
import { fromTagged, toTagged } from '../core/tagged-json.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import { type Called, divergence } from './divergence.js';
import type { Recording } from './recording.js';
import type { Entry } from './recording-lines.js';
import type { CallTape, ExecutionEnd, StreamName, TapeTarget } from './tape.js';

/** A call of the script that waits for its answer. */
interface Waiting extends Called {
  resolve(value: ScriptValue | Promise<ScriptValue>): void;
  reject(error: LlmspellError): void;
  live(): Promise<ScriptValue>;
}

/** What a replay does where its recording is at its end, instead of saying that the script diverged. */
export interface Beyond {
  /** A call was answered from the recording. Contract: must not throw. */
  replayed(id: number, live: () => Promise<ScriptValue>): void;
  /** Done before the first call that goes on live. */
  begin(): Promise<void>;
}

/**
 * Answers from a recording: nothing is called, read or asked. Calls, callbacks, results and output come in the
 * order in which they once did, so code that was interleaved is interleaved in the same way. A script that does
 * something else than it did is ended at the first difference.
 *
 * Invariants: what the script prints comes before what it does next, so an entry is played only when all output that
 * precedes it has come; callbacks are drained before the ends are compared; a callback that was cut off is cut off
 * again, at the same place.
 */
export class Replayer implements CallTape {
  private at = 0;
  /** Calls of the script that the recording has not come to yet. */
  private readonly arrived: Waiting[] = [];
  private readonly calls = new Map<number, Waiting>();
  /** Callbacks that were begun, and what cuts off those that have not ended. */
  private readonly callbacks = new Map<number, AbortController | undefined>();
  /** What callbacks that have ended gave; undefined where they failed. */
  private readonly returned = new Map<number, JsonValue | undefined>();
  /** What the script has printed and the recording has not come to yet. */
  private readonly printed: Record<StreamName, string> = { stdout: '', stderr: '' };
  private diverged: LlmspellError | undefined;
  /** Set while an answer is on its way to the script. */
  private paused = false;
  /** Set between the end of an execution and what comes after it. */
  private resting = false;
  /** Callbacks that are being cut off. */
  private readonly cutting = new Set<number>();
  /** Why the script is being stopped. */
  private stopping: LlmspellError | undefined;
  /** The replay itself was stopped. */
  private isStopped = false;
  private ending: ExecutionEnd | undefined;
  /** Settles when the run can go on live; absent while it is replayed. */
  private lasting: Promise<void> | undefined;
  private isLive = false;
  private onProgress = () => {};

  constructor(
    private readonly recording: Recording,
    private readonly target: TapeTarget,
    private readonly beyond?: Beyond,
  ) {
    for (const { token } of recording.secrets) target.secrets.add(token);
    queueMicrotask(() => this.advance());
  }

  /** The first difference, if there was one. */
  get failure(): LlmspellError | undefined {
    return this.diverged;
  }

  /** Whether the script or a callback is being stopped, and so may do more than it once did. */
  get dropsOutput(): boolean {
    return this.stopping !== undefined || this.cutting.size > 0;
  }

  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue> = () => Promise.reject(this.diverged),
  ): Promise<ScriptValue> {
    if (this.lasting) return this.lasting.then(live);
    // What is stopped may get further than it once did; it is not answered any more.
    if (this.dropsOutput) return new Promise(() => {});
    this.resting = false;
    return new Promise((resolve, reject) => {
      this.arrived.push({ member, handle, args: args.map(toTagged), resolve, reject, live });
      // Not before the caller waits: answers are heard in the order in which they are given.
      queueMicrotask(() => this.advance());
    });
  }

  callback(
    _fn: number,
    _args: ScriptValue[],
    run: (onStart: () => void) => Promise<ScriptValue>,
  ): Promise<ScriptValue> {
    return run(() => {});
  }

  effect(): void {}

  /** What was told to the script is told by the recording; what is made again at a fork must not tell it once more. */
  release(): boolean {
    return this.isLive;
  }

  output(stream: StreamName, text: string): boolean {
    if (this.lasting || this.diverged) return true;
    if (this.dropsOutput) return false;
    this.printed[stream] += text;
    this.advance();
    return true;
  }

  /** What stands around the script is not there; only before going on live it may be. */
  shown(): boolean {
    return this.lasting !== undefined;
  }

  step(): void {}

  /** Whoever stops the replay itself, by a signal or a time limit, is not told of differences. */
  stopped(): void {
    if (!this.stopping && !this.diverged) this.isStopped = true;
  }

  async ended(end: ExecutionEnd): Promise<LlmspellError | undefined> {
    if (this.lasting || this.isStopped) return undefined;
    this.ending = end;
    this.resting = false;
    await this.drained(() => this.ending === undefined);
    this.ending = undefined;
    return this.located(end) ?? this.stopping;
  }

  async closing(): Promise<void> {
    if (this.lasting || this.isStopped) return;
    this.resting = false;
    await this.drained(() => this.at === this.recording.entries.length);
  }

  close(): void {}

  /** Plays until that is so; whatever then stands in the way is a difference. */
  private async drained(isDone: () => boolean): Promise<void> {
    this.advance();
    while (!this.diverged && !this.isStopped && !isDone()) {
      if (!this.paused && !this.isRunning()) return void this.diverge();
      await new Promise<void>((resolve) => {
        this.onProgress = resolve;
      });
    }
  }

  /** Plays as far as possible: to the next thing that the script has to do first. */
  private advance(): void {
    while (!this.paused && !this.resting && !this.diverged && !this.lasting) {
      if (!this.play(this.recording.entries[this.at])) break;
      this.at++;
    }
    if (this.diverged) for (const waiting of this.arrived.splice(0)) waiting.reject(this.diverged);
    this.onProgress();
  }

  /** What follows reaches the script after the answer that was just given. */
  private pause(): void {
    const next = this.recording.entries[this.at + 1]?.t;
    if (next !== 'callback' && next !== 'release') return;
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
      case 'release':
        this.target.releaseFunction(entry.fn);
        return true;
      case 'output':
        return this.playOutput(entry);
      case 'shown':
        this.target.show(entry.stream, entry.text);
        return true;
      case 'stop':
        return this.playStop(entry);
      case 'ended':
        return this.playEnd(entry);
      default:
        return this.playBeyond();
    }
  }

  private playCall(entry: Extract<Entry, { t: 'call' }>): boolean {
    const [waiting] = this.arrived;
    if (!waiting) return this.blocked();
    const same =
      waiting.member === entry.member &&
      waiting.handle === entry.handle &&
      canonical(waiting.args) === canonical(entry.args);
    if (!same || this.hasPrintedMore()) return this.diverge();
    this.calls.set(entry.id, this.arrived.shift()!);
    return true;
  }

  private playCallback({ id, fn, args }: Extract<Entry, { t: 'callback' }>): boolean {
    const ended = (value?: JsonValue) => {
      this.cutting.delete(id);
      this.callbacks.set(id, undefined);
      this.returned.set(id, value);
      this.advance();
    };
    const cut = new AbortController();
    this.callbacks.set(id, cut);
    this.target.runCallback(fn, fromTagged(args) as ScriptValue[], cut.signal).then(
      (value) => ended(toTagged(value)),
      () => ended(),
    );
    return true;
  }

  private playResult(entry: Extract<Entry, { t: 'result' }>): boolean {
    const call = this.calls.get(entry.id);
    return call ? this.answer(entry, call) : this.endCallback(entry);
  }

  private answer({ id, value, error }: Extract<Entry, { t: 'result' }>, call: Waiting): boolean {
    this.calls.delete(id);
    // A callback that is cut off now did not hear the answers to its calls in time.
    if (isCut(this.recording.entries[this.at + 1], id)) return true;
    if (error) call.reject(errorFromData(error));
    else call.resolve(fromTagged(value ?? null));
    this.beyond?.replayed(id, call.live);
    this.pause();
    return true;
  }

  private endCallback({ id, value, error }: Extract<Entry, { t: 'result' }>): boolean {
    const cut = this.callbacks.get(id);
    if (!cut && this.callbacks.has(id)) {
      const gave = this.returned.get(id);
      const same = error
        ? gave === undefined
        : gave !== undefined && canonical(gave) === canonical(value ?? null);
      return same || error?.details?.cut === true || this.diverge();
    }
    if (error?.details?.cut !== true || !cut) return this.blocked();
    this.cutting.add(id);
    if (!cut.signal.aborted) cut.abort(errorFromData(error));
    return false;
  }

  private playOutput({ stream, text }: Extract<Entry, { t: 'output' }>): boolean {
    const has = this.printed[stream];
    if (has.startsWith(text)) {
      this.printed[stream] = has.slice(text.length);
      return true;
    }
    return text.startsWith(has) ? this.blocked() : this.diverge();
  }

  /** The script is stopped when it has printed all that it once printed to its end; what it prints then is dropped. */
  private playStop({ error }: Extract<Entry, { t: 'stop' }>): boolean {
    if (this.printed.stdout.length < this.leftToPrint('stdout')) return this.blocked();
    if (this.printed.stderr.length < this.leftToPrint('stderr')) return this.blocked();
    this.stopping = errorFromData(error);
    this.target.stopAgain(this.stopping);
    return true;
  }

  private playEnd(entry: Extract<Entry, { t: 'ended' }>): boolean {
    if (!this.ending) return this.blocked();
    if (this.isRunning()) return false;
    if (this.stopping) this.stopping = entry.error ? errorFromData(entry.error) : this.stopping;
    else if (this.hasPrintedMore() || !sameEnd(entry, this.ending)) return this.diverge();
    this.printed.stdout = '';
    this.printed.stderr = '';
    this.resting = true;
    this.ending = undefined;
    return true;
  }

  private playBeyond(): boolean {
    if (!this.beyond) return this.blocked();
    if (this.arrived.length === 0) return false;
    this.lasting = this.beyond.begin().then(() => {
      this.isLive = true;
    });
    for (const { resolve, live } of this.arrived.splice(0)) resolve(this.lasting.then(live));
    return false;
  }

  /** Waits for the script, unless it is doing something else already. */
  private blocked(): false {
    return (this.arrived.length > 0 || this.isStuck()) && !this.dropsOutput ? this.diverge() : false;
  }

  /** How much the recorded execution printed from here to its end. */
  private leftToPrint(stream: StreamName): number {
    const left = this.recording.entries.slice(this.at);
    const end = left.findIndex(({ t }) => t === 'ended');
    const outputs = left.slice(0, end < 0 ? undefined : end).filter(({ t }) => t === 'output');
    const texts = outputs as Extract<Entry, { t: 'output' }>[];
    return texts.reduce((sum, entry) => sum + (entry.stream === stream ? entry.text.length : 0), 0);
  }

  private hasPrintedMore(): boolean {
    return this.printed.stdout !== '' || this.printed.stderr !== '';
  }

  /** Whether a call waits for an answer that only functions of the script could bring, and none is running. */
  private isStuck(): boolean {
    return this.calls.size > 0 && !this.isRunning();
  }

  private isRunning(): boolean {
    return [...this.callbacks.values()].some((cut) => cut !== undefined);
  }

  /** The difference, with its place in the script if that is known. */
  private located({ error }: ExecutionEnd): LlmspellError | undefined {
    if (this.diverged && error?.code === 'replay.diverged') this.diverged.traceback ??= error.traceback;
    return this.diverged;
  }

  private diverge(): false {
    const { printed, returned, ending } = this;
    const [call] = this.arrived;
    const waiting = [...this.calls.values()].at(-1);
    this.diverged = divergence(this.recording, this.at, { call, waiting, printed, returned, ending });
    for (const waiting of this.calls.values()) waiting.reject(this.diverged);
    this.calls.clear();
    this.target.stop(this.diverged);
    return false;
  }
}

function sameEnd(recorded: ExecutionEnd, { text, exitCode, error }: ExecutionEnd): boolean {
  return (
    recorded.text === text &&
    recorded.exitCode === exitCode &&
    recorded.error?.code === error?.code &&
    recorded.error?.message === error?.message
  );
}

/** Whether a callback is cut off here that began before `id`. */
function isCut(entry: Entry | undefined, id: number): boolean {
  return entry?.t === 'result' && entry.id < id && entry.error?.details?.cut === true;
}

/** Key order is not part of a value. */
function canonical(value: JsonValue): string {
  return writeJson(value, { sortKeys: true });
}
