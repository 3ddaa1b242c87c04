import type { Readable } from 'node:stream';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { type GuardedProcess, startGuarded } from '../../../security/processes.js';
import { missingFeature } from '../../features.js';
import { type MediaLimits, withinTime } from '../limits.js';
import { progressTimes } from './progress.js';

/** Bytes of ffmpeg's messages that are kept: the last ones say what went wrong. */
const MESSAGE_BYTES = 64 * 1024;
/** What a bare error line needs of that. */
const MESSAGE_CHARACTERS = 300;

/** One run of ffmpeg. */
export interface FfmpegJob {
  /** Everything but what each run has: no terminal, no banner, progress on the standard output. */
  args: readonly string[];
  /** The open file that becomes descriptor 3. */
  fd: number;
  /** How the file is called in messages. */
  path: string;
  /** How much ffmpeg says; `error` unless its report is what is wanted. */
  verbosity?: 'error' | 'info';
  /** Told how many seconds of the result are done. */
  onProgress?: (seconds: number) => void;
}

/**
 * Runs ffmpeg to its end and gives what it said. It is ended with everything it started when the context aborts or
 * the time is up.
 * @throws `permission.run`, `feature.missing`, `component.timeout`, `tool.failed` with ffmpeg's own reason
 */
export function runFfmpeg(job: FfmpegJob, limits: MediaLimits, parent: ExecutionContext): Promise<string> {
  return withinTime('ffmpeg', limits, parent, async (context) => {
    const running = await start(job, context);
    running.stdin.end();
    const report = lastText(running.stderr);
    await progressTimes(running.stdout, job.onProgress ?? (() => {}));
    const { code, signal } = await running.ended;
    const text = await report;
    if (code !== 0) throw failed(text, job.path, signal);
    return text;
  });
}

function start({ args, fd, verbosity }: FfmpegJob, context: ExecutionContext): Promise<GuardedProcess> {
  const common = ['-nostdin', '-hide_banner', '-nostats', '-v', verbosity ?? 'error', '-progress', 'pipe:1'];
  return startGuarded('ffmpeg', [...common, ...args], context, { files: [fd] }).catch((error: unknown) => {
    const missing = error instanceof LlmspellError && error.code === 'tool.failed';
    throw missing ? missingFeature('ffmpeg', error) : withHint(error);
  });
}

function withHint(error: unknown): unknown {
  if (!(error instanceof LlmspellError) || error.code !== 'permission.run') return error;
  return fail(error.code, error.message, {
    hint: error.hint ?? 'This operation starts ffmpeg: run with --allow-run=ffmpeg.',
    ...(error.details && { details: error.details }),
    cause: error,
  });
}

async function lastText(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text = (text + String(chunk)).slice(-MESSAGE_BYTES);
  } catch {
    // The stream is destroyed when the program is ended.
  }
  return text;
}

function failed(report: string, path: string, signal: NodeJS.Signals | null): Error {
  const lines = report.split('\n').map((line) => line.trim());
  const last = lines.filter((line) => line !== '' && !line.startsWith('Last message repeated'));
  const reason = (last.slice(-2).join('; ') || `ended by ${signal ?? 'itself'}`)
    .replaceAll(/\/dev\/fd\/\d+/g, path)
    .replaceAll(/ @ 0x[0-9a-f]+/g, '')
    .slice(0, MESSAGE_CHARACTERS);
  return fail('tool.failed', `ffmpeg could not process '${path}': ${reason}`, { details: { path } });
}
