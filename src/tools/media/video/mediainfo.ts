import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { isRecord } from '../../../core/values.js';
import type { GuardedFile } from '../../../security/files.js';
import { MEDIAINFO_SOURCE } from './mediainfo-source.js';

/** What reading the metadata of one film may take. */
const TIMEOUT_MS = 30_000;
const HEAP_MB = 256;
/** 64 KB each: half a gigabyte. */
const WASM_PAGES = 8192;
/** The library runs for milliseconds; to optimise it would take a second. */
const FAST_START = '--liftoff-only';
const OUTPUT_BYTES = 8 * 1024 * 1024;

/** A track as MediaInfo describes it: `@type` is General, Video, Audio, Text … */
export type MediaTrack = Readonly<Record<string, unknown>>;

/**
 * The tracks of a film, from its open file. They are read in a process of their own: what is in the file decides how
 * long that takes and how much memory, and only a process can be ended at any moment.
 * @throws `tool.failed`, `component.timeout`, or the context's reason
 */
export async function readTracks(file: GuardedFile, context: ExecutionContext): Promise<MediaTrack[]> {
  context.signal.throwIfAborted();
  const library = createRequire(import.meta.url).resolve('mediainfo.js');
  const child = start(library, file);
  const time = AbortSignal.timeout(TIMEOUT_MS);
  const stop = () => void child.kill('SIGKILL');
  const signal = AbortSignal.any([context.signal, time]);
  signal.addEventListener('abort', stop);
  try {
    const ended = exit(child);
    const [output, problem] = await Promise.all([limited(child.stdout!), limited(child.stderr!)]);
    await ended;
    if (context.signal.aborted) throw context.signal.reason;
    if (time.aborted)
      throw fail('component.timeout', `Reading '${file.path}' took longer than ${TIMEOUT_MS} ms`);
    return tracks(output, problem, file.path);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function start(library: string, file: GuardedFile): ChildProcess {
  const flags = [`--max-old-space-size=${HEAP_MB}`, `--wasm-max-mem-pages=${WASM_PAGES}`, FAST_START];
  return spawn(process.execPath, [...flags, '-e', MEDIAINFO_SOURCE, '--', library, String(file.stats.size)], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', file.handle.fd],
    windowsHide: true,
  });
}

function exit(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('close', () => resolve());
    child.once('error', (error) => reject(fail('tool.failed', error.message, { cause: error })));
  });
}

async function limited(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > OUTPUT_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tracks(output: string, problem: string, path: string): MediaTrack[] {
  try {
    const parsed: unknown = JSON.parse(output);
    if (Array.isArray(parsed)) return parsed.filter(isRecord);
  } catch {
    // Said below, with what the process said.
  }
  const reason = problem.trim().split('\n')[0] || 'nothing in it could be understood';
  throw fail('tool.failed', `The file '${path}' could not be read: ${reason.slice(0, 200)}`);
}
