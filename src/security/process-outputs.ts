import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';

/** Milliseconds between two looks at an output that should have ended. */
const LOOK_MS = 100;
/** Looks without a new byte after which an output is silent. More than one: what came while nobody looked is not silence. */
const SILENT_LOOKS = 2;

/**
 * One output of a program. Nothing of it is lost, however late the reader comes: Node itself throws away what a
 * program has printed when it ends before anybody listens.
 */
export class ProcessOutput {
  /** Where it is read. */
  readonly stream: Readable;
  private readonly passage = new PassThrough();
  private seen = -1;
  private silent = 0;

  constructor(private readonly source: Readable) {
    this.stream = this.passage;
    source.on('error', () => this.passage.end());
    source.pipe(this.passage);
  }

  /**
   * Ends the output when it has been silent for a while: something out of reach (see `endTree`) holds it open. The
   * reader sees an ordinary end. What nobody reads is thrown away.
   */
  look(): void {
    const { bytesRead = 0 } = this.source as Partial<Socket>;
    const waiting = this.passage.writableNeedDrain && !this.isUnread();
    this.silent = bytesRead === this.seen && !waiting ? this.silent + 1 : 0;
    this.seen = bytesRead;
    if (this.silent < SILENT_LOOKS) return;
    if (this.isUnread()) this.stream.resume();
    if (this.source.destroyed || this.passage.writableNeedDrain) return;
    this.source.unpipe(this.passage);
    this.source.destroy();
    this.passage.end();
  }

  /** Breaks off. */
  cut(): void {
    this.source.destroy();
    this.passage.destroy();
  }

  private isUnread(): boolean {
    const listeners = this.stream.listenerCount('data') + this.stream.listenerCount('readable');
    return this.stream.readableFlowing === null && listeners === 0;
  }
}

/** Waits until a program that has ended has been read to its end, without waiting for ever. */
export async function outputsEnded(child: ChildProcess, outputs: readonly ProcessOutput[]): Promise<void> {
  const looks = setInterval(() => {
    for (const output of outputs) output.look();
  }, LOOK_MS);
  try {
    await Promise.all(outputs.map(({ stream }) => finished(stream)));
  } finally {
    clearInterval(looks);
    child.stdin?.destroy();
  }
}

/** Settles when a stream has given its last byte, or none will come. */
function finished(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) return resolve();
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
}
