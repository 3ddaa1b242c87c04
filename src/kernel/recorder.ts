import { closeSync, openSync, writeSync } from 'node:fs';
import { errorToData, toLlmspellError } from '../core/errors.js';
import { toTagged } from '../core/tagged-json.js';
import type { ScriptValue } from '../core/values.js';
import type { Entry, RecordingHeader } from './recording.js';
import type { CallTape } from './tape.js';

/** Writes everything that crosses to a file, one JSON object a line. */
export class Recorder implements CallTape {
  private readonly fd: number;

  constructor(path: string, header: RecordingHeader) {
    this.fd = openSync(path, 'w');
    this.write(header);
  }

  async call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ) {
    this.entry({ t: 'call', member, ...(handle !== undefined && { handle }), args: toTagged(args) });
    return this.noted(live);
  }

  async callback(fn: number, args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue> {
    this.entry({ t: 'callback', fn, args: toTagged(args) });
    return this.noted(run);
  }

  effect(name: string, value: ScriptValue): void {
    this.entry({ t: 'effect', name, value: toTagged(value) });
  }

  close(): void {
    closeSync(this.fd);
  }

  private async noted(work: () => Promise<ScriptValue>): Promise<ScriptValue> {
    try {
      const value = await work();
      this.entry({ t: 'result', value: toTagged(value) });
      return value;
    } catch (thrown) {
      this.entry({ t: 'result', error: errorToData(toLlmspellError(thrown)) });
      throw thrown;
    }
  }

  private entry(entry: Entry): void {
    this.write(entry);
  }

  private write(line: object): void {
    writeSync(this.fd, `${JSON.stringify(line)}\n`);
  }
}
