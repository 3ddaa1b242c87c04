import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { type ErrorData, errorFromData, errorToData, fail, toLlmspellError } from '../core/errors.js';
import { writeJson } from '../core/json-text.js';
import { fromTagged, toTagged } from '../core/tagged-json.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { Language, Source } from '../script/protocol.js';

/** First line of a recording: everything that is needed to run the script again. */
export interface RecordingHeader {
  llmspell: 1;
  language: Language;
  source: Source;
  /** SHA-256 of the code. */
  hash: string;
  seed: number;
}

/** What crossed between script and kernel, in order. */
type Entry =
  | { t: 'call'; member: string; handle?: string; args: JsonValue }
  | { t: 'callback'; fn: number; args: JsonValue }
  | { t: 'result'; value?: JsonValue; error?: ErrorData }
  | { t: 'effect'; name: string; value: JsonValue };

/** The hash that names a script's code. */
export function codeHash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/**
 * Answers the calls of one execution, live or from a recording.
 * Contract of `live`: does the call; `callback` runs a function of the script.
 */
export interface CallTape {
  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ): Promise<ScriptValue>;
  /** Wraps a callback into the script, so that its place in the order is kept. */
  callback(fn: number, args: ScriptValue[], run: () => Promise<ScriptValue>): Promise<ScriptValue>;
  effect(name: string, value: ScriptValue): void;
  close(): void;
}

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

/** A recording read back. */
export interface Recording {
  header: RecordingHeader;
  entries: Entry[];
  /** The clock readings, in order. */
  effects: ScriptValue[];
}

/** Reads a recording. @throws `replay.invalid` */
export function readRecording(path: string): Recording {
  const lines = readLines(path);
  const header = lines[0] as unknown as RecordingHeader | undefined;
  if (header?.llmspell !== 1 || typeof header.source?.code !== 'string') {
    throw fail('replay.invalid', `${path} is not a recording`, {
      hint: 'Make one with: llmspell run --record FILE SCRIPT',
    });
  }
  const all = lines.slice(1) as unknown as Entry[];
  const effects = all.flatMap((entry) => (entry.t === 'effect' ? [fromTagged(entry.value)] : []));
  return { header, entries: all.filter((entry) => entry.t !== 'effect'), effects };
}

function readLines(path: string): JsonValue[] {
  try {
    const text = readFileSync(path, 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JsonValue);
  } catch (thrown) {
    throw fail('replay.invalid', `Cannot read the recording ${path}: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}

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
