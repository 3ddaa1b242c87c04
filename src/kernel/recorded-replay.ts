import { errorToData, type LlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import type { Recorder } from './recorder.js';
import type { Replayer } from './replayer.js';
import type { CallTape, ExecutionEnd, StreamName, TapeTarget } from './tape.js';

/** Records a run that is replayed up to a step and goes on live: the new recording holds both parts. */
export class RecordedReplay implements CallTape {
  constructor(
    private readonly recorder: Recorder,
    private readonly replayer: Replayer,
  ) {}

  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ): Promise<ScriptValue> {
    return this.recorder.call(member, handle, args, () => this.replayer.call(member, handle, args, live));
  }

  callback(
    fn: number,
    args: ScriptValue[],
    run: (onStart: () => void) => Promise<ScriptValue>,
  ): Promise<ScriptValue> {
    return this.recorder.callback(fn, args, run);
  }

  effect(name: string, value: ScriptValue): void {
    this.recorder.effect(name, value);
  }

  release(fn: number): boolean {
    return this.replayer.release() && this.recorder.release(fn);
  }

  output(stream: StreamName, text: string): boolean {
    if (!this.replayer.dropsOutput) this.recorder.output(stream, text);
    return this.replayer.output(stream, text);
  }

  shown(stream: StreamName, text: string): boolean {
    return this.replayer.shown() && this.recorder.shown(stream, text);
  }

  step(path: string): void {
    this.recorder.step(path);
  }

  stopped(error: LlmspellError): void {
    this.recorder.stopped(error);
  }

  async ended(end: ExecutionEnd): Promise<LlmspellError | undefined> {
    const error = await this.replayer.ended(end);
    const failed = await this.recorder.ended({ ...end, ...(error && { error: errorToData(error) }) });
    return error ?? failed;
  }

  closing(): Promise<void> {
    return this.replayer.closing();
  }

  close(): void {
    this.recorder.close();
  }
}

/** The target of the replayed part: what it has the script do is recorded as well. */
export function recordedTarget(target: TapeTarget, recorder: Recorder): TapeTarget {
  return {
    ...target,
    runCallback: (fn, args, signal) =>
      recorder.callback(fn, args, (onStart) => target.runCallback(fn, args, signal, onStart)),
    releaseFunction: (fn) => {
      recorder.release(fn);
      target.releaseFunction(fn);
    },
    show: (stream, text) => {
      recorder.shown(stream, text);
      target.show(stream, text);
    },
  };
}
