import { LineReader } from '../standard-input.js';
import type { Answer, Lines } from './lines.js';

/** Lines of a pipe or a file. A script that reads input takes the lines that follow it. */
export class PipedLines implements Lines {
  readonly interactive = false;
  private readonly reader: LineReader;

  constructor(stream: AsyncIterable<Buffer | string>) {
    this.reader = new LineReader(stream);
  }

  async next(): Promise<Answer> {
    const line = await this.reader.line();
    return line === undefined ? 'end' : { line: line.replace(/\r?\n$/, '') };
  }

  input(all: boolean): Promise<string | undefined> {
    return all ? this.reader.rest() : this.reader.line();
  }

  cancel(): void {}
}
