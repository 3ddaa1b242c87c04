import type { ArgumentDefinition, Command, OptionDefinition, OptionDefinitions } from './command.js';
import { GLOBAL_OPTIONS } from './parse.js';

const INTRO = `llmspell: a scriptable runtime for language models.

Usage: llmspell COMMAND [options]
`;

/** The help text of the program, or of the command that `path` ends with. */
export function helpText(path: readonly Command[], commands: readonly Command[]): string {
  const command = path.at(-1);
  if (!command)
    return `${INTRO}\nCommands:\n${commandTable(commands)}\nOptions:\n${optionTable(GLOBAL_OPTIONS)}`;
  return [
    `${command.summary}\n`,
    `Usage: ${usage(path)}\n`,
    command.description ? `${command.description}\n` : '',
    section('Commands', command.subcommands ? commandTable(command.subcommands) : ''),
    section('Arguments', columns((command.args ?? []).map((arg) => [arg.name, arg.doc]))),
    section('Options', optionTable(Object.assign({}, ...path.map((each) => each.options ?? {})))),
    section('Global options', optionTable(globalOptions(path))),
    section('Examples', (command.examples ?? []).map((example) => `  ${example}\n`).join('')),
  ]
    .filter(Boolean)
    .join('\n');
}

/** The global options that no command on the way has taken over. */
function globalOptions(path: readonly Command[]): OptionDefinitions {
  const taken = new Set(path.flatMap((command) => Object.keys(command.options ?? {})));
  return Object.fromEntries(Object.entries(GLOBAL_OPTIONS).filter(([name]) => !taken.has(name)));
}

function section(title: string, body: string): string {
  return body ? `${title}:\n${body}` : '';
}

function commandTable(commands: readonly Command[]): string {
  return columns(commands.map((command) => [command.name, command.summary]));
}

function optionTable(options: OptionDefinitions): string {
  return columns(
    Object.entries(options).map(([name, option]) => [optionForm(name, option), optionDoc(option)]),
  );
}

/** How a command is written: `llmspell tool info NAME [options]`. */
export function usage(path: readonly Command[]): string {
  const summary = argumentSummary(path.at(-1)!);
  return `llmspell ${path.map((each) => each.name).join(' ')}${summary} [options]`;
}

/** `-c, --config FILE`; options without a letter are indented as if they had one. */
export function optionForm(name: string, { short, value, optionalValue }: OptionDefinition): string {
  const argument = optionalValue ? `[=${value}]` : value ? ` ${value}` : '';
  return `${short ? `-${short}, ` : '    '}--${name}${argument}`;
}

/** What an option does, with its other spellings. */
export function optionDoc({ doc, also = [] }: OptionDefinition): string {
  const spellings = also.map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  return spellings.length > 0 ? `${doc} (also ${spellings.join(', ')})` : doc;
}

function argumentSummary(command: Command): string {
  const show = ({ name, optional, rest }: ArgumentDefinition) => {
    const shown = `${name}${rest ? '…' : ''}`;
    return optional ? ` [${shown}]` : ` ${shown}`;
  };
  const sub = command.subcommands && !command.run ? ' COMMAND' : '';
  return sub + (command.args ?? []).map(show).join('') + (command.passThrough ? ' [ARGUMENTS…]' : '');
}

/** Two aligned columns; a long left column puts the right one on the next line. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length)));
  const line = ([left, right]: readonly [string, string]) =>
    left.length > width
      ? `  ${left}\n  ${' '.repeat(width)}  ${right}\n`
      : `  ${left.padEnd(width)}  ${right}\n`;
  return rows.map(line).join('');
}
