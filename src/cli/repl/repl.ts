import type { LoadedConfig } from '../../config/options.js';
import { toLlmspellError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Outcome } from '../../kernel/messages.js';
import type { Session } from '../../kernel/session.js';
import type { Source } from '../../script/protocol.js';
import { type Invocation, option } from '../command.js';
import { executeReported } from '../execute.js';
import type { ScriptLanguage } from '../language.js';
import { printError } from '../print-error.js';
import type { Terminal } from '../terminal.js';
import { type DotCommand, findCommand, parseDotLine, type ReplControl } from './dot-command.js';
import { unknownCommand } from './help-command.js';
import type { History } from './history.js';
import type { Lines } from './lines.js';
import { Transcript } from './transcript.js';

const PROMPT = '> ';
const CONTINUATION = '... ';

/** What a REPL is made of. */
export interface ReplParts {
  /** Its terminal is the one that everything is printed to. */
  invocation: Invocation;
  kernel: Kernel;
  config: LoadedConfig;
  language: ScriptLanguage;
  history: History;
  commands: readonly DotCommand[];
}

/** Reads entries, executes them in one session, and shows what comes of them, until it is told to leave. */
export class Repl implements ReplControl {
  readonly transcript = new Transcript();
  readonly ownFiles = new Set<string>();
  language: ScriptLanguage;
  timing = false;
  private current: Session;
  private lines!: Lines;
  private entry: string[] = [];
  private failed = false;
  private exitCode: number | undefined;

  constructor(private readonly parts: ReplParts) {
    this.language = parts.language;
    this.current = this.startSession();
  }

  get session(): Session {
    return this.current;
  }

  get terminal(): Terminal {
    return this.parts.invocation.terminal;
  }

  get history(): History {
    return this.parts.history;
  }

  /** The lines of the entry that is being typed. */
  get begun(): readonly string[] {
    return this.entry;
  }

  /** Runs to the end; returns the exit code: without a person at it, 1 when any entry failed. */
  async run(lines: Lines): Promise<number> {
    this.lines = lines;
    while (this.exitCode === undefined) {
      const entry = await this.readEntry();
      if (entry === undefined) break;
      await this.handle(entry);
    }
    return this.exitCode ?? (this.failed && !lines.interactive ? EXIT.failure : EXIT.ok);
  }

  print(line: string): void {
    this.terminal.out(`${line}\n`);
  }

  leave(exitCode: number): void {
    this.exitCode = exitCode;
    this.lines.cancel();
  }

  async reset(): Promise<void> {
    await this.current.close();
    this.current = this.startSession();
    this.transcript.clear();
    this.print('New session: all globals are gone');
  }

  async evaluate(code: string): Promise<void> {
    const source: Source = {
      code,
      name: 'repl',
      directory: this.terminal.cwd,
      interactive: true,
      ...(this.language.typescript && { typescript: true }),
    };
    const { language } = this;
    if (await this.execute(source, language)) this.transcript.add(language, code);
  }

  async execute(source: Source, language: ScriptLanguage): Promise<boolean> {
    const { invocation, config } = this.parts;
    const outcome = await executeReported(invocation, config, this.current, language, source, {
      printValue: true,
      onInput: (all) => this.lines.input(all),
    });
    this.lines.cancel();
    this.conclude(outcome, language);
    return outcome.ok;
  }

  private startSession(): Session {
    const { kernel, invocation } = this.parts;
    const session = kernel.createSession({ session: option(invocation, 'session') });
    session.warmUp(this.language.language);
    return session;
  }

  /** The next entry, or undefined at the end of the input. */
  private async readEntry(): Promise<string | undefined> {
    this.entry = [];
    for (;;) {
      const answer = await this.lines.next(this.entry.length === 0 ? PROMPT : CONTINUATION);
      if (answer === 'end') return this.lines.interactive ? undefined : this.rest();
      if (answer === 'interrupted') this.entry = [];
      else {
        this.entry.push(answer.line);
        if (await this.isWhole()) return this.rest();
      }
    }
  }

  /** The entry so far, if anything was typed. */
  private rest(): string | undefined {
    return this.entry.length === 0 ? undefined : this.entry.join('\n');
  }

  /** An empty line ends what a person types; in a file it is just an empty line. */
  private async isWhole(): Promise<boolean> {
    const text = this.entry.join('\n');
    if (text.trim() === '' || (this.entry.length === 1 && parseDotLine(text))) return true;
    if (this.lines.interactive && this.entry.length > 1 && this.entry.at(-1)!.trim() === '') return true;
    return (await this.current.isComplete(this.language.language, text)) !== 'incomplete';
  }

  private async handle(entry: string): Promise<void> {
    const code = entry.trimEnd();
    if (code.trim() === '') return;
    if (this.lines.interactive) this.history.add(code);
    try {
      const line = code.includes('\n') ? undefined : parseDotLine(code);
      await (line ? this.command(line.name, line.argument) : this.evaluate(code));
    } catch (thrown) {
      this.failed = true;
      printError(toLlmspellError(thrown), this.parts.invocation);
    }
  }

  private async command(name: string, argument: string): Promise<void> {
    const { commands } = this.parts;
    const command = findCommand(commands, name);
    if (!command) throw unknownCommand(commands, name);
    await command.run(this, argument);
  }

  private conclude(outcome: Outcome, { language }: ScriptLanguage): void {
    if (!outcome.ok) this.failed = true;
    if (outcome.exitCode !== undefined) this.leave(outcome.exitCode);
    else if (outcome.cancelled && !this.lines.interactive) this.leave(EXIT.interrupted);
    if (!this.current.alive(language) && outcome.error?.code !== 'execution.killed')
      this.terminal.err('The script engine was started anew: its globals are gone\n');
    if (this.timing && option(this.parts.invocation, 'output') !== 'json')
      this.print(`(${outcome.durationMs} ms)`);
  }
}
