import type { Terminal } from '../terminal.js';

/**
 * Knows the unfinished line on the screen. The line editor draws its prompt over whatever stands in the cursor's
 * line, so text that a script printed without a newline has to be finished first, or become the prompt itself.
 */
export class OutputColumn {
  private text = '';
  /** The terminal, watched. */
  readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    const { stdoutIsTTY, stderrIsTTY } = terminal;
    this.terminal = {
      ...terminal,
      out: (text) => this.write(text, stdoutIsTTY, terminal.out),
      err: (text) => this.write(text, stderrIsTTY, terminal.err),
    };
  }

  /** What stands in the cursor's line. */
  get unfinished(): string {
    return this.text;
  }

  /** The cursor has gone to a new line by other means. */
  clear(): void {
    this.text = '';
  }

  /** Begins a new line if the present one is not empty. */
  finish(): void {
    if (this.text === '') return;
    this.terminal[this.terminal.stdoutIsTTY ? 'out' : 'err']('\n');
  }

  private write(text: string, shown: boolean, print: (text: string) => void): void {
    print(text);
    if (!shown) return;
    const newline = text.lastIndexOf('\n');
    this.text = newline < 0 ? this.text + text : text.slice(newline + 1);
  }
}
