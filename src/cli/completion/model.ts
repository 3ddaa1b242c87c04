import type {
  ArgumentDefinition,
  Command,
  Completion,
  OptionDefinition,
  OptionDefinitions,
} from '../command.js';
import { GLOBAL_OPTIONS } from '../parse.js';

/** What can stand somewhere: files, folders, given words, or something that no shell knows. */
export type Offer = 'file' | 'directory' | 'nothing' | readonly string[];

/** An option as shells see it. */
export interface CompletedOption {
  /** All its spellings with dashes, the short ones first. */
  names: string[];
  doc: string;
  /** How its value is given; absent for switches. */
  value?: { name: string; offer: Offer; onlyAfterEquals: boolean; repeat: boolean };
}

/** A command as shells see it. */
export interface CompletedCommand {
  /** The words that lead to it; empty for the program itself. */
  path: string[];
  summary: string;
  subcommands: { name: string; summary: string }[];
  /** Its own options and those it inherits. */
  options: CompletedOption[];
  /** What stands at each position; a `rest` argument stands at every later one too. */
  args: { name: string; doc: string; offer: Offer; rest: boolean }[];
}

/** The words behind the names of completions. */
export type Words = Readonly<
  Record<Exclude<Completion, 'file' | 'directory' | readonly string[]>, readonly string[]>
>;

/** The command table flattened, the program itself first. */
export function completedCommands(commands: readonly Command[], words: Words): CompletedCommand[] {
  const root: CompletedCommand = {
    path: [],
    summary: '',
    subcommands: commands.map(({ name, summary }) => ({ name, summary })),
    options: optionsOf([GLOBAL_OPTIONS], words),
    args: [],
  };
  return [root, ...commands.flatMap((command) => flatten(command, [], [GLOBAL_OPTIONS], words))];
}

function flatten(
  command: Command,
  above: string[],
  outer: OptionDefinitions[],
  words: Words,
): CompletedCommand[] {
  const path = [...above, command.name];
  const scopes = [command.options ?? {}, ...outer];
  const own: CompletedCommand = {
    path,
    summary: command.summary,
    subcommands: (command.subcommands ?? []).map(({ name, summary }) => ({ name, summary })),
    options: optionsOf(scopes, words),
    args: (command.args ?? []).map((arg) => completedArgument(arg, command, words)),
  };
  return [own, ...(command.subcommands ?? []).flatMap((child) => flatten(child, path, scopes, words))];
}

function completedArgument(
  { name, doc, rest, complete }: ArgumentDefinition,
  command: Command,
  words: Words,
) {
  return { name, doc, offer: offerOf(complete, words), rest: rest === true || command.passThrough === true };
}

/** Options of all scopes, the innermost first; a spelling that is taken already is left out. */
function optionsOf(scopes: readonly OptionDefinitions[], words: Words): CompletedOption[] {
  const taken = new Set<string>();
  return scopes.flatMap((scope) =>
    Object.entries(scope).flatMap(([key, definition]) => {
      const names = spellings(key, definition).filter((name) => !taken.has(name));
      for (const name of names) taken.add(name);
      return names.length > 0 ? [completedOption(names, definition, words)] : [];
    }),
  );
}

function spellings(key: string, { short, also = [] }: OptionDefinition): string[] {
  const names = [...(short ? [short] : []), ...also, key];
  return names
    .map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
    .sort((a, b) => a.length - b.length);
}

function completedOption(names: string[], definition: OptionDefinition, words: Words): CompletedOption {
  const { doc, value, choices, complete, optionalValue, repeat } = definition;
  if (value === undefined) return { names, doc };
  const offer = offerOf(complete ?? choices, words);
  const onlyAfterEquals = optionalValue === true;
  return { names, doc, value: { name: value, offer, onlyAfterEquals, repeat: repeat === true } };
}

function offerOf(complete: Completion | undefined, words: Words): Offer {
  if (complete === undefined) return 'nothing';
  if (complete === 'file' || complete === 'directory') return complete;
  return typeof complete === 'string' ? words[complete] : complete;
}
