import { errorToData, type LlmspellError } from '../core/errors.js';
import type { Invocation } from './command.js';
import { printable } from './printable.js';
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
  terminal.err(
    errorText(error, useColor(terminal.env, terminal.stderrIsTTY), options.trace?.at(-1)?.split(',')[0]),
  );
}

/**
 * The text of an error. What it says may come from a server or a program, so it cannot steer the terminal. The host's own stack is shown only at trace level `debug` or `trace`.
 */
export function errorText(error: LlmspellError, color: boolean, trace?: string): string {
  const [red, dim, reset] = color ? ['\x1b[31m', '\x1b[2m', '\x1b[0m'] : ['', '', ''];
  const parts = [`${red}Error${reset} [${error.code}]: ${lines(error.message)}`];
  if (error.traceback) parts.push(dim + lines(error.traceback) + reset);
  if (error.hint) parts.push(`Hint: ${lines(error.hint)}`);
  if (trace === 'debug' || trace === 'trace') parts.push(dim + lines(error.stack ?? '') + reset);
  return `${parts.join('\n')}\n`;
}

function lines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
