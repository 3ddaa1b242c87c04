import { errorToData, type LlmspellError } from '../core/errors.js';
import type { Invocation } from './command.js';
import { useColor } from './terminal.js';

/** Prints an error: for people on stderr, as one JSON document on stdout when JSON output was asked for. */
export function printError(
  error: LlmspellError,
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
): void {
  const format = options.output?.at(-1);
  if (format === 'json' || format === 'jsonl') {
    terminal.out(`${JSON.stringify({ status: 'error', error: errorToData(error) })}\n`);
    return;
  }
  terminal.err(errorText(error, useColor(terminal.env, terminal.stderrIsTTY), options.trace?.at(-1)));
}

/** The text of an error. The host's own stack is shown only at trace level `debug` or `trace`. */
export function errorText(error: LlmspellError, color: boolean, trace?: string): string {
  const [red, dim, reset] = color ? ['\x1b[31m', '\x1b[2m', '\x1b[0m'] : ['', '', ''];
  const lines = [`${red}Error${reset} [${error.code}]: ${error.message}`];
  if (error.traceback) lines.push(dim + error.traceback + reset);
  if (error.hint) lines.push(`Hint: ${error.hint}`);
  if (trace === 'debug' || trace === 'trace') lines.push(dim + (error.stack ?? '') + reset);
  return `${lines.join('\n')}\n`;
}
