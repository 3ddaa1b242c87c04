import type { IRandomAccessTokenizer, IReadChunkOptions, ITokenizerOptions } from 'strtok3/core';
import type { GuardedFile } from '../../../security/files.js';

/** Bytes read ahead: parsers ask for a few at a time. */
const BLOCK = 64 * 1024;

/** An open file as the metadata parser reads it: at any place, and never through its path. The handle stays open. */
export async function handleTokenizer(
  file: GuardedFile,
  options: ITokenizerOptions,
): Promise<IRandomAccessTokenizer> {
  const { AbstractTokenizer, EndOfStreamError } = await import('strtok3/core');
  const { size } = file.stats;

  class HandleTokenizer extends AbstractTokenizer implements IRandomAccessTokenizer {
    override fileInfo = { ...options.fileInfo, size };
    private block = Buffer.alloc(0);
    private blockAt = 0;

    constructor() {
      super(options);
    }

    async readBuffer(target: Uint8Array, request?: IReadChunkOptions): Promise<number> {
      if (request?.position !== undefined) this.position = request.position;
      const read = await this.peekBuffer(target, request);
      this.position += read;
      return read;
    }

    async peekBuffer(target: Uint8Array, request?: IReadChunkOptions): Promise<number> {
      const { length, position, mayBeLess } = this.normalizeOptions(target, request);
      const bytes = await this.bytesAt(position, length);
      target.set(bytes);
      if (!mayBeLess && bytes.length < length) throw new EndOfStreamError();
      return bytes.length;
    }

    setPosition(position: number): void {
      this.validateLength(position, 'position');
      this.position = position;
    }

    override supportsRandomAccess(): boolean {
      return true;
    }

    private async bytesAt(position: number, length: number): Promise<Uint8Array> {
      const from = position - this.blockAt;
      if (from >= 0 && from + length <= this.block.length) return this.block.subarray(from, from + length);
      options.abortSignal?.throwIfAborted();
      const wanted = Math.max(0, Math.min(Math.max(length, BLOCK), size - position));
      const block = Buffer.alloc(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await file.handle.read(block, filled, wanted - filled, position + filled);
        if (bytesRead === 0) break; // shorter than when it was opened
        filled += bytesRead;
      }
      this.block = block.subarray(0, filled);
      this.blockAt = position;
      return this.block.subarray(0, length);
    }
  }

  return new HandleTokenizer();
}
