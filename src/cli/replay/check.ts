import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ErrorData, errorToData, fail, toLlmspellError } from '../../core/errors.js';
import { Kernel } from '../../kernel/kernel.js';
import { type Recording, readRecording } from '../../kernel/recording.js';
import { Replayer } from '../../kernel/replayer.js';
import { createPermissions } from '../../security/permissions.js';
import type { Invocation } from '../command.js';
import { numberOption } from '../run-options.js';
import { loadSettings } from '../setup.js';
import { takeTimezone } from './replay-run.js';

/** Seconds that one replay may take. */
const LIMIT_S = 60;
const NOTHING = { read: [], write: [], net: [], run: [], env: [], db: [] };

/** What became of one recording. */
export interface Checked {
  readonly file: string;
  readonly crossings: number;
  /** Why it does not replay. */
  readonly error?: ErrorData;
}

/** The recordings in a folder and the folders in it. @throws `replay.nothing` when there is none. */
export function recordingsIn(folder: string): string[] {
  const files = list(folder).filter((name) => name.endsWith('.jsonl'));
  if (files.length > 0) return files.map((name) => join(folder, name)).sort();
  throw fail('replay.nothing', `There is no recording in ${folder}`, {
    hint: 'A recording is a file whose name ends in .jsonl: llmspell run --record FILE.jsonl SCRIPT',
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    const message = `Cannot look for recordings in ${folder}: ${(cause as Error).message}`;
    throw fail('replay.invalid', message, { cause });
  }
}

/** Replays a recording with nothing granted, nothing kept and nothing shown. */
export async function checkRecording(invocation: Invocation, file: string): Promise<Checked> {
  const name = relative(invocation.terminal.cwd, file);
  let recording: Recording;
  try {
    recording = readRecording(file);
  } catch (thrown) {
    return { file: name, crossings: 0, error: errorToData(toLlmspellError(thrown)) };
  }
  const crossings = recording.entries.filter(({ t }) => t === 'call' || t === 'callback').length;
  const error = await replaySilently(invocation, recording);
  return { file: name, crossings, ...(error && { error }) };
}

async function replaySilently(invocation: Invocation, recording: Recording): Promise<ErrorData | undefined> {
  const { language, source, seed } = recording.header;
  takeTimezone(recording);
  const kernel = await emptyKernel(invocation);
  let replayer: Replayer | undefined;
  const session = kernel.createSession({
    seed,
    effects: recording.effects,
    tape: (_request, _seed, target) => {
      replayer = new Replayer(recording, target);
      return replayer;
    },
  });
  const timeoutMs = (numberOption(invocation, 'timeout') ?? LIMIT_S) * 1000;
  const { error } = await session.execute({ language, source, timeoutMs });
  await kernel.shutdown();
  if (replayer?.failure) return errorToData(replayer.failure);
  return isRecorded(recording, error) ? undefined : error;
}

/** A run that failed when it was recorded fails in its replay. */
function isRecorded({ entries }: Recording, error: ErrorData | undefined): boolean {
  return (
    error === undefined || entries.some((entry) => entry.t === 'ended' && entry.error?.code === error.code)
  );
}

async function emptyKernel(invocation: Invocation): Promise<Kernel> {
  const { cwd, env } = invocation.terminal;
  const config = await loadSettings(invocation, {
    runtime: { journal: { enabled: false }, state_persistence: { backend_type: 'memory' } },
  });
  const permissions = createPermissions(NOTHING, { cwd });
  return new Kernel({ config, permissions, cwd, environment: env, mcp: false });
}
