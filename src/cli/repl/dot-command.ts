import type { Session } from '../../kernel/session.js';
import type { Source } from '../../script/protocol.js';
import type { ScriptLanguage } from '../language.js';
import type { Terminal } from '../terminal.js';
import type { History } from './history.js';
import type { Transcript } from './transcript.js';

/** The REPL as its commands see it. */
export interface ReplControl {
  readonly terminal: Terminal;
  readonly session: Session;
  readonly history: History;
  readonly transcript: Transcript;
  /** The language of what is entered. */
  language: ScriptLanguage;
  /** Show how long each entry took. */
  timing: boolean;
  /** Files that this REPL has read or written, by absolute path. */
  readonly ownFiles: Set<string>;
  /** Prints a line of the answer. */
  print(line: string): void;
  /** Executes code as if it had been entered. */
  evaluate(code: string): Promise<void>;
  /** Executes a source; whether it went well. What went wrong has been shown. */
  execute(source: Source, language: ScriptLanguage): Promise<boolean>;
  /** Begins a new session: everything that scripts have defined is gone. */
  reset(): Promise<void>;
  /** Ends the REPL when the command is done. */
  leave(exitCode: number): void;
}

/** A command of the REPL itself. */
export interface DotCommand {
  /** Without the dot. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What follows the name, as help shows it. */
  readonly argument?: string;
  readonly doc: string;
  /** What Tab offers for the argument: files, code, or these words. */
  readonly complete?: 'file' | 'code' | readonly string[];
  /**
   * Does it.
   * Contract: throws `LlmspellError`s, which are shown; the REPL goes on.
   */
  run(repl: ReplControl, argument: string): Promise<void> | void;
}

/** A line that is meant for the REPL itself, taken apart. */
export interface DotLine {
  name: string;
  argument: string;
}

/** Takes `.name argument` apart; undefined for code, numbers such as `.5` included. */
export function parseDotLine(line: string): DotLine | undefined {
  const match = /^\.([A-Za-z?][\w-]*)(?:\s+(.*))?$/s.exec(line.trim());
  return match ? { name: match[1]!, argument: (match[2] ?? '').trim() } : undefined;
}

/** The command of that name or alias. */
export function findCommand(commands: readonly DotCommand[], name: string): DotCommand | undefined {
  return commands.find((command) => command.name === name || command.aliases?.includes(name));
}
