import { closeSync, openSync, writeSync } from 'node:fs';
import { errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import { toTagged } from '../core/tagged-json.js';
import type { ScriptValue } from '../core/values.js';
import type { Entry, RecordingHeader } from './recording.js';
import type { CallTape } from './tape.js';

/** Writes everything that crosses to a file, one JSON object a line. */
export class Recorder implements CallTape {
  private readonly fd: number;
  private lastId = 0;

  /** @throws `storage.failed` when the file cannot be written. */
  constructor(
    private readonly path: string,
    header: RecordingHeader,
  ) {
    this.fd = this.attempt(() => openSync(path, 'w'));
    this.write(header);
  }

  async call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ) {
    const id = ++this.lastId;
    this.write({ t: 'call', id, member, ...(handle !== undefined && { handle }), args: toTagged(args) });
    return this.noted(id, live);
  }

  async callback(fn: number, args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue> {
    const id = ++this.lastId;
    this.write({ t: 'callback', id, fn, args: toTagged(args) });
    return this.noted(id, run);
  }

  effect(name: string, value: ScriptValue): void {
    this.write({ t: 'effect', name, value: toTagged(value) });
  }

  stopped(error: LlmspellError): void {
    this.write({ t: 'stop', error: errorToData(error) });
  }

  close(): void {
    closeSync(this.fd);
  }

  private async noted(id: number, work: () => Promise<ScriptValue>): Promise<ScriptValue> {
    try {
      const value = await work();
      this.write({ t: 'result', id, value: toTagged(value) });
      return value;
    } catch (thrown) {
      this.write({ t: 'result', id, error: errorToData(toLlmspellError(thrown)) });
      throw thrown;
    }
  }

  private write(line: Entry | RecordingHeader): void {
    this.attempt(() => writeSync(this.fd, `${JSON.stringify(line)}\n`));
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const reason = (cause as Error).message;
      throw fail('storage.failed', `The recording ${this.path} could not be written: ${reason}`, { cause });
    }
  }
}
