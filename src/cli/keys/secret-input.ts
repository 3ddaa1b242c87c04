import { fail } from '../../core/errors.js';
import { standardInput } from '../standard-input.js';
import type { Terminal } from '../terminal.js';

const [ENTER, NEWLINE, INTERRUPT, END, BACKSPACE, DELETE] = ['\r', '\n', '\u0003', '\u0004', '\b', '\u007f'];

/** A secret from standard input; at a terminal it is asked for, and what is typed is not shown. */
export async function secretInput(terminal: Terminal, question: string): Promise<string> {
  const text = terminal.stdinIsTTY ? await hiddenLine(terminal, question) : await standardInput()(true);
  const secret = text?.trim() ?? '';
  if (secret === '')
    throw fail('usage.invalid', 'Nothing was given', { hint: 'Give the key on standard input.' });
  return secret;
}

async function hiddenLine(terminal: Terminal, question: string): Promise<string> {
  const { stdin } = process;
  terminal.err(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    let line = '';
    for await (const piece of stdin)
      for (const character of piece as string) {
        if ([ENTER, NEWLINE, END].includes(character)) return line;
        if (character === INTERRUPT) throw fail('execution.interrupted', 'Nothing was stored');
        line = [BACKSPACE, DELETE].includes(character) ? line.slice(0, -1) : line + character;
      }
    return line;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    terminal.err('\n');
  }
}
