import { toLlmspellError } from '../core/errors.js';
import { exitCodeOf } from '../core/exit-codes.js';
import type { IsolateThread } from '../script/isolate-thread.js';
import type { Invocation } from './command.js';
import { helpText } from './help.js';
import { COMMANDS } from './index.generated.js';
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
    const { path, args, rest, options } = parseLine(versionFirst(argv), COMMANDS);
    invocation = { args, rest, options, terminal, thread };
    const command = path.at(-1);
    if (options.help || !command?.run) {
      terminal[options.help || argv.length === 0 ? 'out' : 'err'](helpText(path, COMMANDS));
      return options.help || argv.length === 0 ? 0 : 2;
    }
    return await command.run(invocation);
  } catch (thrown) {
    const error = toLlmspellError(thrown);
    printError(error, invocation ?? { options: formatOption(argv), terminal });
    return exitCodeOf(error.code);
  }
}

/** `llmspell --version` is the command `version`. */
function versionFirst(argv: readonly string[]): readonly string[] {
  return argv[0] === '--version' || argv[0] === '-V' ? ['version', ...argv.slice(1)] : argv;
}

/** The wanted output format of a line that could not be parsed. */
function formatOption(argv: readonly string[]): Record<string, string[]> {
  const at = argv.indexOf('--output');
  const inline = argv.find((token) => token.startsWith('--output='))?.slice('--output='.length);
  const value = inline ?? (at >= 0 ? argv[at + 1] : undefined);
  return value === undefined ? {} : { output: [value] };
}
