import { Readable } from 'node:stream';

/** The part of a terminal's input stream that the gate uses. */
export interface TerminalInput extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown;
}

/**
 * Lets a terminal's input through one line at a time. What was pasted or typed ahead waits for the next prompt,
 * where it is edited and echoed as if it had just been typed; the line editor alone would take it all at once.
 * While the gate is shut the terminal is not read.
 */
export class InputGate extends Readable {
  private held = '';
  private opened = false;
  private ended = false;

  constructor(private readonly source: TerminalInput) {
    super();
    source.setEncoding('utf8');
    source.on('data', (chunk: string) => {
      this.held += chunk.replaceAll('\r\n', '\r');
      this.pump();
    });
    source.on('end', () => {
      this.ended = true;
      this.pump();
    });
    source.pause();
  }

  /** Whether nothing will ever come through any more. */
  get exhausted(): boolean {
    return this.ended && this.held === '';
  }

  /** Lets the next line through, as far as it is there, and then what is typed up to its end. */
  open(): void {
    this.opened = true;
    this.source.resume();
    this.pump();
  }

  /** Holds back everything. */
  shut(): void {
    this.opened = false;
    this.source.pause();
  }

  /** Asked for by the line editor, which wants every key as it is pressed. */
  setRawMode(raw: boolean): this {
    this.source.setRawMode?.(raw);
    return this;
  }

  override _read(): void {}

  private pump(): void {
    if (!this.opened) return;
    const end = this.held.search(/[\r\n]/);
    const size = end < 0 ? this.held.length : end + 1;
    if (size > 0) this.push(this.held.slice(0, size));
    this.held = this.held.slice(size);
    if (end >= 0) this.shut();
    else if (this.ended) this.push(null);
  }
}
