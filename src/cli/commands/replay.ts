import { resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import { defineCommand, type Invocation, option } from '../command.js';
import { printable } from '../printable.js';
import { printResult } from '../render/print.js';
import type { Checked } from '../replay/check.js';

const RECORDING = {
  name: 'FILE',
  doc: 'A recording (llmspell run --record FILE SCRIPT)',
  complete: 'file',
} as const;

const show = defineCommand({
  name: 'show',
  summary: 'Show the steps of a recording',
  description: `One line for each crossing between the spell and the outside, with its number and, where a component began, its
step path: either of them is what run --fork-at takes. A recording that breaks off is shown as far as it goes.`,
  args: [RECORDING],
  examples: ['llmspell replay show run.jsonl', 'llmspell replay show run.jsonl --output json'],
  async run(invocation) {
    const [{ readRecording }, { recordingJson, recordingText }] = await Promise.all([
      import('../../kernel/recording.js'),
      import('../replay/show.js'),
    ]);
    const path = resolve(invocation.terminal.cwd, invocation.args.FILE!);
    const recording = readRecording(path, { broken: true });
    printResult(invocation, { json: recordingJson(recording), text: () => recordingText(recording) });
    return EXIT.ok;
  },
});

/** `llmspell replay`: recordings run again. */
export default defineCommand({
  name: 'replay',
  summary: 'Run again what was recorded, or look at it',
  description: `A replay does what the recording holds, byte for byte, and reaches nothing outside. The first difference ends it.
With --check every recording of a folder is replayed, for use in CI: a line for each, and exit code 1 when one differs.`,
  args: [{ ...RECORDING, optional: true }],
  options: {
    script: {
      value: 'SCRIPT',
      complete: 'file',
      doc: 'Run this script against the recording, to see where it first differs',
    },
    check: { value: 'DIR', complete: 'directory', doc: 'Replay every recording (*.jsonl) in a folder' },
    timeout: { value: 'SECONDS', doc: 'Time limit of one replay' },
  },
  examples: [
    'llmspell replay run.jsonl',
    'llmspell replay run.jsonl --script changed.lua',
    'llmspell replay --check recordings/',
  ],
  subcommands: [show],
  run: (invocation) => (option(invocation, 'check') === undefined ? replay(invocation) : check(invocation)),
});

async function replay(invocation: Invocation): Promise<number> {
  const { terminal, args } = invocation;
  if (args.FILE === undefined)
    throw fail('usage.invalid', 'llmspell replay needs FILE or --check DIR', {
      hint: 'See: llmspell replay --help',
    });
  const [{ readRecording }, { replayWhole }] = await Promise.all([
    import('../../kernel/recording.js'),
    import('../replay/replay-run.js'),
  ]);
  const recording = readRecording(resolve(terminal.cwd, args.FILE));
  return replayWhole(invocation, recording, await otherSource(invocation, recording.header.source));
}

/** The script that is tried in place of the recorded one, with the recorded arguments. */
async function otherSource<S extends { code: string }>(invocation: Invocation, recorded: S): Promise<S> {
  const script = option(invocation, 'script');
  if (script === undefined) return recorded;
  const { readScriptFile } = await import('../script-file.js');
  return { ...recorded, ...readScriptFile(invocation.terminal.cwd, script) };
}

async function check(invocation: Invocation): Promise<number> {
  const { checkRecording, recordingsIn } = await import('../replay/check.js');
  const { terminal } = invocation;
  const results: Checked[] = [];
  for (const file of recordingsIn(resolve(terminal.cwd, option(invocation, 'check')!)))
    results.push(await checkRecording(invocation, file));
  printResult(invocation, { json: results, text: () => results.map(checkedLine).join('\n') });
  return results.every(({ error }) => !error) ? EXIT.ok : EXIT.failure;
}

function checkedLine({ file, crossings, error }: Checked): string {
  if (!error) return `ok    ${printable(file)}  ${crossings} ${crossings === 1 ? 'crossing' : 'crossings'}`;
  return `FAIL  ${printable(file)}\n      ${printable(error.message)}`;
}
