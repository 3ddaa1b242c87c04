import { fail, toLlmspellError } from '../core/errors.js';
import { EXIT, exitCodeOf } from '../core/exit-codes.js';
import type { IsolateThread } from '../script/isolate-thread.js';
import type { Command, Invocation } from './command.js';
import { commandNamed, commandsFor } from './command-table.js';
import { helpText } from './help.js';

import { parseLine } from './parse.js';
import { printError } from './print-error.js';
import type { Terminal } from './terminal.js';

/** Runs one command line; returns the exit code. Never rejects. */
export async function main(
  argv: readonly string[],
  terminal: Terminal,
  thread?: IsolateThread,
): Promise<number> {
  let invocation: Invocation | undefined;
  try {
    const line = normalized(argv);
    const commands = await commandsFor(line);
    const { path, args, rest, options } = parseLine(line, commands);
    invocation = { args, rest, options, terminal, thread };
    const command = options.version ? await commandNamed('version') : path.at(-1);
    if (options.help || !command?.run) return showHelp(invocation, path, commands, argv);
    return await command.run(invocation);
  } catch (thrown) {
    const error = toLlmspellError(thrown);
    printError(error, invocation ?? { options: formatOption(argv), terminal });
    return error.code === 'execution.interrupted' ? EXIT.interrupted : exitCodeOf(error.code);
  }
}

/** Help that was asked for is a result; help instead of a missing command is an error. */
function showHelp(
  { options, terminal }: Invocation,
  path: readonly Command[],
  all: readonly Command[],
  argv: readonly string[],
): number {
  const asked = options.help !== undefined || argv.length === 0;
  const format = options.output?.at(-1);
  if (!asked && (format === 'json' || format === 'jsonl')) throw noCommand(path, all);
  terminal[asked ? 'out' : 'err'](helpText(path, all));
  return asked ? EXIT.ok : EXIT.usage;
}

function noCommand(path: readonly Command[], all: readonly Command[]): Error {
  const commands = path.at(-1)?.subcommands ?? all;
  return fail('usage.invalid', `${['llmspell', ...path.map(({ name }) => name)].join(' ')} needs a command`, {
    hint: `Commands: ${commands.map(({ name }) => name).join(', ')}`,
  });
}

/** `llmspell help tool list` is `llmspell tool list --help`; `llmspell --version` is the command `version`. */
function normalized(argv: readonly string[]): readonly string[] {
  if (argv[0] === 'help') return [...argv.slice(1), '--help'];
  return argv[0] === '--version' || argv[0] === '-V' ? ['version', ...argv.slice(1)] : argv;
}

/** The wanted output format of a line that could not be parsed. */
function formatOption(argv: readonly string[]): Record<string, string[]> {
  const at = argv.indexOf('--output');
  const inline = argv.find((token) => token.startsWith('--output='))?.slice('--output='.length);
  const value = inline ?? (at >= 0 ? argv[at + 1] : undefined);
  return value === undefined ? {} : { output: [value] };
}
