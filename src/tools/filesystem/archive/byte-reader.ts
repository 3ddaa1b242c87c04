/** Takes exact numbers of bytes out of a stream of chunks. */
export class ByteReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  /** Exactly that many bytes; undefined at the end. @throws where the stream ends in the midst of them */
  async take(count: number): Promise<Uint8Array | undefined> {
    const bytes = await this.peek(count);
    if (bytes.length === 0 && count > 0) return undefined;
    if (bytes.length < count) throw new Error('the data ends too early');
    this.held = this.held.subarray(count);
    return bytes;
  }

  /** As {@link take}, where the end would come too early. */
  async need(count: number): Promise<Uint8Array> {
    const bytes = await this.take(count);
    if (!bytes) throw new Error('the data ends too early');
    return bytes;
  }

  /** The next bytes, which stay to be taken; fewer at the end. */
  async peek(count: number): Promise<Uint8Array> {
    const parts = [this.held];
    let length = this.held.length;
    while (length < count) {
      const next = await this.source.next();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    if (parts.length > 1) this.held = Buffer.concat(parts, length);
    return this.held.subarray(0, count);
  }

  /** Throws away that many bytes without holding them. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const piece = await this.need(Math.min(left, 65_536));
      left -= piece.length;
    }
  }

  /** All that is left, chunk by chunk. Ends the source when it is left early. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (this.held.length > 0) yield this.held;
      for (let next = await this.source.next(); !next.done; next = await this.source.next()) yield next.value;
    } finally {
      await this.close();
    }
  }

  /** Ends the source. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}
