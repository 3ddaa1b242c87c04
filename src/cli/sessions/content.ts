import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import type { Invocation } from '../command.js';

/** Bytes that are read at a time. */
const PIECE = 1024 * 1024;

/**
 * The content of a file, or of standard input where that is `-`, in pieces.
 * @param signal ends the wait for standard input.
 * @throws `usage.invalid` for a file that cannot be read
 */
export async function* readContent(
  { terminal }: Invocation,
  file: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (file === '-') return yield* standardInput(signal);
  const path = resolve(terminal.cwd, file);
  const handle = await open(path).catch(unreadable(path));
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle
        .read(Buffer.allocUnsafe(PIECE), 0, PIECE)
        .catch(unreadable(path));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* standardInput(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { stdin } = process;
  // A stream that waits for its next piece would keep the process.
  const stop = () => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of stdin) yield piece as Buffer;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Writes content to standard output, or to a file, which appears whole or not at all.
 * @throws `config.unwritable`, and what `content` throws
 */
export async function writeContent(
  { terminal }: Invocation,
  file: string | undefined,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (file === undefined) {
    for await (const piece of content) terminal.outBytes(piece);
    return;
  }
  const path = resolve(terminal.cwd, file);
  const partial = `${path}.${process.pid}.part`;
  const handle = await open(partial, 'w', 0o600).catch(unwritable(path));
  try {
    for await (const piece of content) await writeAll(handle, piece).catch(unwritable(path));
    await handle.close();
    await rename(partial, path).catch(unwritable(path));
  } catch (thrown) {
    await handle.close().catch(() => {});
    await rm(partial, { force: true });
    throw thrown;
  }
}

/** `write` may take less than it was given. */
async function writeAll(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await handle.write(piece, at)).bytesWritten;
}

function unreadable(path: string) {
  return (cause: Error): never => {
    throw fail('usage.invalid', `The file ${path} cannot be read: ${cause.message}`, { cause });
  };
}

function unwritable(path: string) {
  return (cause: Error): never => {
    throw fail('config.unwritable', `The file ${path} cannot be written: ${cause.message}`, { cause });
  };
}
