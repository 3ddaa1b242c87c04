import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { fail } from '../../core/errors.js';
import type { Invocation } from '../command.js';

/** Writes values as JSON, one a line, to a file or to standard output; never faster than they are taken. */
export class JsonLines {
  private readonly file: WriteStream | undefined;
  private failure: Error | undefined;

  /** @param path relative to where the user is; standard output when absent. */
  constructor(
    private readonly invocation: Invocation,
    path: string | undefined,
  ) {
    if (path === undefined) return;
    this.file = createWriteStream(resolve(invocation.terminal.cwd, path), { mode: 0o600 });
    this.file.on('error', (error) => {
      this.failure = error;
    });
  }

  /** @throws `config.unwritable` */
  async write(value: unknown): Promise<void> {
    const line = `${JSON.stringify(value)}\n`;
    if (!this.file) return this.invocation.terminal.out(line);
    this.check();
    if (!this.file.write(line)) await once(this.file, 'drain').catch(() => this.check());
  }

  /** Resolves when everything is written. @throws `config.unwritable` */
  async end(): Promise<void> {
    if (!this.file) return;
    this.file.end();
    await finished(this.file).catch((error) => {
      this.failure ??= error;
    });
    this.check();
  }

  private check(): void {
    if (this.failure)
      throw fail('config.unwritable', `The export could not be written: ${this.failure.message}`, {
        cause: this.failure,
      });
  }
}
