import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../core/errors.js';
import type { JournalLine, SegmentHeader } from './journal-line.js';
import { syncDirectory } from './sync-directory.js';

/** Milliseconds for which lines are gathered before they are written. */
const GATHER_MS = 5;
/** Characters that may wait to be written before whoever can is asked to wait. */
const MAX_WAITING = 4 * 1024 * 1024;

/**
 * The writing end of one segment: a file of JSON lines that nobody but this process appends to, and that is never
 * appended to again once it was closed. Lines that are added while others are being written leave together, with one
 * write and one sync for all who wait.
 */
export class SegmentWriter {
  private waiting: string[] = [];
  private waitingFor: { resolve(): void; reject(error: Error): void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private busy = false;
  private working: Promise<void> = Promise.resolve();
  private file: Promise<FileHandle> | undefined;
  private failure: Error | undefined;
  private written = 0;
  private waitingSize = 0;

  /** @param name of the file without its ending. */
  constructor(
    private readonly directory: string,
    readonly name: string,
    header: SegmentHeader,
  ) {
    this.wait(line(header));
  }

  /** Bytes handed over so far, written or not. */
  get size(): number {
    return this.written + this.waitingSize;
  }

  /** Why the segment takes nothing any more. */
  get failed(): Error | undefined {
    return this.failure;
  }

  /** Adds a line. It is written soon; {@link flushed} tells when it is safe. */
  add(given: JournalLine): void {
    if (this.failure) return;
    this.wait(line(given));
    // Whoever is in a hurry waits for `flushed`; a timer must not keep a process alive for the others.
    this.timer ??= setTimeout(() => void this.work(), GATHER_MS).unref();
  }

  /** See {@link RunWriter.behind}. */
  behind(): Promise<unknown> | undefined {
    return this.waitingSize > MAX_WAITING ? this.flushed().catch(() => {}) : undefined;
  }

  /** Resolves when every line added so far is on the disk. @throws `storage.failed` */
  flushed(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waitingFor.push({ resolve, reject });
      void this.work();
    });
  }

  /** Resolves when every line added so far can be read from the file, safe or not. Does not reject. */
  readable(): Promise<void> {
    return this.work();
  }

  /** Tells whoever looks at the file that its writer lives. */
  async touch(now: Date): Promise<void> {
    const file = await this.file;
    await file?.utimes(now, now).catch(() => {});
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.work();
    await (await this.file?.catch(() => undefined))?.close();
    this.failure ??= fail('storage.unavailable', 'The journal is closed');
  }

  private wait(text: string): void {
    this.waiting.push(text);
    this.waitingSize += text.length;
  }

  /** Whoever finds the writer idle starts it; it goes on until nothing is left. */
  private work(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.busy) this.working = this.drain();
    return this.working;
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (!this.failure && (this.waiting.length > 0 || this.waitingFor.length > 0)) {
      const [lines, waiters] = [this.waiting, this.waitingFor];
      [this.waiting, this.waitingFor, this.waitingSize] = [[], [], 0];
      try {
        await this.write(lines.join(''), waiters.length > 0);
        for (const waiter of waiters) waiter.resolve();
      } catch (thrown) {
        this.giveUp(thrown, waiters);
      }
    }
    // In the same turn as the last look: who adds something after it starts the writer again.
    this.busy = false;
  }

  private async write(text: string, sync: boolean): Promise<void> {
    this.file ??= this.create();
    const file = await this.file;
    if (text !== '') {
      const bytes = Buffer.from(text);
      // A short write is finished by the next one inside; what fails in the middle leaves a torn last line.
      await file.appendFile(bytes);
      this.written += bytes.length;
    }
    if (sync) await file.datasync();
  }

  private async create(): Promise<FileHandle> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(join(this.directory, `${this.name}.jsonl`), 'ax', 0o600);
    await syncDirectory(this.directory);
    return file;
  }

  /** After a failed write nobody knows what the file holds at its end, so nothing is added to it any more. */
  private giveUp(thrown: unknown, waiters: readonly { reject(error: Error): void }[]): void {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.failure = fail('storage.failed', `The journal could not be written: ${reason}`, {
      hint: 'Check that the disk is not full and that the data directory may be written.',
      cause: thrown,
    });
    for (const waiter of [...waiters, ...this.waitingFor]) waiter.reject(this.failure);
    [this.waiting, this.waitingFor, this.waitingSize] = [[], [], 0];
  }
}

function line(given: JournalLine): string {
  return `${JSON.stringify(given)}\n`;
}
