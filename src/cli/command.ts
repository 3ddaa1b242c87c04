import type { IsolateThread } from '../script/isolate-thread.js';
import type { Terminal } from './terminal.js';

/** What shell completion offers for a value: files, folders, names that the program knows, or given words. */
export type Completion = 'file' | 'directory' | 'tool' | 'profile' | 'section' | readonly string[];

/**
 * One option of a command. Behind the command's name it hides global options of the same name; before it they keep
 * their meaning.
 */
export interface OptionDefinition {
  /** One line for `--help`. */
  readonly doc: string;
  /** Name of the value in the help text; an option without one is a switch. */
  readonly value?: string;
  /** The value may be left out (`--allow-read`), then it reads as empty text; it is only taken after `=`. */
  readonly optionalValue?: boolean;
  /** One letter, e.g. `c` for `-c`. */
  readonly short?: string;
  /** Other spellings, long or one letter. */
  readonly also?: readonly string[];
  /** May be given several times; all values are kept. */
  readonly repeat?: boolean;
  /** The values it accepts. */
  readonly choices?: readonly string[];
  /** Values of this form are accepted besides the choices; whoever reads the option checks them. */
  readonly form?: RegExp;
  /** Where the script's own arguments have begun it is one of them. */
  readonly yields?: boolean;
  /** What completion offers; the choices when absent. */
  readonly complete?: Completion;
}

/** Options by name, without the dashes. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** A positional argument. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly doc: string;
  readonly optional?: boolean;
  /** Takes all that follow: at least one, unless it is optional. */
  readonly rest?: boolean;
  readonly complete?: Completion;
}

/** What the user asked for, understood. */
export interface Invocation {
  /** Positional arguments by name; a `rest` argument holds all of them in {@link rest}. */
  readonly args: Readonly<Record<string, string | undefined>>;
  /** The values of the `rest` argument, or everything meant for the script. */
  readonly rest: readonly string[];
  /** Given options. A switch is `''`. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly terminal: Terminal;
  /** An engine's thread that was started before the command line was understood. */
  readonly thread?: IsolateThread | undefined;
}

/** A command of the command line, described once: parser, help, completion and reference come from it. */
export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** More, for `--help`. */
  readonly description?: string;
  readonly args?: readonly ArgumentDefinition[];
  readonly options?: OptionDefinitions;
  /** After the first positional argument, what is unknown belongs to the script. */
  readonly passThrough?: boolean;
  readonly examples?: readonly string[];
  readonly subcommands?: readonly Command[];
  /**
   * Does it; returns the exit code.
   * Contract: results on stdout, everything else on stderr; loads what it needs itself; throws `LlmspellError`s.
   */
  run?(invocation: Invocation): Promise<number>;
}

/** Declares a command; exists for its type. */
export function defineCommand(command: Command): Command {
  return command;
}

/** The one value of an option, if it was given. The last one wins. */
export function option(invocation: Invocation, name: string): string | undefined {
  return invocation.options[name]?.at(-1);
}

/** Whether a switch was given. */
export function flagged(invocation: Invocation, name: string): boolean {
  return invocation.options[name] !== undefined;
}
