import { resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import { EXIT, exitCodeOf } from '../../core/exit-codes.js';
import { type ForkedRecording, ForkStart, forkRecording } from '../../kernel/fork.js';
import type { Kernel } from '../../kernel/kernel.js';
import { RecordedReplay, recordedTarget } from '../../kernel/recorded-replay.js';
import { codeHash, type Recording, readRecording } from '../../kernel/recording.js';
import { Replayer } from '../../kernel/replayer.js';
import { unmaskData } from '../../kernel/secret-tokens.js';
import type { Session, SessionMode } from '../../kernel/session.js';
import type { Source } from '../../script/protocol.js';
import { type Invocation, option } from '../command.js';
import { executeAndReport } from '../execute.js';
import { printError } from '../print-error.js';
import { printable } from '../printable.js';
import { readScriptFile } from '../script-file.js';
import { startKernel } from '../setup.js';
import { recorderFor } from './recording.js';

/** `run --replay FILE`: runs again what was recorded, to its end or up to the step at which it goes on live. */
export async function replayRun(invocation: Invocation, file: string): Promise<number> {
  const step = option(invocation, 'fork-at');
  const path = resolve(invocation.terminal.cwd, file);
  const recording = readRecording(path, { broken: step !== undefined });
  requireSameScript(invocation, recording);
  if (step === undefined && option(invocation, 'record') !== undefined)
    throw fail('usage.invalid', 'A replay is the recording that there is already', {
      hint: 'To record what goes on live from a step: --replay FILE --fork-at STEP --record FILE',
    });
  return step === undefined ? replayWhole(invocation, recording) : goOnLive(invocation, recording, step);
}

/** Runs a recorded spell, or another in its place, and shows what it prints. */
export async function replayWhole(
  invocation: Invocation,
  recording: Recording,
  source: Source = recording.header.source,
): Promise<number> {
  const { seed, effects } = { ...recording.header, ...recording };
  takeTimezone(recording);
  const { kernel, config } = await startKernel(invocation);
  let replayer: Replayer | undefined;
  const session = kernel.createSession({
    seed,
    effects,
    tape: (_request, _seed, target) => {
      replayer = new Replayer(recording, target);
      return replayer;
    },
  });
  const code = await execute(invocation, { kernel, config, session }, recording, source);
  return code === EXIT.ok && replayer?.failure ? report(invocation, replayer.failure) : code;
}

/** What differed only when the session was ended. */
function report(invocation: Invocation, failure: NonNullable<Replayer['failure']>): number {
  printError(failure, invocation);
  return exitCodeOf(failure.code);
}

async function goOnLive(invocation: Invocation, recording: Recording, step: string): Promise<number> {
  takeTimezone(recording);
  const { kernel, config } = await startKernel(invocation);
  const forked = forkRecording(recording, step, kernel.secrets);
  warnOfSecrets(invocation, forked);
  const file = option(invocation, 'record');
  const session = kernel.createSession({
    seed: recording.header.seed,
    effects: forked.recording.effects,
    forks: true,
    session: option(invocation, 'session'),
    tape: forkTape(forked, file === undefined ? undefined : resolve(invocation.terminal.cwd, file)),
  });
  const values = [...forked.inherited].map(([value, { token }]) => [token, value] as const);
  const source = unmaskData(recording.header.source, new Map(values));
  return execute(invocation, { kernel, config, session }, recording, source);
}

function forkTape(forked: ForkedRecording, record: string | undefined): SessionMode['tape'] {
  return (request, seed, target) => {
    if (record === undefined) return new Replayer(forked.recording, target, new ForkStart(forked, target));
    const recorder = recorderFor(record, forked.inherited)(request, seed, target);
    for (const { id, path } of forked.recording.steps) recorder.stepOf(id, path);
    const replayer = new Replayer(
      forked.recording,
      recordedTarget(target, recorder),
      new ForkStart(forked, target),
    );
    return new RecordedReplay(recorder, replayer);
  };
}

interface Opened {
  kernel: Kernel;
  config: Awaited<ReturnType<typeof startKernel>>['config'];
  session: Session;
}

async function execute(
  invocation: Invocation,
  { kernel, config, session }: Opened,
  { header: { language } }: Recording,
  source: Source,
): Promise<number> {
  try {
    return await executeAndReport(invocation, config, session, { language, typescript: false }, source);
  } finally {
    await kernel.shutdown();
  }
}

/** Dates read as they did; the engine's thread, which starts later, takes its zone from here. */
export function takeTimezone({ header: { timezone } }: Recording): void {
  if (timezone !== undefined) process.env.TZ = timezone;
}

function requireSameScript(invocation: Invocation, { header }: Recording): void {
  const script = invocation.args.SCRIPT;
  if (script === undefined) return;
  const given = readScriptFile(invocation.terminal.cwd, script);
  if (codeHash(given.code) === header.hash) return;
  throw fail('replay.diverged', `${script} is not the script that was recorded`, {
    hint: 'Leave the script out to replay the recorded one, or try this one: llmspell replay FILE --script SCRIPT',
  });
}

function warnOfSecrets({ terminal }: Invocation, { unknownSecrets }: ForkedRecording): void {
  for (const { token, name } of unknownSecrets)
    terminal.err(
      `Warning: the secret ${name === undefined ? token : printable(name)} is not known here; what goes on live gets ${token}\n`,
    );
}
