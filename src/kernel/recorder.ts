import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { Secrets } from '../core/secrets.js';
import { toTagged } from '../core/tagged-json.js';
import type { ScriptValue } from '../core/values.js';
import { codeHash } from './recording.js';
import type { Line, RecordingHeader } from './recording-lines.js';
import { type NamedToken, SecretTokens } from './secret-tokens.js';
import type { CallTape, ExecutionEnd, StreamName } from './tape.js';

/**
 * Writes everything that crosses to a file, one JSON object a line, with tokens in place of secrets. What passes
 * through stays as it is.
 */
export class Recorder implements CallTape {
  private readonly fd: number;
  private readonly tokens: SecretTokens;
  /** Spellings of secrets that were known when the first line was written. */
  private readonly knownSecrets: number;
  private lastId = 0;
  private lines = 0;
  /** What has been begun and not ended, outermost first. */
  private readonly open: number[] = [];
  private failure: LlmspellError | undefined;

  /** @throws `storage.failed` when the file cannot be written. */
  constructor(
    private readonly path: string,
    header: RecordingHeader,
    private readonly secrets: Secrets,
    inherited?: ReadonlyMap<string, NamedToken>,
  ) {
    this.tokens = new SecretTokens(secrets, inherited);
    this.knownSecrets = secrets.size;
    try {
      this.fd = openSync(path, 'w', 0o600);
    } catch (cause) {
      throw unwritable(path, cause);
    }
    this.write(hashed(this.tokens.maskLine(header)));
    this.throwFailure();
  }

  async call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    live: () => Promise<ScriptValue>,
  ) {
    const id = ++this.lastId;
    this.write({ t: 'call', id, member, ...(handle !== undefined && { handle }), args: toTagged(args) });
    this.throwFailure();
    this.open.push(id);
    return this.noted(live, () => id);
  }

  /** One that never begins leaves no trace: the script knows nothing of it. */
  async callback(
    fn: number,
    args: ScriptValue[],
    run: (onStart: () => void) => Promise<ScriptValue>,
  ): Promise<ScriptValue> {
    let id: number | undefined;
    const begun = () => {
      id = ++this.lastId;
      this.write({ t: 'callback', id, fn, args: toTagged(args) });
      this.open.push(id);
    };
    return this.noted(
      () => run(begun),
      () => id,
    );
  }

  effect(name: string, value: ScriptValue): void {
    this.write({ t: 'effect', name, value: toTagged(value) });
  }

  release(fn: number): boolean {
    this.write({ t: 'release', fn });
    return true;
  }

  output(stream: StreamName, text: string): boolean {
    this.write({ t: 'output', stream, text });
    return true;
  }

  shown(stream: StreamName, text: string): boolean {
    this.write({ t: 'shown', stream, text });
    return true;
  }

  step(path: string): void {
    const [id] = this.open;
    if (id !== undefined) this.stepOf(id, path);
  }

  /** A component began in the call of this number. */
  stepOf(id: number, path: string): void {
    this.write({ t: 'step', id, path });
  }

  stopped(error: LlmspellError): void {
    this.write({ t: 'stop', error: errorToData(error) });
  }

  async ended(end: ExecutionEnd): Promise<LlmspellError | undefined> {
    this.write({ t: 'ended', ...end });
    return this.failure;
  }

  async closing(): Promise<void> {}

  /** Ends the recording with the mark by which it is known to be whole. */
  close(): void {
    for (const secret of this.secretLines) this.write(secret);
    this.write({ t: 'end', lines: this.lines });
    closeSync(this.fd);
    if (this.secrets.size > this.knownSecrets && !this.failure) this.maskAgain();
  }

  private async noted(work: () => Promise<ScriptValue>, id: () => number | undefined): Promise<ScriptValue> {
    try {
      const value = await work();
      this.finish(id(), { value: toTagged(value) });
      return value;
    } catch (thrown) {
      this.finish(id(), { error: errorToData(toLlmspellError(thrown)) });
      throw thrown;
    }
  }

  private finish(id: number | undefined, how: Omit<Extract<Line, { t: 'result' }>, 't' | 'id'>): void {
    if (id === undefined) return;
    this.open.splice(this.open.indexOf(id), 1);
    this.write({ t: 'result', id, ...how });
  }

  /** A secret that became known only by being used may have crossed before: then the file is written anew. */
  private maskAgain(): void {
    const lines = readFileSync(this.path, 'utf8').trimEnd().split('\n');
    const masked = lines.map((line) => this.tokens.maskLine(JSON.parse(line) as RecordingHeader | Line));
    const [header, ...rest] = masked.filter((line) => !('t' in line && isLast(line)));
    const whole: (RecordingHeader | Line)[] = [
      hashed(header as RecordingHeader),
      ...rest,
      ...this.secretLines,
    ];
    whole.push({ t: 'end', lines: whole.length });
    writeFileSync(`${this.path}.new`, whole.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      mode: 0o600,
    });
    renameSync(`${this.path}.new`, this.path);
  }

  private get secretLines(): Line[] {
    return this.tokens.given.map((secret) => ({ t: 'secret', ...secret }));
  }

  private write(line: Line | RecordingHeader): void {
    try {
      writeSync(this.fd, `${JSON.stringify(this.tokens.maskLine(line))}\n`);
      this.lines++;
    } catch (cause) {
      this.failure ??= unwritable(this.path, cause);
    }
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure;
  }
}

/** What stands at the end, after all that crossed. */
function isLast({ t }: Line): boolean {
  return t === 'secret' || t === 'end';
}

/** The header with the hash of the code as it is written. */
function hashed(header: RecordingHeader): RecordingHeader {
  return { ...header, hash: codeHash(header.source.code) };
}

function unwritable(path: string, cause: unknown): LlmspellError {
  const reason = (cause as Error).message;
  return fail('storage.failed', `The recording ${path} could not be written: ${reason}`, { cause });
}
