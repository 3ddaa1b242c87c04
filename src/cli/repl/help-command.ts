import { closest } from '../../core/closest.js';
import { fail } from '../../core/errors.js';
import { type Catalogue, type CatalogueEntry, loadCatalogue, lookUp } from '../catalogue.js';
import { type DotCommand, findCommand, type ReplControl } from './dot-command.js';

const INTRO = `Enter code; the value of an expression is shown. Unfinished code goes on in the next line, an empty
line executes it as it is. Tab completes, Ctrl-C drops the line or interrupts the script.
`;

/** The command `.help` over these commands. */
export function helpCommand(others: readonly DotCommand[]): DotCommand {
  const help: DotCommand = {
    name: 'help',
    aliases: ['h', '?'],
    argument: '[.COMMAND|NAME]',
    doc: 'Show the commands, one command, or what a name such as Tool.execute is',
    complete: 'code',
    run: (repl, argument) => {
      if (argument === '') return listCommands(repl, [...others, help]);
      if (argument.startsWith('.')) return describeCommand(repl, [...others, help], argument);
      return describeName(repl, argument);
    },
  };
  return help;
}

function listCommands(repl: ReplControl, commands: readonly DotCommand[]): void {
  repl.print(INTRO);
  const width = Math.max(...commands.map((command) => usage(command).length));
  for (const command of commands) repl.print(`${usage(command).padEnd(width)}  ${command.doc}`);
}

function usage({ name, argument }: DotCommand): string {
  return `.${name}${argument ? ` ${argument}` : ''}`;
}

function describeCommand(repl: ReplControl, commands: readonly DotCommand[], name: string): void {
  const command = findCommand(commands, name.slice(1));
  if (!command) throw unknownCommand(commands, name.slice(1));
  repl.print(usage(command));
  repl.print(`  ${command.doc}`);
  if (command.aliases) repl.print(`  Also: ${command.aliases.map((alias) => `.${alias}`).join(' ')}`);
}

/** The error for a dot command that does not exist. */
export function unknownCommand(commands: readonly DotCommand[], name: string): Error {
  const near = closest(
    name,
    commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  return fail('usage.invalid', `There is no command .${name}`, {
    hint: near ? `Did you mean .${near}?` : 'See: .help',
  });
}

async function describeName(repl: ReplControl, name: string): Promise<void> {
  const catalogue = await loadCatalogue();
  const entry = lookUp(catalogue, name);
  if (!entry) throw unknownName(catalogue, name);
  const { language } = repl.language;
  repl.print(entry[language]);
  repl.print(indented(entry.doc));
  if (entry.spellings?.length) repl.print(indented(`Also: ${entry.spellings.join(', ')}`));
  if (entry.example) repl.print(`\n${indented(entry.example[language])}`);
  for (const member of membersOf(catalogue, name)) repl.print(`  ${member[language]}`);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function membersOf(catalogue: Catalogue, name: string): CatalogueEntry[] {
  return Object.entries(catalogue)
    .filter(([key]) => key.startsWith(`${name}.`) || key.startsWith(`${name}:`))
    .map(([, entry]) => entry);
}

function unknownName(catalogue: Catalogue, name: string): Error {
  const names = Object.keys(catalogue);
  const near = names.find((known) => known.startsWith(name)) ?? closest(name, names);
  return fail('usage.invalid', `Nothing is known about '${name}'`, {
    hint: near ? `Did you mean ${near}?` : 'Names look like Tool, Tool.execute or agent:execute.',
  });
}
