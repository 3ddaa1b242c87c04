import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type GuardedFile, writeChunksGuarded } from '../../../security/files.js';
import type { Progress } from '../../progress.js';
import type { Container } from '../container.js';
import type { MediaLimits } from '../limits.js';
import { inputArguments } from './input.js';
import { runFfmpeg } from './run.js';

/** A file of sound or film that was opened and recognised. */
export interface MediaSource {
  file: GuardedFile;
  container: Container;
  /** As the caller wrote it. */
  path: string;
  /** Seconds; unknown for some streams. */
  duration?: number | undefined;
}

/** What ffmpeg is to make of a source. */
export interface Production {
  /** Input options such as `-ss`. */
  before?: readonly string[];
  /** What to do, and how to encode it. */
  options: readonly string[];
  /** Muxer of the result. */
  format: string;
  /** Seconds of the result, for the progress. */
  seconds?: number | undefined;
}

/** Where the call stands: its context, limits and progress. */
export interface MediaCall {
  context: ExecutionContext;
  limits: MediaLimits;
  progress: Progress;
}

/** Does something with a private folder, which is removed afterwards. */
export async function withPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'llmspell-media-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Makes a file from a source. The grant for the target is checked first; ffmpeg then works in a private folder, and
 * the target appears complete or not at all.
 */
export function produce(
  source: MediaSource,
  target: string,
  production: Production,
  call: MediaCall,
): Promise<{ path: string; size: number }> {
  return writeChunksGuarded(target, produced(source, target, production, call), call.context, {
    maxBytes: call.limits.maxBytes,
  });
}

async function* produced(
  source: MediaSource,
  target: string,
  production: Production,
  call: MediaCall,
): AsyncGenerator<Uint8Array, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'llmspell-media-'));
  try {
    const made = join(folder, 'result');
    await makeFile(source, made, production, call);
    const { size } = await stat(made).catch(() => ({ size: 0 }));
    if (size === 0) throw fail('tool.failed', `ffmpeg made nothing of '${source.path}'`);
    if (size > call.limits.maxBytes)
      throw fail('tool.failed', `The result exceeds maximum allowed size of ${call.limits.maxBytes} bytes`, {
        details: { path: target, limit: call.limits.maxBytes },
      });
    yield* createReadStream(made);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs ffmpeg; stops it when the result grows beyond the limit. */
async function makeFile(
  source: MediaSource,
  made: string,
  { before = [], options, format, seconds }: Production,
  { context, limits, progress }: MediaCall,
): Promise<void> {
  const size = ['-fs', String(limits.maxBytes + 1)];
  const args = [...inputArguments(source.container, before), ...options, ...size, '-f', format, '-y', made];
  await runFfmpeg(
    {
      args,
      fd: source.file.handle.fd,
      path: source.path,
      onProgress: (done) => progress(`${done.toFixed(1)} s done`, seconds ? done / seconds : undefined),
    },
    limits,
    context,
  );
  progress('Done', 1);
}
