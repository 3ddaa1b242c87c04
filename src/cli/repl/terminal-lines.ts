import { type CompleterResult, createInterface } from 'node:readline';
import { fail } from '../../core/errors.js';
import type { History } from './history.js';
import { InputGate, type TerminalInput } from './input-gate.js';
import type { Answer, Lines } from './lines.js';
import type { OutputColumn } from './output-column.js';

/**
 * Offers continuations of what stands before the cursor.
 * Contract: never rejects; returns the candidates and the end of `line` that they replace.
 */
export type Completer = (line: string) => Promise<[candidates: string[], replaced: string]>;

/** What a terminal session is made of. */
export interface TerminalLinesParts {
  input: TerminalInput;
  output: NodeJS.WritableStream;
  history: History;
  column: OutputColumn;
  complete: Completer;
  /** Stops the running script, which is waiting for a line. */
  interrupt(): void;
}

/** What distinguishes the REPL's own prompts from a script's reading of input. */
interface Editing {
  history: string[];
  complete: Completer;
}

/**
 * Lines typed by a person, with editing, history and completion. Each prompt has a line editor of its own:
 * between prompts the terminal is in its ordinary mode, where Ctrl-C is a signal and Ctrl-Z suspends.
 */
export class TerminalLines implements Lines {
  readonly interactive = true;
  private readonly gate: InputGate;
  private cancelPending: () => void = () => {};

  constructor(private readonly parts: TerminalLinesParts) {
    this.gate = new InputGate(parts.input);
  }

  next(prompt: string): Promise<Answer> {
    const { history, complete } = this.parts;
    this.parts.column.finish();
    return this.ask(prompt, { history: history.newestFirst(), complete });
  }

  async input(all: boolean): Promise<string | undefined> {
    const first = await this.scriptLine();
    if (!all || first === undefined) return first;
    return first + ((await this.input(true)) ?? '');
  }

  cancel(): void {
    this.cancelPending();
  }

  /** While the line editor has the terminal Ctrl-C is a key and no signal. */
  private async scriptLine(): Promise<string | undefined> {
    const nothing: Completer = async () => [[], ''];
    const answer = await this.ask(this.parts.column.unfinished, { history: [], complete: nothing });
    if (answer === 'interrupted') {
      this.parts.interrupt();
      throw fail('execution.interrupted', 'The execution was interrupted');
    }
    return typeof answer === 'object' ? `${answer.line}\n` : undefined;
  }

  private ask(prompt: string, { history, complete }: Editing): Promise<Answer> {
    if (this.gate.exhausted) return Promise.resolve('end');
    const { output, column } = this.parts;
    const editor = createInterface({
      input: this.gate,
      output,
      terminal: true,
      prompt,
      history,
      historySize: history.length + 1,
      completer: (line: string, done: (error: null, result: CompleterResult) => void) =>
        void complete(line).then((result) => done(null, result)),
    });
    return new Promise<Answer>((resolve) => {
      let finished = false;
      const finish = (answer: Answer, echo: string) => {
        if (finished) return;
        finished = true;
        this.cancelPending = () => {};
        editor.close();
        this.gate.shut();
        output.write(echo);
        column.clear();
        resolve(answer);
      };
      this.cancelPending = () => finish('end', '\n');
      // Newer versions of Node give the lines of a recalled entry with carriage returns between them.
      editor.once('line', (line) => finish({ line: line.replace(/\r\n?/g, '\n') }, ''));
      editor.once('SIGINT', () => finish('interrupted', '^C\n'));
      editor.once('close', () => finish('end', '\n'));
      editor.prompt();
      this.gate.open();
    });
  }
}
