/**
 * A function that gives the next line of standard input with its newline, or with `all` everything that is
 * left; undefined at its end. Standard input is first touched when it is first asked for.
 */
export function standardInput(): (all: boolean) => Promise<string | undefined> {
  let lines: LineReader | undefined;
  return (all) => {
    lines ??= new LineReader(process.stdin);
    return all ? lines.rest() : lines.line();
  };
}

/** Splits a stream into lines as they are asked for. */
export class LineReader {
  private buffer = '';
  /** Keeps the bytes of a character that a chunk ends in the middle of. */
  private readonly decoder = new TextDecoder();
  private readonly chunks: AsyncIterator<Buffer | string>;

  constructor(stream: AsyncIterable<Buffer | string>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** A line with its newline; the last one may lack it. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.buffer.indexOf('\n');
      if (end >= 0) return this.take(end + 1);
      if (!(await this.more())) return this.buffer === '' ? undefined : this.take(this.buffer.length);
    }
  }

  /** Everything that is left. */
  async rest(): Promise<string | undefined> {
    while (await this.more());
    return this.buffer === '' ? undefined : this.take(this.buffer.length);
  }

  private take(length: number): string {
    const text = this.buffer.slice(0, length);
    this.buffer = this.buffer.slice(length);
    return text;
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done) return false;
    this.buffer += typeof value === 'string' ? value : this.decoder.decode(value, { stream: true });
    return true;
  }
}
